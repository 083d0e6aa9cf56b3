/** When each phase of a verifier leg ends by itself, and what happens then: known from the policy before anybody acts. */

import type { AuthenticityPolicy } from '../policy/policy.ts';
import type { AuthenticityCase, AuthenticityPhase } from './case.ts';

/** How long a phase lasts at most, in milliseconds; null after the end. */
export function authenticityPhaseMs(policy: AuthenticityPolicy, phase: AuthenticityPhase): number | null {
  switch (phase) {
    case 'assigning':
      return policy.assignWithinMs;
    case 'in_transit_to_verifier':
    case 'with_verifier':
      return policy.inspectWithinMs;
    case 'mismatch_choice':
      return policy.choiceWithinMs;
    case 'to_forward':
      return policy.forwardWithinMs;
    default:
      return null;
  }
}

/** What silence comes to: the buyer is refunded, or an admin is alerted and the clock goes on. */
export type AuthenticityDefault = 'refund' | 'alert' | 'none';

/** The default of each phase. Goods that were found good are never paid back by a clock: somebody must send them on. */
export function authenticityDefault(phase: AuthenticityPhase): AuthenticityDefault {
  switch (phase) {
    case 'assigning':
    case 'in_transit_to_verifier':
    case 'with_verifier':
    case 'mismatch_choice':
      return 'refund';
    case 'to_forward':
      return 'alert';
    default:
      return 'none';
  }
}

/** What this leg does next by itself, and when. */
export function nextAuthenticityAction(leg: AuthenticityCase): { kind: AuthenticityDefault; at: string | null } {
  return { kind: authenticityDefault(leg.phase), at: leg.deadlineAt };
}
