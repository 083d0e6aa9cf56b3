/** The course of a dispute: by agreement, verdict, review, silence or the bank, and races that the rule decides. */

import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { DisputeCommand } from '../../../domain/disputes/commands.ts';
import { type Settlement, settlementOf } from '../../../domain/disputes/dispute.ts';
import { afterBankClosed, afterBankOpened, afterCommand, afterDeadline } from '../../../domain/disputes/progress.ts';
import { refusal } from '../support.ts';
import {
  admin,
  after,
  answer,
  appeal,
  buyer,
  day,
  inDecided,
  inMediation,
  inPhase,
  inReview,
  offer,
  opened,
  policy,
  race,
  respond,
  review,
  seller,
  untilTheEnd,
  verdict,
  verifier,
} from './support.ts';

const RUNS = { numRuns: 1_000 };
const split = (buyerMinor: number): Settlement => ({ kind: 'split', buyerMinor });
const goesOn: Settlement = { kind: 'hold_goes_on' };

describe('a dispute', () => {
  it('that nobody touches goes through every deadline to the default, money last', () => {
    const { phases, end } = untilTheEnd(opened());
    expect(phases).toEqual(['seller_response', 'mediation', 'decided', 'final', 'resolved']);
    expect(end.resolution).toEqual({ decision: { outcome: 'refund' }, by: 'default' });
    expect(settlementOf(end)).toEqual(split(10_000));
  });

  it('is for the buyer at once where the channel says so of a silent seller', () => {
    const { phases } = untilTheEnd(opened({ policy: { ...policy, onSellerSilence: 'buyer' } }));
    expect(phases).toEqual(['seller_response', 'decided', 'final', 'resolved']);
  });

  it('without appeals is final with the verdict', () => {
    const dispute = inMediation({ policy: { ...policy, appeal: false } });
    const { phases, end } = untilTheEnd(after(dispute, [verdict({ outcome: 'split', buyerMinor: 2_500 })], day(2)));
    expect(phases).toEqual(['final', 'resolved']);
    expect(end.resolution?.by).toBe('verdict');
    expect(settlementOf(end)).toEqual(split(2_500));
  });

  it('is overturned by a review, or confirmed by silence', () => {
    const overturned = untilTheEnd(after(inReview(), [review({ outcome: 'release' })], day(3)));
    expect(overturned.phases).toEqual(['final', 'resolved']);
    expect(overturned.end.resolution).toEqual({ decision: { outcome: 'release' }, by: 'review' });
    expect(settlementOf(overturned.end)).toEqual(split(0));
    const confirmed = untilTheEnd(inReview());
    expect(confirmed.end.resolution).toEqual({ decision: { outcome: 'refund' }, by: 'verdict' });
  });

  it('is free for another reviewer once it goes into review, and both parties can appeal into one review', () => {
    const claimed = after(inMediation(), [{ kind: 'claim', actor: admin }, verdict({ outcome: 'refund' })], day(1));
    const appealed = after(claimed, [appeal(seller), appeal(buyer)], day(2));
    expect(appealed).toMatchObject({
      phase: 'review',
      claimedBy: null,
      appeals: ['seller', 'buyer'],
      deadlineAt: day(7),
    });
  });

  it('can be appealed where the clock decided, and then anyone may review it', () => {
    const byDefault = afterDeadline(inMediation(), day(7));
    expect(byDefault.verdict).toMatchObject({ decision: { outcome: 'refund' }, by: { role: 'system' } });
    const reviewed = after(byDefault, [appeal(seller), review({ outcome: 'dismissal' }, admin)], day(8));
    expect(settlementOf(untilTheEnd(reviewed).end)).toEqual(goesOn);
  });

  it('that is withdrawn or dismissed leaves the money in the hold', () => {
    expect(settlementOf(inPhase.withdrawn())).toEqual(goesOn);
    expect(settlementOf(untilTheEnd(after(inMediation(), [verdict({ outcome: 'dismissal' })], day(1))).end)).toEqual(
      goesOn,
    );
  });

  it.each([
    [0, { outcome: 'release' }],
    [4_000, { outcome: 'split', buyerMinor: 4_000 }],
    [10_000, { outcome: 'refund' }],
  ] as const)('ends by an accepted offer of %d, without an appeal', (buyerMinor, decision) => {
    const agreed = after(opened(), [offer(buyer, 'ofr_1', buyerMinor), answer('acceptOffer', seller, 'ofr_1')]);
    const { phases, end } = untilTheEnd(agreed);
    expect(phases).toEqual(['final', 'resolved']);
    expect(end.resolution).toEqual({ decision, by: 'offer' });
    expect(settlementOf(end)).toEqual(split(buyerMinor));
    expect(refusal(() => afterCommand(agreed, appeal(buyer), day(1)))).toBe('dispute_closed');
  });

  it('with a replacement goes on as a hold once it is shipped, and is refunded where it is not', () => {
    const shipped: DisputeCommand = { kind: 'shipReplacement', actor: seller, carrier: 'dhl', trackingNumber: '1' };
    const waiting = inPhase.awaiting_replacement();
    expect(settlementOf(after(waiting, [shipped], day(9)))).toEqual(goesOn);
    expect(refusal(() => afterCommand(waiting, shipped, day(9, 1)))).toBe('deadline_passed');
    const silent = afterDeadline(waiting, day(9));
    expect(silent.resolution).toEqual({ decision: { outcome: 'refund' }, by: 'default' });
    expect(settlementOf(silent)).toEqual(split(10_000));
  });

  it('with a return refunds what came back, confirmed or not, and pays the seller for what did not', () => {
    const waiting = inPhase.awaiting_return();
    expect(settlementOf(waiting)).toBeNull();
    expect(settlementOf(afterDeadline(waiting, day(9)))).toEqual(split(0));
    const sent = inPhase.return_sent();
    expect(settlementOf(after(sent, [{ kind: 'confirmReturn', actor: seller }], day(5)))).toEqual(split(10_000));
    expect(settlementOf(afterDeadline(sent, day(17)))).toEqual(split(10_000));
  });
});

