/** Policies of milliseconds: clocks never ring unless a test gives them a time. */

import type { Policy } from '../../../domain/policy/policy.ts';
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

/** An instant that many milliseconds from now, RFC 3339. */
export function fromNow(ms: number): string {
  return new Date(Date.now() + ms).toISOString();
}
