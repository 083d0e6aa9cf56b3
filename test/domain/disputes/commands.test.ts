/** What people may ask of a dispute: every command in every phase, and every refusal with its code. */

import { describe, expect, it } from '@jest/globals';
import {
  DISPUTE_COMMANDS,
  type DisputeCommand,
  type DisputeCommandKind,
  disputeRefusal,
} from '../../../domain/disputes/commands.ts';
import {
  DISPUTE_PHASES,
  DISPUTE_ROLES,
  type DisputeActor,
  type DisputeCase,
} from '../../../domain/disputes/dispute.ts';
import { afterBankOpened } from '../../../domain/disputes/progress.ts';
import { PRESETS } from '../../../domain/policy/presets.ts';
import { buyerId, sellerId } from '../postings/support.ts';
import {
  admin,
  after,
  answer,
  appeal,
  buyer,
  commandBy,
  day,
  inDecided,
  inMediation,
  inPhase,
  inReview,
  offer,
  opened,
  policy,
  respond,
  review,
  seller,
  stranger,
  verdict,
  verifier,
} from './support.ts';

const people: readonly DisputeActor[] = [buyer, seller, admin, verifier];

const KINDS = Object.keys(DISPUTE_COMMANDS) as DisputeCommandKind[];
const codeOf = (command: DisputeCommand, dispute: DisputeCase, at = day(0)): string | null =>
  disputeRefusal(command, dispute, at)?.code ?? null;

describe('every command in every phase', () => {
  it('is for its roles only, whoever else asks', () => {
    for (const phase of DISPUTE_PHASES) {
      const dispute = inPhase[phase]();
      for (const kind of KINDS) {
        for (const role of DISPUTE_ROLES) {
          const { id } = people.find((each) => each.role === role) ?? stranger;
          const isFor = DISPUTE_COMMANDS[kind].roles.includes(role);
          if (!isFor) {
            const expected = kind === 'claim' || kind === 'verdict' || kind === 'reviewVerdict';
            const code = codeOf(commandBy(kind, { role, id }, dispute), dispute);
            expect(code).toBe(expected && (role === 'buyer' || role === 'seller') ? 'verdict_by_party' : 'forbidden');
          }
          const outsider = codeOf(commandBy(kind, { role: 'buyer', id: stranger.id }, dispute), dispute);
          expect(outsider).toBe('forbidden');
        }
      }
    }
  });

  it.each<[DisputeCommandKind, DisputeActor, Partial<Record<DisputeCase['phase'], string | null>>]>([
    ['respond', seller, { seller_response: null, mediation: 'not_your_turn', decided: 'already_decided' }],
    ['message', buyer, { seller_response: null, mediation: null, decided: null, review: null }],
    ['evidence', buyer, { seller_response: null, mediation: null, decided: null, review: null }],
    [
      'offer',
      seller,
      { seller_response: null, mediation: null, decided: 'already_decided', review: 'already_decided' },
    ],
    [
      'withdraw',
      buyer,
      { seller_response: null, mediation: null, decided: 'already_decided', review: 'already_decided' },
    ],
    ['claim', verifier, { seller_response: null, mediation: null, decided: 'not_your_turn', review: null }],
    [
      'verdict',
      admin,
      { seller_response: 'not_your_turn', mediation: null, decided: 'already_decided', review: 'already_decided' },
    ],
    ['appeal', buyer, { seller_response: 'not_your_turn', mediation: 'not_your_turn', decided: null, review: null }],
    [
      'reviewVerdict',
      verifier,
      { seller_response: 'not_your_turn', mediation: 'not_your_turn', decided: 'not_your_turn', review: null },
    ],
  ])('%s, while the outcome is open, is answered by the phase', (kind, actor, expected) => {
    for (const phase of ['seller_response', 'mediation', 'decided', 'review'] as const) {
      const dispute = inPhase[phase]();
      const code = codeOf(commandBy(kind, actor, dispute), dispute);
      expect([phase, code]).toEqual([phase, phase in expected ? expected[phase] : 'already_decided']);
    }
    for (const phase of [
      'final',
      'awaiting_replacement',
      'awaiting_return',
      'return_sent',
      'resolved',
      'withdrawn',
    ] as const) {
      const dispute = inPhase[phase]();
      const noAppeals = kind === 'appeal' && !dispute.policy.appeal;
      const code = codeOf(commandBy(kind, actor, dispute), dispute);
      expect([phase, code]).toEqual([phase, noAppeals ? 'appeal_not_offered' : 'dispute_closed']);
    }
  });

  it.each<[DisputeCommandKind, DisputeActor, DisputeCase['phase']]>([
    ['shipReplacement', seller, 'awaiting_replacement'],
    ['sendReturn', buyer, 'awaiting_return'],
    ['confirmReturn', seller, 'return_sent'],
  ])('%s belongs to one phase', (kind, actor, only) => {
    for (const phase of DISPUTE_PHASES) {
      const dispute = inPhase[phase]();
      const ended = phase === 'resolved' || phase === 'withdrawn' ? 'dispute_closed' : 'not_your_turn';
      const code = codeOf(commandBy(kind, actor, dispute), dispute);
      expect([phase, code]).toEqual([phase, phase === only ? null : ended]);
    }
  });
});

