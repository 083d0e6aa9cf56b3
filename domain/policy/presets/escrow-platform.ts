/** The preset `escrow-platform`: commission by rules, seller's own shipping, tax by region, wallets, disputes with appeal. */

import { DAY_MS, HOUR_MS, MINUTE_MS } from '../../durations.ts';
import type { CommissionRule, Policy, Preset } from '../policy.ts';
import { USUAL_DISPUTE } from './usual-dispute.ts';

/** Shipping is 0 until the seller's shipping methods quote it; what is quoted goes to the seller. */
export const ESCROW_PLATFORM: Preset = {
  name: 'escrow-platform',
  title: 'Escrow platform',
  policy: {
    preset: 'escrow-platform',
    currency: 'USD',
    cart: { vendors: 'many', reservationMs: 0 },
    payment: { providers: ['stripe', 'wallet'], capture: 'at_once', windowMs: 30 * MINUTE_MS },
    fees: {
      commissionRules: [
        { name: 'default', priority: 0, rateBps: 1_000 },
        { name: 'electronics', priority: 10, rateBps: 800, categorySlug: 'electronics' },
        { name: 'trusted-seller', priority: 20, rateBps: 700, sellerLevelMin: 2 },
        { name: 'large-order', priority: 30, rateBps: 500, vendorSubtotalMinMinor: 100_000 },
      ],
      buyerFeeBps: 0,
      processing: { bps: 0, minimumMinor: 0 },
      shipping: { flatMinor: 0, to: 'seller' },
      // State sales tax rates, by ISO 3166-2 code.
      taxBpsByRegion: { default: 0, 'US-CA': 725, 'US-NY': 400, 'US-TX': 625 },
    },
    hold: {
      shipWithinMs: 7 * DAY_MS,
      deliveredAfterMs: 14 * DAY_MS,
      autoReleaseMs: 7 * DAY_MS,
      captureBeforeExpiryMs: 12 * HOUR_MS,
    },
    digital: { releaseAfterMs: 7 * DAY_MS, releaseAfterAccessMs: DAY_MS },
    payout: { mode: 'on_request' },
    dispute: { ...USUAL_DISPUTE, outcomes: ['refund', 'split', 'release'], appeal: true },
    authenticity: null,
    market: null,
  },
  settings: {
    accessTokenMinutes: 15,
    refreshTokenDays: 7,
    rateLimits: { general: { limit: 100, perSeconds: 60 } },
  },
};

const PROMOTION = { name: 'promotion', priority: 40, rateBps: 300 } as const satisfies CommissionRule;

/**
 * The policy with a promotion: 3 % on every line of orders placed in the half-open window [from, to) of RFC 3339
 * instants. The preset has none active; a second promotion replaces the first.
 */
export function withPromotion(policy: Policy, window: { from: string; to: string }): Policy {
  const others = policy.fees.commissionRules.filter((rule) => rule.name !== PROMOTION.name);
  return { ...policy, fees: { ...policy.fees, commissionRules: [...others, { ...PROMOTION, window }] } };
}