describe('offers', () => {
  it('are one at a time for each party: the next replaces the one before', () => {
    const dispute = after(opened(), [
      offer(buyer, 'ofr_1'),
      offer(seller, 'ofr_2', 1_000),
      offer(buyer, 'ofr_3', 3_000),
    ]);
    expect(dispute.offers.map(({ offerId, status }) => [offerId, status])).toEqual([
      ['ofr_1', 'replaced'],
      ['ofr_2', 'open'],
      ['ofr_3', 'open'],
    ]);
  });

  it('stay open into mediation, and lapse with the decision', () => {
    const mediated = after(opened(), [offer(buyer, 'ofr_1'), respond]);
    expect(mediated.offers).toMatchObject([{ status: 'open' }]);
    const done = after(mediated, [verdict({ outcome: 'refund' })], day(1));
    expect(done.offers).toMatchObject([{ status: 'lapsed' }]);
    const accepted = after(mediated, [offer(seller, 'ofr_2'), answer('acceptOffer', seller, 'ofr_1')]);
    expect(accepted.offers).toMatchObject([{ status: 'accepted' }, { status: 'lapsed' }]);
  });
});

describe('the bank', () => {
  it('stops every clock; a buyer’s own dispute goes on later by its time where it finds for the seller', () => {
    const stopped = afterBankOpened(inDecided(), day(2));
    expect(afterDeadline(stopped, day(40))).toBe(stopped);
    expect(afterBankOpened(stopped, day(5))).toBe(stopped);
    const resumed = afterBankClosed(stopped, 'won', day(32));
    expect(resumed).toMatchObject({ phase: 'decided', bankSince: null, deadlineAt: day(34), appealUntil: day(34) });
    expect(after(resumed, [appeal(seller)], day(34)).phase).toBe('review');
  });

  it('ends the dispute where it takes the money: no second refund, whatever was being carried out', () => {
    for (const phase of [
      'seller_response',
      'mediation',
      'decided',
      'review',
      'final',
      'awaiting_return',
      'return_sent',
    ] as const) {
      const lost = afterBankClosed(afterBankOpened(inPhase[phase](), day(1)), 'lost', day(30));
      const { end } = untilTheEnd(lost);
      expect(end.phase).toBe('resolved');
      expect(settlementOf(end)).toEqual({ kind: 'charged_back' });
    }
  });

  it('opens a dispute that waits for it, and that is dismissed where it finds for the seller', () => {
    const dispute = opened({ openedBy: 'provider', reason: 'chargeback' });
    expect(afterDeadline(dispute, day(100))).toBe(dispute);
    const { end } = untilTheEnd(afterBankClosed(dispute, 'won', day(60)));
    expect(end.resolution).toEqual({ decision: { outcome: 'dismissal' }, by: 'bank' });
    expect(settlementOf(end)).toEqual(goesOn);
  });

  it('changes nothing about a dispute that has ended, or that it never took up', () => {
    expect(afterBankOpened(inPhase.resolved(), day(9))).toEqual(inPhase.resolved());
    expect(afterBankClosed(opened(), 'lost', day(9))).toEqual(opened());
  });
});

