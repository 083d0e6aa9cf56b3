/** What a journal is, and what makes one sound. */

import type { Currency } from '../currencies.ts';
import { DomainError } from '../domain-error.ts';
import type { EscrowId, OrderId } from '../ids.ts';

export const JOURNAL_KINDS = [
  'payment_captured',
  'payment_authorised',
  'authorisation_captured',
  'authorisation_cancelled',
  'late_received',
  'late_refunded',
  'hold_released',
  'hold_refunded',
  'hold_split',
  'wallet_deposited',
  'payout_started',
  'payout_paid',
  'payout_failed',
  'chargeback_lost',
  'chargeback_fee',
  'chargeback_absorbed',
  'clawed_back',
  'transfer_reversed',
  'receivable_settled',
  'receivable_written_off',
  'chips_bought',
  'chips_taken_back',
  'chips_given_back',
  'forecasts_placed',
  'market_settled',
  'market_stakes_returned',
  'market_raked',
  'referral_rewarded',
] as const;
export type JournalKind = (typeof JOURNAL_KINDS)[number];

/** One line: above zero the account gains, below zero it gives. Never zero. */
export type PostingLine = { account: string; amountMinor: number; currency: Currency };

/**
 * Lines that belong together and sum to zero in each currency. `key` is the business key `<workflowId>:<step>[:<n>]`:
 * posting it twice is the same as once. `externalRef` is the provider's object that moved the money outside; an
 * object belongs to one journal only.
 */
export type Journal = {
  key: string;
  kind: JournalKind;
  lines: PostingLine[];
  externalRef?: string;
  orderId?: OrderId;
  escrowId?: EscrowId;
  memo?: Record<string, string | number>;
};

/** A journal in one currency from its amounts by account; zero amounts are dropped. Fails as `assertBalanced` does. */
export function journal(
  head: Omit<Journal, 'lines'>,
  currency: Currency,
  amounts: readonly (readonly [account: string, amountMinor: number])[],
): Journal {
  const lines = amounts
    .filter(([, amountMinor]) => amountMinor !== 0)
    .map(([account, amountMinor]) => ({ account, amountMinor, currency }));
  return assertBalanced({ ...head, lines });
}

/**
 * Returns the journal where it has at least two lines, none zero or beyond a safe integer, that sum to zero in each
 * currency; fails with journal_unbalanced otherwise. Postgres refuses the same.
 */
export function assertBalanced(candidate: Journal): Journal {
  const sums = new Map<Currency, bigint>();
  for (const { amountMinor, currency } of candidate.lines) {
    if (!Number.isSafeInteger(amountMinor) || amountMinor === 0)
      throw unbalanced(candidate, `a line of ${amountMinor}`);
    sums.set(currency, (sums.get(currency) ?? 0n) + BigInt(amountMinor));
  }
  if (candidate.lines.length < 2) throw unbalanced(candidate, 'fewer than two lines');
  for (const [currency, sum] of sums) {
    if (sum !== 0n) throw unbalanced(candidate, `${currency} sums to ${sum}`);
  }
  return candidate;
}

/** An amount that moves: throws a RangeError unless it is a safe integer above zero, so no sign is turned by mistake. */
export function positiveMinor(amountMinor: number): number {
  if (!Number.isSafeInteger(amountMinor) || amountMinor <= 0) {
    throw new RangeError(`not an amount to move: ${amountMinor}`);
  }
  return amountMinor;
}

function unbalanced({ key }: Journal, reason: string): DomainError {
  return new DomainError('journal_unbalanced', `journal ${key}: ${reason}`);
}
