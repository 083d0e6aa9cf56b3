/** The preset `multi-vendor`: many shops in one order, 10 % from each seller, payouts once a week. */

import { DAY_MS, HOUR_MS, MINUTE_MS } from '../../durations.ts';
import type { Preset } from '../policy.ts';
import { USUAL_DISPUTE } from './usual-dispute.ts';

/** A channel that sells by UPI is the same policy with INR as its currency. */
export const MULTI_VENDOR: Preset = {
  name: 'multi-vendor',
  title: 'Multi-vendor marketplace',
  policy: {
    preset: 'multi-vendor',
    currency: 'USD',
    cart: { vendors: 'many', reservationMs: 0 },
    payment: { providers: ['stripe'], capture: 'at_once', windowMs: 30 * MINUTE_MS },
    fees: {
      commissionRules: [{ name: 'default', priority: 0, rateBps: 1_000 }],
      buyerFeeBps: 0,
      processing: { bps: 0, minimumMinor: 0 },
      shipping: { flatMinor: 0, to: 'seller' },
      taxBpsByRegion: {},
    },
    hold: {
      shipWithinMs: 5 * DAY_MS,
      deliveredAfterMs: 14 * DAY_MS,
      autoReleaseMs: 7 * DAY_MS,
      captureBeforeExpiryMs: 12 * HOUR_MS,
    },
    digital: { releaseAfterMs: 0, releaseAfterAccessMs: 0 },
    payout: { mode: 'batched_weekly' },
    dispute: { ...USUAL_DISPUTE, outcomes: ['release', 'refund', 'split'], appeal: false },
    authenticity: null,
    market: null,
  },
  settings: {
    accessTokenMinutes: 15,
    refreshTokenDays: 7,
    rateLimits: { general: { limit: 100, perSeconds: 60 } },
  },
};
