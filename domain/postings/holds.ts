/** Journals that end a hold: released to the seller, refunded to the buyer, or split between them. */

import { authorisedAccount, holdAccount, walletAccount } from '../accounts.ts';
import type { Currency } from '../currencies.ts';
import type { EscrowId, Id, OrderId, UserId } from '../ids.ts';
import { assertMinor, scaleHalfUp, sumMinor } from '../money.ts';
import type { PaymentProviderName } from '../policy/policy.ts';
import { type Journal, journal, positiveMinor } from './journal.ts';
import { buyerAccount } from './payments.ts';

/**
 * A hold's contents as `priceOrder` computed them and the vendor order stores them. `netMinor` says where shipping
 * goes: it contains it, or it does not.
 */
export type HoldAmounts = {
  itemsMinor: number;
  commissionMinor: number;
  buyerFeeMinor: number;
  processingMinor: number;
  shippingMinor: number;
  taxMinor: number;
  grossMinor: number;
  netMinor: number;
};

/** The contents of a hold of which nothing is left. */
export const NO_AMOUNTS: HoldAmounts = {
  itemsMinor: 0,
  commissionMinor: 0,
  buyerFeeMinor: 0,
  processingMinor: 0,
  shippingMinor: 0,
  taxMinor: 0,
  grossMinor: 0,
  netMinor: 0,
};

/** Who gets what of the released part of a hold; the shares sum to it. Shipping is the platform's only. */
export type ReleaseShares = {
  sellerMinor: number;
  commissionMinor: number;
  buyerFeesMinor: number;
  shippingMinor: number;
  taxMinor: number;
};

type HoldEnd = { escrowId: EscrowId; orderId: OrderId; currency: Currency };

/**
 * The shares when `releasedMinor` of a hold (0 to its gross) is released and the rest goes back to the buyer.
 * Commission, buyer fee, processing, tax and the platform's shipping are each scaled by released/gross, half up; the
 * seller gets what is left. Where a few minor units are released, the roundings may come to more than there is: then tax
 * is served first, the others in the order of the code, so no share is ever below zero.
 * Throws a RangeError for amounts that do not belong together or an amount outside the hold.
 */
export function releaseShares(amounts: HoldAmounts, releasedMinor: number): ReleaseShares {
  const { grossMinor } = amounts;
  if (assertMinor(releasedMinor) < 0 || releasedMinor > grossMinor) {
    throw new RangeError(`cannot release ${releasedMinor} of a hold of ${grossMinor}`);
  }
  let leftMinor = releasedMinor;
  const take = (partMinor: number): number => {
    const shareMinor = Math.min(leftMinor, scaleHalfUp(partMinor, releasedMinor, grossMinor));
    leftMinor -= shareMinor;
    return shareMinor;
  };
  const platformShippingMinor = platformShippingOf(amounts);
  const taxMinor = take(amounts.taxMinor);
  const commissionMinor = take(amounts.commissionMinor);
  const buyerFeesMinor = take(amounts.buyerFeeMinor) + take(amounts.processingMinor);
  const shippingMinor = take(platformShippingMinor);
  return { sellerMinor: leftMinor, commissionMinor, buyerFeesMinor, shippingMinor, taxMinor };
}

/**
 * The key of the n-th release or refund of a hold's rest, from 1. There is a second one only where a part that was
 * contested came back after the first.
 */
export function holdEndKey(escrowId: EscrowId, end: 'release' | 'refund', n = 1): string {
  return n === 1 ? `escrow/${escrowId}:${end}` : `escrow/${escrowId}:${end}:${n}`;
}

/**
 * The hold, or what nobody contests of it, is released: net to the seller's wallet, fees and tax to theirs. Needs a
 * captured payment. `release` counts the releases of one hold.
 */
export function holdReleased(input: HoldEnd & { sellerId: UserId; amounts: HoldAmounts; release?: number }): Journal {
  const { escrowId, orderId, sellerId, currency, amounts, release } = input;
  const key = holdEndKey(escrowId, 'release', release);
  return journal({ key, kind: 'hold_released', orderId, escrowId }, currency, [
    [holdAccount(escrowId), -positiveMinor(amounts.grossMinor)],
    ...releaseLines(sellerId, releaseShares(amounts, amounts.grossMinor)),
  ]);
}

/**
 * The hold, or what nobody contests of it, goes back to the buyer. With `authorisedOnly` nothing was charged, so the
 * authorisation shrinks instead. `externalRef` is the provider's refund, where there is one; `refund` counts the refunds
 * of one hold.
 */