const accept = answer('acceptOffer', seller, 'ofr_1');
const takeBack = answer('withdrawOffer', buyer, 'ofr_1');
const refundIt = verdict({ outcome: 'refund' });
const releaseIt = verdict({ outcome: 'release' }, verifier);
const withdraw: DisputeCommand = { kind: 'withdraw', actor: buyer };

describe('a race', () => {
  it.each<[string, DisputeCommand, DisputeCommand, string, string]>([
    ['acceptance and withdrawal of an offer', accept, takeBack, 'dispute_closed', 'offer_not_open'],
    ['a verdict and an acceptance', refundIt, accept, 'already_decided', 'dispute_closed'],
    ['two verdicts', refundIt, releaseIt, 'already_decided', 'already_decided'],
    ['a verdict and a withdrawal', refundIt, withdraw, 'already_decided', 'dispute_closed'],
    ['acceptance and withdrawal of the dispute', accept, withdraw, 'dispute_closed', 'dispute_closed'],
    ['two claims', { kind: 'claim', actor: admin }, { kind: 'claim', actor: verifier }, 'case_claimed', 'case_claimed'],
  ])('between %s is won by the first to arrive', (_what, first, second, secondLoses, firstLoses) => {
    const dispute = after(inMediation(), [offer(buyer, 'ofr_1')]);
    expect(race(dispute, [first, second], day(1)).codes).toEqual([null, secondLoses]);
    expect(race(dispute, [second, first], day(1)).codes).toEqual([null, firstLoses]);
  });

  it('between any requests that end the talks has one winner, whatever the order', () => {
    const ending = [accept, takeBack, refundIt, releaseIt, withdraw];
    fc.assert(
      fc.property(fc.shuffledSubarray(ending, { minLength: 2 }), (commands) => {
        const dispute = after(inMediation(), [offer(buyer, 'ofr_1')]);
        const { codes, end } = race(dispute, commands, day(1));
        const winners = commands.filter((command, index) => codes[index] === null && command !== takeBack);
        const others = commands.filter((command) => command !== takeBack && command !== accept);
        expect(winners.length).toBe(commands[0] === takeBack && others.length === 0 ? 0 : 1);
        const decision = end.resolution?.decision ?? end.verdict?.decision;
        const expected = { acceptOffer: { outcome: 'split', buyerMinor: 4_000 }, withdraw: undefined };
        const [winner] = winners;
        if (winner?.kind === 'verdict') expect(decision).toEqual(winner.decision);
        if (winner?.kind === 'acceptOffer' || winner?.kind === 'withdraw')
          expect(decision).toEqual(expected[winner.kind]);
      }),
      RUNS,
    );
  });

  it('between a request and a deadline is won by the instant, on either side of it', () => {
    fc.assert(
      fc.property(fc.integer({ min: -3, max: 3 }), fc.constantFrom(accept, refundIt, withdraw), (offsetMs, command) => {
        const dispute = after(inMediation(), [offer(buyer, 'ofr_1')]);
        const { codes, end } = race(dispute, [command], day(7, offsetMs));
        expect(codes).toEqual([offsetMs <= 0 ? null : 'deadline_passed']);
        const settled = afterDeadline(end.phase === 'mediation' ? end : dispute, day(7, 5));
        if (offsetMs > 0) expect(settled.verdict?.by.role).toBe('system');
      }),
      RUNS,
    );
  });
});
