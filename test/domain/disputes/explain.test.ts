/** What a dispute says of itself, in words and in data. */

import { describe, expect, it } from '@jest/globals';
import { DISPUTE_PHASES } from '../../../domain/disputes/dispute.ts';
import { explainDispute } from '../../../domain/disputes/explain.ts';
import { afterBankOpened } from '../../../domain/disputes/progress.ts';
import {
  after,
  appeal,
  buyer,
  day,
  inDecided,
  inMediation,
  inPhase,
  offer,
  opened,
  policy,
  seller,
  verdict,
} from './support.ts';

const movesOf = (explained: ReturnType<typeof explainDispute>): string[] =>
  explained.canChange.map(({ by, move }) => `${by} ${move}`);

describe('the explanation of a dispute', () => {
  it('says in every phase what comes next, when, and who can change it', () => {
    for (const phase of DISPUTE_PHASES) {
      const dispute = inPhase[phase]();
      const { next, canChange } = explainDispute(dispute);
      expect(next.at).toBe(dispute.deadlineAt);
      expect(next.kind === 'none').toBe(dispute.deadlineAt === null);
      expect(next.text).toMatch(/^[A-Z].*\.$/);
      const isOver = phase === 'final' || phase === 'resolved' || phase === 'withdrawn';
      expect(canChange.length === 0).toBe(isOver);
    }
    expect(new Set(DISPUTE_PHASES.map((phase) => explainDispute(inPhase[phase]()).next.text)).size).toBe(
      DISPUTE_PHASES.length,
    );
  });

  it('names the default of the channel before it comes', () => {
    expect(explainDispute(inMediation()).next).toMatchObject({ kind: 'decide_refund', at: day(7) });
    const dismissing = inMediation({ policy: { ...policy, onMediationSilence: 'dismissal' } });
    expect(explainDispute(dismissing).next).toMatchObject({
      kind: 'decide_dismissal',
      text: expect.stringContaining('the dispute is dismissed'),
    });
    expect(explainDispute(opened()).next.text).toContain('a reviewer decides');
    const strict = opened({ policy: { ...policy, onSellerSilence: 'buyer' } });
    expect(explainDispute(strict).next.text).toContain('goes back to the buyer');
  });

  it('names moves that the rules would accept now', () => {
    expect(movesOf(explainDispute(opened()))).toEqual([
      'seller respond',
      'buyer offer',
      'seller offer',
      'buyer withdraw',
    ]);
    expect(movesOf(explainDispute(after(opened(), [offer(buyer, 'ofr_1')])))).toEqual([
      'seller respond',
      'buyer offer',
      'seller offer',
      'seller accept-offer',
      'seller decline-offer',
      'buyer withdraw-offer',
      'buyer withdraw',
    ]);
    expect(movesOf(explainDispute(inDecided()))).toEqual(['buyer appeal', 'seller appeal']);
    expect(movesOf(explainDispute(inPhase.review()))).toEqual(['buyer appeal', 'admin review-verdict']);
    const both = after(inDecided(), [appeal(seller), appeal(buyer)], day(2));
    expect(movesOf(explainDispute(both))).toEqual(['admin review-verdict']);
    expect(movesOf(explainDispute(inPhase.awaiting_replacement()))).toEqual(['seller ship-replacement']);
  });

  it('leaves everything to the bank while it decides', () => {
    const { next, canChange } = explainDispute(afterBankOpened(inMediation(), day(1)));
    expect(next).toMatchObject({ kind: 'none', at: null, text: expect.stringContaining('bank') });
    expect(canChange).toEqual([]);
  });

  it('says how it ended', () => {
    expect(explainDispute(inPhase.resolved()).next.text).toBe(
      'The dispute is resolved by verdict: the contested part goes back to the buyer.',
    );
    const returning = after(inMediation(), [verdict({ outcome: 'refund', returnGoods: true })], day(1));
    expect(explainDispute(returning).next.text).toContain('the buyer sends the goods back and is refunded');
  });
});
