/** Why money is held, in words and in data: for every status, and never promising what would be refused. */

import { describe, expect, it } from '@jest/globals';
import { ESCROW_STATUSES, type EscrowStatus, isTerminalEscrowStatus, nextActionOf } from '../../domain/escrow.ts';
import { type EscrowCommand, type EscrowCommandKind, refusalOf } from '../../domain/escrow-commands.ts';
import { type EscrowFacts, explainEscrow, explainOrder } from '../../domain/explain.ts';
import { FULFILMENTS, isTerminalOrderStatus, ORDER_STATUSES } from '../../domain/order.ts';

const AT = '2026-03-01T12:00:00.000Z';
const LATER = '2026-03-02T12:00:00.000Z';

/** An escrow as it stands in this status, with the deadline its phase has. */
function facts(status: EscrowStatus, fulfilment: EscrowFacts['fulfilment'], paused: boolean): EscrowFacts {
  const shipBy = fulfilment === 'physical' ? AT : null;
  const clocks = { status, shipBy, deliveredBy: AT, releaseAt: AT, pausedAt: paused ? AT : null };
  return { status, fulfilment, paused, nextAction: nextActionOf(clocks) };
}

/** Without a deadline there is nothing to pause: digital goods have none before they are delivered. */
const PAUSABLE_DIGITAL = ESCROW_STATUSES.filter((status) => !['held', 'processing', 'shipped'].includes(status));

const ALL = [
  ...ESCROW_STATUSES.flatMap((status) => FULFILMENTS.map((fulfilment) => facts(status, fulfilment, false))),
  ...ESCROW_STATUSES.map((status) => facts(status, 'physical', true)),
  ...PAUSABLE_DIGITAL.map((status) => facts(status, 'digital', true)),
];

const COMMANDS: Record<string, EscrowCommandKind> = { 'confirm-delivery': 'confirm' };

describe('an escrow explained', () => {
  it.each(ALL)('has words for $status, $fulfilment, paused $paused', (escrow) => {
    const { next, canChange } = explainEscrow(escrow);
    expect(next.text.length).toBeGreaterThan(10);
    expect(next).toMatchObject(escrow.nextAction);
    expect(JSON.parse(JSON.stringify({ next, canChange }))).toEqual({ next, canChange });
  });

  it.each(ALL)('offers only what would be accepted for $status, $fulfilment, paused $paused', (escrow) => {
    const { status, fulfilment, paused } = escrow;
    const open = facts(status, fulfilment, false).nextAction;
    const standing = { status, fulfilment, paused, deadlineAt: open.at, buyerId: 'buyer', sellerId: 'seller' };
    for (const { by, move } of explainEscrow(escrow).canChange) {
      const contents = { carrier: 'DHL', trackingNumber: '1', reason: 'why not', until: LATER };
      const asked = { kind: COMMANDS[move] ?? move, actor: { role: by, id: by }, ...contents } as EscrowCommand;
      expect([by, move, refusalOf(asked, standing)]).toEqual([by, move, null]);
    }
  });

  it('says when something happens by itself, and that nothing does while it is paused', () => {
    expect(explainEscrow(facts('held', 'physical', false)).next).toMatchObject({ kind: 'cancel_and_refund', at: AT });
    expect(explainEscrow(facts('shipped', 'physical', false)).next).toMatchObject({ kind: 'mark_delivered', at: AT });
    expect(explainEscrow(facts('delivered', 'digital', false)).next).toMatchObject({ kind: 'release', at: AT });
    expect(explainEscrow(facts('delivered', 'digital', true)).next).toMatchObject({ kind: 'none', at: null });
  });

  it('says what of the hold is contested, and what becomes of the rest', () => {
    const shipped = facts('shipped', 'physical', false);
    const part = explainEscrow({ ...shipped, contested: { frozenMinor: 405, restMinor: 9_595, currency: 'USD' } });
    expect(part.next).toMatchObject(shipped.nextAction);
    expect(part.next.text).toBe(
      `4.05 USD is contested and stays held until that is decided. The other 95.95 USD: ${explainEscrow(shipped).next.text}`,
    );
    expect(part.canChange).toEqual(explainEscrow(shipped).canChange);
    for (const status of ['delivered', 'released', 'refunded'] as const) {
      const all = { frozenMinor: 7, restMinor: 0, currency: 'JPY' } as const;
      const { next, canChange } = explainEscrow({ ...facts(status, 'physical', false), contested: all });
      expect(next).toMatchObject({ kind: 'none', at: null });
      expect(next.text).toMatch(/(^| )7 JPY is contested/);
      expect(canChange).toEqual([]);
    }
  });

  it('does nothing by itself while all that is left is contested', () => {
    const clocks = { status: 'delivered', shipBy: null, deliveredBy: null, releaseAt: AT, pausedAt: null } as const;
    expect(nextActionOf({ ...clocks, frozenSince: AT })).toEqual({ kind: 'none', at: null });
    expect(nextActionOf({ ...clocks, frozenSince: null })).toEqual({ kind: 'release', at: AT });
  });

  it('of an end says how it ended, whatever went before', () => {
    for (const status of ESCROW_STATUSES.filter(isTerminalEscrowStatus)) {
      const [running, paused] = [false, true].map((each) => explainEscrow(facts(status, 'physical', each)));
      expect(paused).toEqual(running);
      expect(running?.canChange).toEqual([]);
    }
  });
});

describe('an order explained', () => {
  it.each([...ORDER_STATUSES, 'rejected'] as const)('has words for %s', (status) => {
    const explained = explainOrder(status, AT);
    expect(explained.next.text.length).toBeGreaterThan(10);
    expect(JSON.parse(JSON.stringify(explained))).toEqual(explained);
    if (status === 'rejected' || isTerminalOrderStatus(status)) expect(explained.canChange).toEqual([]);
  });

  it('waits for its payment, until when, and who can change that', () => {
    expect(explainOrder('pending_payment', AT)).toMatchObject({
      next: { kind: 'expire', at: AT },
      canChange: [
        { by: 'buyer', move: 'pay' },
        { by: 'buyer', move: 'retry-payment' },
        { by: 'buyer', move: 'cancel' },
      ],
    });
  });
});
