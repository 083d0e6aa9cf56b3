/** Journals of chips: bought for money that never comes back out of them, staked, paid out, taken back. */

import { chipsMarketAccount, chipsWalletAccount, worldAccount } from '../accounts.ts';
import { DomainError } from '../domain-error.ts';
import type { MarketId, PurchaseId, UserId } from '../ids.ts';
import type { PaymentProviderName } from '../policy/policy.ts';
import { assertBalanced, type Journal, journal, type PostingLine, positiveMinor } from './journal.ts';

type Bought = { purchaseId: PurchaseId; userId: UserId; provider: PaymentProviderName };

/** Chips were paid for: the money is revenue at once, since chips are never turned back into money. */
export function chipsBought(input: Bought & { externalRef: string; chips: number; amountMinor: number }): Journal {
  const { purchaseId, userId, provider, externalRef } = input;
  const [chips, amountMinor] = [positiveMinor(input.chips), positiveMinor(input.amountMinor)];
  return assertBalanced({
    key: `purchase/${purchaseId}:completed`,
    kind: 'chips_bought',
    externalRef,
    memo: { purchaseId },
    lines: [...paid(provider, amountMinor), ...issued(userId, chips)],
  });
}

/**
 * The provider sent money back to the buyer, or the bank took it: so many chips go too as are there (`chips` may be 0).
 * `event` names the refund or chargeback, unique within the purchase.
 */
export function chipsTakenBack(
  input: Bought & { event: string; externalRef: string; chips: number; amountMinor: number },
): Journal {
  const { purchaseId, userId, provider, event, externalRef, chips } = input;
  if (!Number.isSafeInteger(chips) || chips < 0) throw new DomainError('journal_unbalanced', `${chips} chips`);
  return assertBalanced({
    key: `purchase/${purchaseId}:taken-back:${event}`,
    kind: 'chips_taken_back',
    externalRef,
    memo: { purchaseId },
    lines: [...paid(provider, -positiveMinor(input.amountMinor)), ...(chips > 0 ? issued(userId, -chips) : [])],
  });
}

/** The bank decided for us: money and chips are as they were before. */
export function chipsGivenBack(
  input: Bought & { event: string; externalRef: string; chips: number; amountMinor: number },
): Journal {
  const { purchaseId, userId, provider, event, externalRef, chips } = input;
  return assertBalanced({
    key: `purchase/${purchaseId}:given-back:${event}`,
    kind: 'chips_given_back',
    externalRef,
    memo: { purchaseId },
    lines: [...paid(provider, positiveMinor(input.amountMinor)), ...(chips > 0 ? issued(userId, chips) : [])],
  });
}

/** What the provider charges the platform for a chargeback of a purchase; it may charge more later, each time under its own key. */
export function purchaseChargebackFee(
  input: Pick<Bought, 'purchaseId' | 'provider'> & { event: string; amountMinor: number },
): Journal {
  const { purchaseId, provider, event } = input;
  const amountMinor = positiveMinor(input.amountMinor);
  const key = `purchase/${purchaseId}:chargeback-fee:${event}`;
  return journal({ key, kind: 'chargeback_fee', memo: { purchaseId } }, 'PHP', [
    ['expense:psp_fees', -amountMinor],
    [worldAccount(provider), amountMinor],
  ]);
}

/** A friend who was brought along has become a forecaster: once per friend. */
export function referralRewarded(input: { userId: UserId; friendId: UserId; chips: number }): Journal {
  const { userId, friendId } = input;
  return assertBalanced({
    key: `referral/${friendId}:reward`,
    kind: 'referral_rewarded',
    memo: { friendId },
    lines: issued(userId, positiveMinor(input.chips)),
  });
}

/** What the platform keeps of a pool. */
export function marketRaked(input: { marketId: MarketId; rake: number }): Journal {
  const { marketId } = input;
  const rake = positiveMinor(input.rake);
  return journal({ key: `market/${marketId}:rake`, kind: 'market_raked', memo: { marketId } }, 'CHIP', [
    [chipsMarketAccount(marketId), -rake],
    ['chips:rake', rake],
  ]);
}

function paid(provider: PaymentProviderName, amountMinor: number): PostingLine[] {
  return [
    { account: worldAccount(provider), currency: 'PHP', amountMinor: -amountMinor },
    { account: 'revenue:chips', currency: 'PHP', amountMinor },
  ];
}

function issued(userId: UserId, chips: number): PostingLine[] {
  return [
    { account: 'chips:issued', currency: 'CHIP', amountMinor: -chips },
    { account: chipsWalletAccount(userId), currency: 'CHIP', amountMinor: chips },
  ];
}
