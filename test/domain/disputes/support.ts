/** What the tests of disputes share: people, a case, and walks through it. */

import type { DisputeCommand, DisputeCommandKind } from '../../../domain/disputes/commands.ts';
import type { Decision, DisputeActor, DisputeCase } from '../../../domain/disputes/dispute.ts';
import { afterCommand, afterDeadline, beginDispute } from '../../../domain/disputes/progress.ts';
import { DomainError } from '../../../domain/domain-error.ts';
import { DAY_MS } from '../../../domain/durations.ts';
import { PRESETS } from '../../../domain/policy/presets.ts';
import { buyerId, escrowId, sellerId } from '../postings/support.ts';

export const disputeId = 'dsp_00000000000000000000000001';
export const buyer: DisputeActor = { role: 'buyer', id: buyerId };
export const seller: DisputeActor = { role: 'seller', id: sellerId };
export const admin: DisputeActor = { role: 'admin', id: 'usr_00000000000000000000000003' };
export const verifier: DisputeActor = { role: 'verifier', id: 'usr_00000000000000000000000004' };
export const stranger: DisputeActor = { role: 'buyer', id: 'usr_00000000000000000000000005' };

/** A channel with every outcome and with appeals, so that a test can say what it is without. */
export const policy = {
  ...PRESETS['escrow-platform'].policy.dispute,
  outcomes: ['release', 'refund', 'split', 'replacement', 'dismissal'],
} as const;

/** The instant `days` after the dispute was opened; `plusMs` for the edge of a deadline. */
export const day = (days: number, plusMs = 0): string =>
  new Date(Date.parse('2026-03-01T00:00:00.000Z') + days * DAY_MS + plusMs).toISOString();

/** A dispute about 100.00 that the buyer has just opened; what `overrides` says holds from the beginning. */
export function opened(overrides: Partial<DisputeCase> = {}): DisputeCase {
  const known = {
    disputeId,
    escrowId,
    buyerId,
    sellerId,
    openedBy: 'buyer',
    reason: 'damaged',
    fulfilment: 'physical',
    currency: 'USD',
    frozenMinor: 10_000,
    policy,
  } as const;
  return beginDispute({ ...known, ...overrides }, day(0));
}

/** The case after these commands, each an hour after the one before unless `at` says when all of them are. */
export function after(dispute: DisputeCase, commands: readonly DisputeCommand[], at?: string): DisputeCase {
  return commands.reduce((now, command, index) => afterCommand(now, command, at ?? day(index / 24)), dispute);
}

/** The case once every clock has run out, and the phases it passed through. */
export function untilTheEnd(dispute: DisputeCase): { phases: string[]; end: DisputeCase } {
  const phases: string[] = [dispute.phase];
  let now = dispute;
  while (now.deadlineAt !== null) {
    now = afterDeadline(now, now.deadlineAt);
    phases.push(now.phase);
  }
  return { phases, end: now };
}

export const respond: DisputeCommand = { kind: 'respond', actor: seller, text: 'It was fine when I sent it.' };
export const appeal = (actor: DisputeActor): DisputeCommand => ({ kind: 'appeal', actor, reason: 'Look again.' });
export const offer = (actor: DisputeActor, offerId: string, buyerMinor = 4_000, currency = 'USD'): DisputeCommand => ({
  kind: 'offer',
  actor,
  offerId,
  terms: { kind: 'split', buyerMinor, currency },
});
export const answer = (
  kind: 'acceptOffer' | 'declineOffer' | 'withdrawOffer',
  actor: DisputeActor,
  offerId: string,
): DisputeCommand => ({ kind, actor, offerId });
export const verdict = (decision: Decision, actor = admin): DisputeCommand => ({
  kind: 'verdict',
  actor,
  decision,
  note: 'The photographs show it.',
});
export const review = (decision: Decision, actor = verifier): DisputeCommand => ({
  kind: 'reviewVerdict',
  actor,
  decision,
  note: 'They do not.',
});

/** A case in each phase. */
export const inMediation = (overrides: Partial<DisputeCase> = {}): DisputeCase => after(opened(overrides), [respond]);
export const inDecided = (): DisputeCase => after(inMediation(), [verdict({ outcome: 'refund' })], day(1));
export const inReview = (): DisputeCase => after(inDecided(), [appeal(seller)], day(2));
export const inFinal = (): DisputeCase => after(inReview(), [review({ outcome: 'release' })], day(3));
export const inPhase: Readonly<Record<DisputeCase['phase'], () => DisputeCase>> = {
  seller_response: opened,
  mediation: inMediation,
  decided: inDecided,
  review: inReview,
  final: inFinal,
  awaiting_replacement: () => carriedOut({ outcome: 'replacement' }),
  awaiting_return: () => carriedOut({ outcome: 'refund', returnGoods: true }),
  return_sent: () => after(inPhase.awaiting_return(), [{ kind: 'sendReturn', actor: buyer }], day(3)),
  resolved: () => carriedOut({ outcome: 'refund' }),
  withdrawn: () => after(opened(), [{ kind: 'withdraw', actor: buyer }], day(1)),
};

function carriedOut(decision: Decision): DisputeCase {
  const withoutAppeals = inMediation({ policy: { ...policy, appeal: false } });
  return afterDeadline(after(withoutAppeals, [verdict(decision)], day(2)), day(2));
}

/** Carries out commands in the order they arrive; the code of each that is refused, null of each that is not. */
export function race(
  dispute: DisputeCase,
  commands: readonly DisputeCommand[],
  at: string,
): { codes: (string | null)[]; end: DisputeCase } {
  let end = dispute;
  const codes = commands.map((command) => {
    try {
      end = afterCommand(end, command, at);
      return null;
    } catch (error) {
      if (error instanceof DomainError) return error.code;
      throw error;
    }
  });
  return { codes, end };
}

/** A well-formed command of each kind. */
export const commandBy = (kind: DisputeCommandKind, actor: DisputeActor, dispute: DisputeCase): DisputeCommand => {
  switch (kind) {
    case 'respond':
    case 'message':
      return { kind, actor, text: 'Hello.' };
    case 'evidence':
      return { kind, actor, sha256: 'ab', phase: dispute.phase };
    case 'offer':
      return offer(actor, 'ofr_new');
    case 'acceptOffer':
    case 'declineOffer':
    case 'withdrawOffer':
      return { kind, actor, offerId: 'ofr_1' };
    case 'withdraw':
    case 'claim':
    case 'sendReturn':
    case 'confirmReturn':
      return { kind, actor };
    case 'verdict':
    case 'reviewVerdict':
      return { kind, actor, decision: { outcome: 'refund' }, note: 'So it is.' };
    case 'appeal':
      return { kind, actor, reason: 'No.' };
    case 'shipReplacement':
      return { kind, actor, carrier: 'dhl', trackingNumber: '1' };
  }
};
