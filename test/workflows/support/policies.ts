/** Policies of milliseconds: clocks never ring unless a test gives them a time. */

import type { AuthenticityPolicy, DisputePolicy, Policy } from '../../../domain/policy/policy.ts';
import type { EscrowInput } from '../../../workflows/escrow/contract.ts';

/** Long enough never to pass in a test. */
export const NEVER_MS = 3_600_000;

/** The part of a policy that a hold lives by. */
export function holdPolicy(
  hold: Partial<Policy['hold']> = {},
  more: Partial<EscrowInput['policy']> = {},
): EscrowInput['policy'] {
  return {
    hold: {
      shipWithinMs: NEVER_MS,
      deliveredAfterMs: NEVER_MS,
      autoReleaseMs: NEVER_MS,
      captureBeforeExpiryMs: 0,
      ...hold,
    },
    digital: { releaseAfterMs: NEVER_MS, releaseAfterAccessMs: NEVER_MS },
    payoutMode: 'batched_weekly',
    ...more,
  };
}

/** A channel with every outcome and with appeals, whose disputes wait for somebody unless given a time. */
export function disputePolicy(changes: Partial<DisputePolicy> = {}): DisputePolicy {
  return {
    outcomes: ['release', 'refund', 'split', 'replacement', 'dismissal'],
    appeal: true,
    sellerResponseMs: NEVER_MS,
    onSellerSilence: 'mediation',
    mediationMs: NEVER_MS,
    onMediationSilence: 'refund',
    appealWindowMs: NEVER_MS,
    reviewMs: NEVER_MS,
    replacementShipMs: NEVER_MS,
    returnShipMs: NEVER_MS,
    returnConfirmMs: NEVER_MS,
    ...changes,
  };
}

/** An instant that many milliseconds from now, RFC 3339. */
export function fromNow(ms: number): string {
  return new Date(Date.now() + ms).toISOString();
}

/** Verifiers who wait for somebody unless given a time. */
export function authenticityPolicy(changes: Partial<AuthenticityPolicy> = {}): AuthenticityPolicy {
  return {
    assignWithinMs: NEVER_MS,
    inspectWithinMs: NEVER_MS,
    forwardWithinMs: NEVER_MS,
    choiceWithinMs: NEVER_MS,
    ...changes,
  };
}
