/** A purchase of chips: its states, and what may be bought. */

import { DomainError } from './domain-error.ts';
import type { Explanation } from './explain.ts';
import type { ChipsPolicy } from './policy/policy.ts';

/** `refunded`: the money went back by refund or chargeback, completely or in part; chips follow as far as they are there. */
export const PURCHASE_STATUSES = ['pending', 'completed', 'failed', 'refunded'] as const;
export type PurchaseStatus = (typeof PURCHASE_STATUSES)[number];

/** One chip is one peso. */
export const CENTAVOS_PER_CHIP = 100;

/** What has been bought before, as the limits count it. */
export type BoughtBefore = { chipsOfDay: number; chipsOfMonth: number; begunThisHour: number };

/** Refuses with chips_out_of_range or purchase_limit_reached; `limited`: a reviewer lets this account buy nothing. */
export function assertMayBuy(policy: ChipsPolicy, before: BoughtBefore, chips: number, limited: boolean): void {
  if (!Number.isSafeInteger(chips) || chips < policy.minPurchase || chips > policy.dailyLimit) {
    throw new DomainError('chips_out_of_range', `from ${policy.minPurchase} to ${policy.dailyLimit} chips`);
  }
  const reached = limitReached(policy, before, chips, limited);
  if (reached) throw new DomainError('purchase_limit_reached', reached);
}

function limitReached(policy: ChipsPolicy, before: BoughtBefore, chips: number, limited: boolean): string | null {
  if (limited) return 'a reviewer has limited this account';
  if (before.begunThisHour >= policy.purchasesPerHour) return `${policy.purchasesPerHour} purchases an hour`;
  if (before.chipsOfDay + chips > policy.dailyLimit) return `${policy.dailyLimit} chips within 24 hours`;
  if (before.chipsOfMonth + chips > policy.monthlyLimit) return `${policy.monthlyLimit} chips within 30 days`;
  return null;
}

/** What of a purchase has gone back until now: money in centavos, chips taken, and chips that were not there to take. */
export type GoneBack = { refundedMinor: number; chipsTakenBack: number; chipsMissing: number };

/**
 * How many chips go when `amountMinor` more centavos have gone back: one for each peso of all that has, a begun one counts;
 * never more than were bought. `there`: what the wallet has. What is not there is missing, and flagged.
 */
export function chipsToTakeBack(
  bought: number,
  before: GoneBack,
  amountMinor: number,
  there: number,
): { chips: number; missing: number } {
  const gone = Math.min(bought, Math.ceil((before.refundedMinor + amountMinor) / CENTAVOS_PER_CHIP));
  const due = Math.max(0, gone - before.chipsTakenBack - before.chipsMissing);
  const chips = Math.min(due, Math.max(0, there));
  return { chips, missing: due - chips };
}

/** What comes next by itself, and who can change it; `expiresAt` is RFC 3339. */
export function explainPurchase(status: PurchaseStatus, expiresAt: string | null): Explanation {
  if (status !== 'pending') return { next: { kind: 'none', at: null, text: ENDED[status] }, canChange: [] };
  const text = 'The chips come when the payment does. Not paid in time, the purchase fails.';
  return { next: { kind: 'fail', at: expiresAt, text }, canChange: [{ by: 'buyer', move: 'pay' }] };
}

const ENDED: Readonly<Record<Exclude<PurchaseStatus, 'pending'>, string>> = {
  completed: 'The chips are in the wallet.',
  failed: 'The purchase was not paid in time. Money that still arrives buys the chips.',
  refunded: 'The payment went back, and chips with it as far as they were there.',
};
