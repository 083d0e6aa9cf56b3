/** What a person makes of a flag: the outcomes of a review, and who may give them. */

import type { Refusal } from '../escrow-commands.ts';
import type { UserId } from '../ids.ts';

export const FLAG_STATUSES = ['open', 'cleared', 'limited', 'suspended'] as const;
export type FlagStatus = (typeof FLAG_STATUSES)[number];

/** `limit`: stakes stay small and nothing is bought. `lift` comes later: what was decided no longer stands. */
export const REVIEW_OUTCOMES = ['clear', 'limit', 'suspend', 'lift'] as const;
export type ReviewOutcome = (typeof REVIEW_OUTCOMES)[number];

const LEADS_TO: Readonly<Record<ReviewOutcome, FlagStatus>> = {
  clear: 'cleared',
  limit: 'limited',
  suspend: 'suspended',
  lift: 'cleared',
};

/** The state of a flag after a decision. */
export function flagStatusAfter(outcome: ReviewOutcome): FlagStatus {
  return LEADS_TO[outcome];
}

/** Somebody who decides, and the account that the flag is about. */
export type Review = {
  reviewer: { id: UserId; isAdmin: boolean };
  /** `isStaff`: a moderator, verifier or admin. */
  account: { id: UserId; isStaff: boolean };
  status: FlagStatus;
  outcome: ReviewOutcome;
};

/** Why the decision is refused, or null: nobody decides about themselves, admins about staff, and once about each flag. */
export function reviewRefusal({ reviewer, account, status, outcome }: Review): Refusal | null {
  if (reviewer.id === account.id) return { code: 'forbidden', message: 'nobody decides about their own account' };
  if (account.isStaff && !reviewer.isAdmin) {
    return { code: 'forbidden', message: 'admins decide about moderators, verifiers and admins' };
  }
  if (outcome === 'lift') {
    const stands = status === 'limited' || status === 'suspended';
    return stands ? null : { code: 'illegal_transition', message: `nothing to lift: the flag is ${status}` };
  }
  return status === 'open' ? null : { code: 'already_decided', message: `the flag is ${status}` };
}
