/** The preset `pilimarket`: prediction markets on chips; pesos buy chips, and no goods are sold. */

import { DAY_MS, HOUR_MS, MINUTE_MS } from '../../durations.ts';
import type { Preset } from '../policy.ts';
import { USUAL_DISPUTE } from './usual-dispute.ts';

/** Cart, hold and payout rules never apply, since the channel lists no goods; they are the engine's usual ones. */
export const PILIMARKET: Preset = {
  name: 'pilimarket',
  title: 'Prediction markets',
  policy: {
    preset: 'pilimarket',
    currency: 'PHP',
    cart: { vendors: 'one', reservationMs: 0 },
    payment: { providers: ['stripe', 'gcash', 'paymaya'], capture: 'at_once', windowMs: 30 * MINUTE_MS },
    fees: {
      commissionRules: [{ name: 'default', priority: 0, rateBps: 0 }],
      buyerFeeBps: 0,
      processing: { bps: 0, minimumMinor: 0 },
      shipping: { flatMinor: 0, to: 'seller' },
      taxBpsByRegion: {},
    },
    hold: {
      shipWithinMs: 7 * DAY_MS,
      deliveredAfterMs: 14 * DAY_MS,
      autoReleaseMs: 7 * DAY_MS,
      captureBeforeExpiryMs: 12 * HOUR_MS,
    },
    digital: null,
    payout: { mode: 'per_release' },
    dispute: { ...USUAL_DISPUTE, outcomes: [], appeal: false },
    authenticity: null,
    market: {
      currency: 'CHIP',
      rakeBps: 0,
      challengeWindowMs: DAY_MS,
      resolveByMs: 7 * DAY_MS,
      decideWithinMs: 3 * DAY_MS,
      cancelAfterAlertMs: 7 * DAY_MS,
      maxPointsPerUser: 10_000,
      maxPointsOfLimited: 100,
      maxOutcomes: 20,
      chips: {
        minPurchase: 20,
        dailyLimit: 10_000,
        monthlyLimit: 50_000,
        purchasesPerHour: 5,
        referralReward: 50,
      },
    },
  },
  settings: {
    accessTokenMinutes: 15,
    refreshTokenDays: 7,
    rateLimits: {
      auth: { limit: 10, perSeconds: 60 },
      forecast: { limit: 10, perSeconds: 60 },
      purchase: { limit: 5, perSeconds: 3_600 },
      general: { limit: 100, perSeconds: 60 },
    },
  },
};
