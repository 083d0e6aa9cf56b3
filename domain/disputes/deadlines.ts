/** When each phase of a dispute ends by itself, and what happens then. */

import type { DefaultOutcome, DisputePolicy } from '../policy/policy.ts';
import type { DisputeCase, DisputePhase } from './dispute.ts';

/** How long a phase lasts at most, in milliseconds: 0 for one that is carried out at once, null after the end. */
export function phaseDurationMs(policy: DisputePolicy, phase: DisputePhase): number | null {
  switch (phase) {
    case 'seller_response':
      return policy.sellerResponseMs;
    case 'mediation':
      return policy.mediationMs;
    case 'decided':
      return policy.appealWindowMs;
    case 'review':
      return policy.reviewMs;
    case 'final':
      return 0;
    case 'awaiting_replacement':
      return policy.replacementShipMs;
    case 'awaiting_return':
      return policy.returnShipMs;
    case 'return_sent':
      return policy.returnConfirmMs;
    case 'resolved':
    case 'withdrawn':
      return null;
  }
}

/** What silence comes to: on to mediation, a decision by default, the verdict stands, it is carried out, or money moves. */
export type PhaseDefault =
  | { kind: 'mediate' | 'finalise' | 'execute' | 'refund' | 'release' | 'none' }
  | { kind: 'decide'; outcome: DefaultOutcome };

/** The default of each phase, known from the policy before anybody acts. */
export function phaseDefault(policy: DisputePolicy, phase: DisputePhase): PhaseDefault {
  switch (phase) {
    case 'seller_response':
      return policy.onSellerSilence === 'buyer' ? { kind: 'decide', outcome: 'refund' } : { kind: 'mediate' };
    case 'mediation':
      return { kind: 'decide', outcome: policy.onMediationSilence };
    case 'decided':
    case 'review':
      return { kind: 'finalise' };
    case 'final':
      return { kind: 'execute' };
    case 'awaiting_replacement':
    case 'return_sent':
      return { kind: 'refund' };
    case 'awaiting_return':
      return { kind: 'release' };
    case 'resolved':
    case 'withdrawn':
      return { kind: 'none' };
  }
}

/** What this dispute does next by itself, and when; nothing while the bank is deciding. */
export function nextDisputeAction(dispute: DisputeCase): PhaseDefault & { at: string | null } {
  const { policy, phase, deadlineAt, bankSince } = dispute;
  if (bankSince !== null) return { kind: 'none', at: null };
  return { ...phaseDefault(policy, phase), at: deadlineAt };
}

/** Is this instant within the deadline? The deadline itself is: accepted at it is accepted in time. */
export function isInTime(at: string, deadlineAt: string | null): boolean {
  return deadlineAt === null || Date.parse(at) <= Date.parse(deadlineAt);
}

/** An instant moved by milliseconds, RFC 3339. */
export function movedBy(at: string, durationMs: number): string {
  return new Date(Date.parse(at) + durationMs).toISOString();
}