export function holdRefunded(
  input: HoldEnd & {
    buyerId: UserId;
    provider: PaymentProviderName;
    authorisedOnly: boolean;
    grossMinor: number;
    externalRef?: string;
    refund?: number;
  },
): Journal {
  const { escrowId, orderId, buyerId, provider, currency, externalRef } = input;
  const grossMinor = positiveMinor(input.grossMinor);
  return journal(
    { key: holdEndKey(escrowId, 'refund', input.refund), kind: 'hold_refunded', externalRef, orderId, escrowId },
    currency,
    [
      [holdAccount(escrowId), -grossMinor],
      [input.authorisedOnly ? authorisedAccount(provider) : buyerAccount(provider, buyerId), grossMinor],
    ],
  );
}

type HoldSplit = HoldEnd & {
  sellerId: UserId;
  buyerId: UserId;
  provider: PaymentProviderName;
  amounts: HoldAmounts;
  buyerMinor: number;
  externalRef?: string;
};

/**
 * The buyer gets `buyerMinor` (0 to the hold's gross), the rest is released. At the ends its lines are those of
 * `holdReleased` and `holdRefunded`. Needs a captured payment.
 */
export function holdSplit(input: HoldSplit): Journal {
  const { escrowId, orderId, currency, externalRef } = input;
  const head = { key: `escrow/${escrowId}:split`, kind: 'hold_split', externalRef, orderId, escrowId } as const;
  return journal(head, currency, splitLines(input));
}

/**
 * The part of a hold that a dispute froze (`carveOut`) is split as decided: `buyerMinor` (0 to the part's gross) to the
 * buyer, the rest released. What is not disputed ends by `holdReleased` or `holdRefunded` with its own amounts. With
 * `authorisedOnly` nothing was charged, so the whole part must go back: throws a RangeError for less.
 */
export function holdPartSplit(input: HoldSplit & { disputeId: Id<'dispute'>; authorisedOnly?: boolean }): Journal {
  const { disputeId, escrowId, orderId, provider, currency, externalRef, amounts, buyerMinor } = input;
  const head = { key: `dispute/${disputeId}:resolve`, kind: 'hold_split', externalRef, orderId, escrowId } as const;
  if (input.authorisedOnly !== true) return journal(head, currency, splitLines(input));
  if (buyerMinor !== amounts.grossMinor) throw new RangeError('money that was not captured cannot be released');
  return journal(head, currency, [
    [holdAccount(escrowId), -positiveMinor(amounts.grossMinor)],
    [authorisedAccount(provider), buyerMinor],
  ]);
}

function splitLines(input: HoldSplit): (readonly [string, number])[] {
  const { escrowId, sellerId, buyerId, provider, amounts, buyerMinor } = input;
  return [
    [holdAccount(escrowId), -positiveMinor(amounts.grossMinor)],
    ...releaseLines(sellerId, releaseShares(amounts, amounts.grossMinor - assertMinor(buyerMinor))),
    [buyerAccount(provider, buyerId), buyerMinor],
  ];
}

function releaseLines(sellerId: UserId, shares: ReleaseShares): (readonly [string, number])[] {
  return [
    [walletAccount(sellerId), shares.sellerMinor],
    ['revenue:commission', shares.commissionMinor],
    ['revenue:buyer_fees', shares.buyerFeesMinor],
    ['revenue:shipping', shares.shippingMinor],
    ['tax:collected', shares.taxMinor],
  ];
}

/**
 * What of a hold's shipping is the platform's: all of it, or nothing. Throws a RangeError for amounts whose gross or net
 * does not agree with their parts.
 */
export function platformShippingOf(amounts: HoldAmounts): number {
  const { itemsMinor, commissionMinor, buyerFeeMinor, processingMinor, shippingMinor, taxMinor, netMinor } = amounts;
  const partsMinor = sumMinor([itemsMinor, buyerFeeMinor, processingMinor, shippingMinor, taxMinor]);
  const platformShippingMinor = itemsMinor - commissionMinor + shippingMinor - netMinor;
  const allOrNothing = platformShippingMinor === 0 || platformShippingMinor === shippingMinor;
  if (partsMinor !== amounts.grossMinor || netMinor < 0 || !allOrNothing) {
    throw new RangeError(`the parts of a hold do not add up: ${JSON.stringify(amounts)}`);
  }
  return platformShippingMinor;
}