describe('a deadline', () => {
  it('counts as kept at the instant itself, and not after', () => {
    expect(codeOf(respond, opened(), day(3))).toBeNull();
    expect(codeOf(respond, opened(), day(3, 1))).toBe('deadline_passed');
    expect(codeOf(verdict({ outcome: 'refund' }), inMediation(), day(7))).toBeNull();
    expect(codeOf(verdict({ outcome: 'refund' }), inMediation(), day(7, 1))).toBe('deadline_passed');
    expect(codeOf(appeal(seller), inDecided(), day(4))).toBeNull();
    expect(codeOf(appeal(seller), inDecided(), day(4, 1))).toBe('appeal_window_closed');
  });

  it('seals the evidence of its phase; messages are still read', () => {
    const file: DisputeCommand = { kind: 'evidence', actor: buyer, sha256: 'ab', phase: 'seller_response' };
    expect(codeOf(file, opened(), day(3))).toBeNull();
    expect(codeOf(file, opened(), day(3, 1))).toBe('evidence_sealed');
    expect(codeOf(file, inMediation())).toBe('evidence_sealed');
    expect(codeOf({ kind: 'message', actor: buyer, text: 'Hello?' }, opened(), day(3, 1))).toBeNull();
  });
});

describe('an offer', () => {
  const withOffer = after(opened(), [offer(buyer, 'ofr_1')]);

  it.each([
    [0, 'USD', null],
    [10_000, 'USD', null],
    [10_001, 'USD', 'offer_out_of_range'],
    [-1, 'USD', 'offer_out_of_range'],
    [0.5, 'USD', 'offer_out_of_range'],
    [Number.NaN, 'USD', 'offer_out_of_range'],
    [100, 'EUR', 'currency_not_supported'],
  ])('of %d %s of 100.00 is answered with %s', (buyerMinor, currency, code) => {
    expect(codeOf(offer(seller, 'ofr_1', buyerMinor, currency), opened())).toBe(code);
  });

  it('is something the channel has: its own outcomes, or paying the seller where it dismisses', () => {
    const fliiply = opened({ policy: PRESETS.fliiply.policy.dispute });
    expect(codeOf(offer(seller, 'ofr_1', 4_000), fliiply)).toBe('outcome_not_offered');
    expect(codeOf(offer(seller, 'ofr_1', 0), fliiply)).toBeNull();
    expect(codeOf(offer(seller, 'ofr_1', 10_000), fliiply)).toBeNull();
    const again: DisputeCommand = { kind: 'offer', actor: buyer, offerId: 'ofr_1', terms: { kind: 'replacement' } };
    expect(codeOf(again, fliiply)).toBeNull();
    expect(codeOf(again, opened({ policy: PRESETS['escrow-platform'].policy.dispute }))).toBe('outcome_not_offered');
    expect(codeOf(again, opened({ fulfilment: 'digital' }))).toBe('outcome_not_offered');
  });

  it('is answered by the other side, and taken back by its own', () => {
    expect(codeOf(answer('acceptOffer', seller, 'ofr_1'), withOffer)).toBeNull();
    expect(codeOf(answer('declineOffer', seller, 'ofr_1'), withOffer)).toBeNull();
    expect(codeOf(answer('withdrawOffer', buyer, 'ofr_1'), withOffer)).toBeNull();
    expect(codeOf(answer('acceptOffer', buyer, 'ofr_1'), withOffer)).toBe('not_your_turn');
    expect(codeOf(answer('declineOffer', buyer, 'ofr_1'), withOffer)).toBe('not_your_turn');
    expect(codeOf(answer('withdrawOffer', seller, 'ofr_1'), withOffer)).toBe('forbidden');
    expect(codeOf(answer('acceptOffer', seller, 'ofr_2'), withOffer)).toBe('offer_not_open');
  });

  it('that is declined, taken back or replaced can no longer be accepted', () => {
    for (const ending of [
      answer('declineOffer', seller, 'ofr_1'),
      answer('withdrawOffer', buyer, 'ofr_1'),
      offer(buyer, 'ofr_2'),
    ]) {
      expect(codeOf(answer('acceptOffer', seller, 'ofr_1'), after(withOffer, [ending]))).toBe('offer_not_open');
    }
  });
});

