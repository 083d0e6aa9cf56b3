/** Two things at once, in a thousand interleavings each: one outcome, and the other is refused with 409. */

import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { ERROR_TABLE } from '../../../api/errors.ts';
import { type DisputeCommand, disputeRefusal } from '../../../domain/disputes/commands.ts';
import type { DisputeCase } from '../../../domain/disputes/dispute.ts';
import { type OpeningFacts, openingRefusal } from '../../../domain/disputes/opening.ts';
import { afterCommand } from '../../../domain/disputes/progress.ts';
import type { EscrowStatus } from '../../../domain/escrow.ts';
import { type EscrowCommand, type EscrowStanding, type Refusal, refusalOf } from '../../../domain/escrow-commands.ts';
import {
  admin,
  after,
  answer,
  buyer,
  day,
  offer,
  opened,
  policy,
  respond,
  seller,
  verdict,
  verifier,
} from './support.ts';

const RUNS = { numRuns: 1_000 };

/** How two requests may meet: who comes first, when each is accepted, and whether both were looked at before either acted. */
type Meeting = { swapped: boolean; firstMs: number; apartMs: number; bothLookedAt: boolean };
const meeting = fc.record({
  swapped: fc.boolean(),
  firstMs: fc.integer({ min: 0, max: 60_000 }),
  apartMs: fc.integer({ min: 0, max: 5 }),
  bothLookedAt: fc.boolean(),
});

const OTHER_ADMIN = { ...admin, id: 'usr_00000000000000000000000009' };

/** As a workflow does it: looked at on arrival, looked at again in turn, carried out one after the other. */
function meet<State, Request>(
  state: State,
  requests: readonly [Request, Request],
  { swapped, firstMs, apartMs, bothLookedAt }: Meeting,
  rules: {
    refusal(request: Request, state: State, at: string): Refusal | null;
    carryOut(state: State, request: Request, at: string): State;
  },
): { done: Request[]; refused: Refusal[]; state: State } {
  const inTurn = swapped ? [requests[1], requests[0]] : [...requests];
  const met = { done: [] as Request[], refused: [] as Refusal[], state };
  for (const [index, request] of inTurn.entries()) {
    const at = day(1, firstMs + index * apartMs);
    const early = rules.refusal(request, bothLookedAt ? state : met.state, at);
    const refusal = early ?? rules.refusal(request, met.state, at);
    if (refusal) met.refused.push(refusal);
    else {
      met.state = rules.carryOut(met.state, request, at);
      met.done.push(request);
    }
  }
  return met;
}

/** One of them is done, the other is refused with 409, whatever the interleaving. */
function expectOneOutcome({ done, refused }: { done: readonly unknown[]; refused: readonly Refusal[] }): void {
  expect(done).toHaveLength(1);
  expect(refused.map(({ code }) => ERROR_TABLE[code].status)).toEqual([409]);
}

const DISPUTE = {
  refusal: (command: DisputeCommand, dispute: DisputeCase, at: string) => disputeRefusal(command, dispute, at),
  carryOut: (dispute: DisputeCase, command: DisputeCommand, at: string) => afterCommand(dispute, command, at),
};

const offered = after(opened(), [respond, offer(seller, 'off_1')]);

const PAIRS: readonly { title: string; pair: readonly [DisputeCommand, DisputeCommand] }[] = [
  {
    title: 'an offer is accepted and withdrawn',
    pair: [answer('acceptOffer', buyer, 'off_1'), answer('withdrawOffer', seller, 'off_1')],
  },
  {
    title: 'a verdict is given and an offer accepted',
    pair: [verdict({ outcome: 'refund' }), answer('acceptOffer', buyer, 'off_1')],
  },
  {
    title: 'two admins decide',
    pair: [verdict({ outcome: 'refund' }), verdict({ outcome: 'release' }, OTHER_ADMIN)],
  },
  {
    title: 'two reviewers claim a case',
    pair: [
      { kind: 'claim', actor: admin },
      { kind: 'claim', actor: verifier },
    ],
  },
];

describe('a race', () => {
  it.each(PAIRS)('has one outcome where $title', ({ pair }) => {
    fc.assert(
      fc.property(meeting, (how) => expectOneOutcome(meet(offered, pair, how, DISPUTE))),
      RUNS,
    );
  });

  it('has one outcome where an order is cancelled and shipped', () => {
    const held: EscrowStanding = {
      status: 'held',
      fulfilment: 'physical',
      paused: false,
      deadlineAt: day(5),
      buyerId: buyer.id,
      sellerId: seller.id,
    };
    const pair: readonly [EscrowCommand, EscrowCommand] = [
      { kind: 'cancel', actor: { role: 'buyer', id: buyer.id }, reason: 'changed my mind' },
      { kind: 'ship', actor: { role: 'seller', id: seller.id }, carrier: 'DHL', trackingNumber: 'JD1' },
    ];
    const rules = {
      refusal: (command: EscrowCommand, standing: EscrowStanding) => refusalOf(command, standing),
      carryOut: (standing: EscrowStanding, { kind }: EscrowCommand): EscrowStanding => ({
        ...standing,
        status: kind === 'ship' ? 'shipped' : 'refunding',
      }),
    };
    fc.assert(
      fc.property(meeting, (how) => expectOneOutcome(meet(held, pair, how, rules))),
      RUNS,
    );
  });

  it('between a dispute and the auto-release is won by whatever was accepted at or before the deadline', () => {
    const around = fc.integer({ min: -50, max: 50 });
    const lateness = fc.integer({ min: 0, max: 50 });
    fc.assert(
      fc.property(around, lateness, (askedMs, lateMs) => {
        // The timer fires at the deadline or later; a request that has come by then is heard before it.
        const hasReleased = askedMs > lateMs;
        const status: EscrowStatus = hasReleased ? 'released' : 'delivered';
        const refusal = openingRefusal(
          { actor: { role: 'buyer', id: buyer.id }, reason: 'damaged', lines: [] },
          { ...DELIVERED, status },
          day(7, askedMs),
        );
        expect(refusal === null).toBe(askedMs <= 0);
        if (refusal) expect(ERROR_TABLE[refusal.code].status).toBe(409);
      }),
      RUNS,
    );
  });
});

const DELIVERED: OpeningFacts = {
  status: 'delivered',
  fulfilment: 'physical',
  paused: false,
  releaseAt: day(7),
  buyerId: buyer.id,
  policy,
  lines: [{ itemId: 'itm_1', quantity: 1, disputedQuantity: 0, settledQuantity: 0 }],
};
