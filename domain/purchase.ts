/** A purchase of chips: its states, and what may be bought. */

import { DomainError } from './domain-error.ts';
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

/**
 * How many chips a refund of `amountMinor` centavos takes back: one for each peso, a begun one counts; `there`: what the
 * wallet has. What is not there is flagged.
 */
export function chipsToTakeBack(amountMinor: number, there: number): { chips: number; missing: number } {
  const due = Math.ceil(amountMinor / CENTAVOS_PER_CHIP);
  const chips = Math.min(due, Math.max(0, there));
  return { chips, missing: due - chips };
}
