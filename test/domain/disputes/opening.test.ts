/** Opening a dispute: who, about what, and until when. */

import { describe, expect, it } from '@jest/globals';
import { DISPUTE_REASONS } from '../../../domain/disputes/dispute.ts';
import {
  type DisputableLine,
  type OpeningFacts,
  type OpeningRequest,
  openingRefusal,
  requestedUnits,
} from '../../../domain/disputes/opening.ts';
import { ESCROW_STATUSES, ESCROW_TRANSITIONS } from '../../../domain/escrow.ts';
import { PRESETS } from '../../../domain/policy/presets.ts';
import { buyerId, sellerId } from '../postings/support.ts';
import { day, policy } from './support.ts';

const whole: DisputableLine = { itemId: 'itm_a', quantity: 3, disputedQuantity: 0, settledQuantity: 0 };
const facts: OpeningFacts = {
  status: 'delivered',
  fulfilment: 'physical',
  paused: false,
  releaseAt: day(7),
  buyerId,
  policy,
  lines: [whole, { ...whole, itemId: 'itm_b', quantity: 1 }],
};
const request: OpeningRequest = {
  actor: { role: 'buyer', id: buyerId },
  reason: 'damaged',
  lines: [{ itemId: 'itm_a', quantity: 1 }],
};
const codeOf = (asked: Partial<OpeningRequest> = {}, given: Partial<OpeningFacts> = {}, at = day(1)): string | null =>
  openingRefusal({ ...request, ...asked }, { ...facts, ...given }, at)?.code ?? null;

describe('opening a dispute', () => {
  it('is the buyer’s right until the release: at the instant itself the dispute wins, after it the release', () => {
    expect(codeOf({}, {}, day(7, -1))).toBeNull();
    expect(codeOf({}, {}, day(7))).toBeNull();
    expect(codeOf({}, {}, day(7, 1))).toBe('hold_already_releasing');
    expect(codeOf({}, { paused: true }, day(8))).toBeNull();
  });

  it.each([
    ['a stranger', { actor: { role: 'buyer', id: 'usr_x' } }, {}, 'forbidden'],
    ['the seller', { actor: { role: 'seller', id: sellerId } }, {}, 'forbidden'],
    ['an admin', { actor: { role: 'admin', id: buyerId } }, {}, 'forbidden'],
    ['the buyer for the bank', { reason: 'chargeback' }, {}, 'forbidden'],
    ['the buyer where there are none', {}, { policy: PRESETS.pilimarket.policy.dispute }, 'disputes_not_offered'],
    ['the buyer about a line of another order', { lines: [{ itemId: 'itm_x', quantity: 1 }] }, {}, 'line_not_in_order'],
    ['the buyer about no units', { lines: [{ itemId: 'itm_a', quantity: 0 }] }, {}, 'quantity_out_of_range'],
    ['the buyer about half a unit', { lines: [{ itemId: 'itm_a', quantity: 0.5 }] }, {}, 'quantity_out_of_range'],
    ['the buyer about too many', { lines: [{ itemId: 'itm_a', quantity: 4 }] }, {}, 'quantity_out_of_range'],
    [
      'the buyer about a line named twice',
      { lines: [...request.lines, ...request.lines] },
      {},
      'quantity_out_of_range',
    ],
    [
      'the buyer about a line in a dispute',
      {},
      { lines: [{ ...whole, disputedQuantity: 3 }] },
      'line_already_disputed',
    ],
    ['the buyer about a released line', {}, { lines: [{ ...whole, settledQuantity: 3 }] }, 'line_released'],
    [
      'the buyer about everything when all is disputed',
      { lines: [] },
      { lines: [{ ...whole, disputedQuantity: 3 }] },
      'line_already_disputed',
    ],
    [
      'the buyer about everything when all is released',
      { lines: [] },
      { lines: [{ ...whole, settledQuantity: 3 }] },
      'line_released',
    ],
  ] satisfies [string, Partial<OpeningRequest>, Partial<OpeningFacts>, string][])(
    'by %s is refused',
    (_who, asked, given, code) => {
      expect(codeOf(asked, given)).toBe(code);
    },
  );

  it('on a released line says so even after the window, and on the rest that the window is over', () => {
    const lines = [{ ...whole, disputedQuantity: 1, settledQuantity: 2 }];
    const late = { status: 'disputed', lines } as const;
    expect(codeOf({ lines: [{ itemId: 'itm_a', quantity: 1 }] }, late, day(8))).toBe('line_already_disputed');
    const settled = { ...late, lines: [{ ...whole, settledQuantity: 3 }] };
    expect(codeOf({ lines: [{ itemId: 'itm_a', quantity: 1 }] }, settled, day(8))).toBe('line_released');
  });

  it('about two lines, or two units of one line, can happen one after another', () => {
    const lines = [{ ...whole, disputedQuantity: 1 }, whole];
    expect(codeOf({ lines: [{ itemId: 'itm_a', quantity: 2 }] }, { status: 'disputed', lines })).toBeNull();
    expect(codeOf({ lines: [{ itemId: 'itm_a', quantity: 3 }] }, { status: 'disputed', lines })).toBe(
      'line_already_disputed',
    );
  });

  it('without lines is about every unit that can still be disputed', () => {
    const lines = [
      { ...whole, disputedQuantity: 1 },
      { ...whole, itemId: 'itm_b', settledQuantity: 3 },
    ];
    expect(requestedUnits({ lines: [] }, lines)).toEqual([{ itemId: 'itm_a', quantity: 2 }]);
    expect(requestedUnits({ lines: request.lines }, lines)).toEqual(request.lines);
  });

  it('before shipping is about goods that do not come, and about nothing else', () => {
    for (const status of ['held', 'processing'] as const) {
      const allowed = DISPUTE_REASONS.filter((reason) => codeOf({ reason }, { status, releaseAt: null }) === null);
      expect(allowed).toEqual(['not_received']);
    }
    expect(codeOf({ reason: 'counterfeit' }, { status: 'held', releaseAt: null })).toBe('not_delivered_yet');
  });

  it('is possible only where the escrow can become disputed, and where it cannot says why', () => {
    const codes = ESCROW_STATUSES.map((status) => [status, codeOf({ reason: 'not_received' }, { status })]);
    expect(Object.fromEntries(codes)).toEqual({
      held: null,
      processing: null,
      shipped: null,
      delivered: null,
      releasing: 'hold_already_releasing',
      released: 'dispute_window_closed',
      disputed: null,
      refunding: 'dispute_window_closed',
      refunded: 'dispute_window_closed',
      split: 'dispute_window_closed',
    });
    for (const status of ESCROW_STATUSES) {
      const canBecome = status === 'disputed' || ESCROW_TRANSITIONS[status].includes('disputed');
      expect(codeOf({ reason: 'not_received' }, { status }) === null).toBe(canBecome);
    }
  });
});