describe('a verdict', () => {
  it('is never given by a party, whatever role they have', () => {
    for (const id of [buyerId, sellerId]) {
      for (const role of ['admin', 'verifier', 'buyer', 'seller'] as const) {
        expect(codeOf(verdict({ outcome: 'refund' }, { role, id }), inMediation())).toBe('verdict_by_party');
        expect(codeOf(review({ outcome: 'refund' }, { role, id }), inReview())).toBe('verdict_by_party');
        expect(codeOf({ kind: 'claim', actor: { role, id } }, inMediation())).toBe('verdict_by_party');
      }
    }
    expect(codeOf({ kind: 'message', actor: { role: 'admin', id: buyerId }, text: '!' }, opened())).toBe(
      'verdict_by_party',
    );
  });

  it.each([
    [{ outcome: 'split', buyerMinor: 10_001 }, 'amount_out_of_range'],
    [{ outcome: 'split', buyerMinor: -1 }, 'amount_out_of_range'],
    [{ outcome: 'split', buyerMinor: 0.5 }, 'amount_out_of_range'],
    [{ outcome: 'split', buyerMinor: 5_000 }, null],
    [{ outcome: 'refund', returnGoods: true }, null],
  ] as const)('of %j is answered with %s', (decision, code) => {
    expect(codeOf(verdict(decision), inMediation())).toBe(code);
  });

  it('is one of the outcomes of the channel, and possible with these goods', () => {
    for (const { policy: channel } of Object.values(PRESETS)) {
      const dispute = inMediation({ policy: channel.dispute });
      for (const outcome of policy.outcomes) {
        const decision = outcome === 'split' ? { outcome, buyerMinor: 1 } : { outcome };
        const expected = channel.dispute.outcomes.includes(outcome) ? null : 'outcome_not_offered';
        expect(codeOf(verdict(decision), dispute)).toBe(expected);
      }
    }
    const digital = inMediation({ fulfilment: 'digital' });
    expect(codeOf(verdict({ outcome: 'replacement' }), digital)).toBe('outcome_not_offered');
    expect(codeOf(verdict({ outcome: 'refund', returnGoods: true }), digital)).toBe('outcome_not_offered');
  });

  it('comes with a note, and an appeal with a reason', () => {
    expect(codeOf({ kind: 'verdict', actor: admin, decision: { outcome: 'refund' }, note: ' ' }, inMediation())).toBe(
      'reason_required',
    );
    expect(codeOf({ kind: 'appeal', actor: seller, reason: '' }, inDecided())).toBe('reason_required');
  });

  it('belongs to whoever has claimed the case', () => {
    const claimed = after(inMediation(), [{ kind: 'claim', actor: admin }]);
    expect(codeOf({ kind: 'claim', actor: verifier }, claimed)).toBe('case_claimed');
    expect(codeOf(verdict({ outcome: 'refund' }, verifier), claimed)).toBe('case_claimed');
    expect(codeOf(verdict({ outcome: 'refund' }, admin), claimed)).toBeNull();
    expect(codeOf({ kind: 'claim', actor: admin }, claimed)).toBeNull();
  });

  it('is reviewed by somebody else', () => {
    expect(codeOf(review({ outcome: 'release' }, admin), inReview())).toBe('same_reviewer');
    expect(codeOf({ kind: 'claim', actor: admin }, inReview())).toBe('same_reviewer');
    expect(codeOf(review({ outcome: 'release' }, verifier), inReview())).toBeNull();
  });
});

describe('an appeal', () => {
  it('is each party’s once, within the window of both', () => {
    expect(codeOf(appeal(seller), inReview(), day(3))).toBe('appeal_used');
    expect(codeOf(appeal(buyer), inReview(), day(4))).toBeNull();
    expect(codeOf(appeal(buyer), inReview(), day(4, 1))).toBe('appeal_window_closed');
  });
});

describe('while the bank decides', () => {
  it('people are heard, and nothing is decided or agreed', () => {
    for (const phase of DISPUTE_PHASES) {
      const dispute = afterBankOpened(inPhase[phase](), day(1));
      if (dispute.bankSince === null) continue;
      for (const kind of KINDS) {
        const { roles, phases } = DISPUTE_COMMANDS[kind];
        if (!phases.includes(phase)) continue;
        const actor = [verifier, ...people].find((each) => roles.includes(each.role)) ?? admin;
        const who = kind === 'appeal' ? buyer : actor;
        const heard = kind === 'message' || kind === 'evidence' || kind === 'claim';
        expect([kind, codeOf(commandBy(kind, who, dispute), dispute, day(90))]).toEqual([
          kind,
          heard ? null : 'chargeback_open',
        ]);
      }
    }
  });

  it('a dispute that the bank opened is not the buyer’s to withdraw', () => {
    expect(codeOf({ kind: 'withdraw', actor: buyer }, opened({ openedBy: 'provider' }))).toBe('forbidden');
  });
});
