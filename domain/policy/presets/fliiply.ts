/** The preset `fliiply`: collectors' cards in euros; seller and buyer both pay 5 %, the buyer also processing and shipping. */

import { DAY_MS, HOUR_MS, MINUTE_MS } from '../../durations.ts';
import type { Preset } from '../policy.ts';
import { USUAL_DISPUTE } from './usual-dispute.ts';

export const FLIIPLY: Preset = {
  name: 'fliiply',
  title: 'Collectible cards',
  policy: {
    preset: 'fliiply',
    currency: 'EUR',
    cart: { vendors: 'many', reservationMs: 30 * MINUTE_MS },
    payment: { providers: ['stripe'], capture: 'at_once', windowMs: 30 * MINUTE_MS },
    fees: {
      commissionRules: [{ name: 'default', priority: 0, rateBps: 500 }],
      buyerFeeBps: 500,
      processing: { bps: 600, minimumMinor: 500 },
      shipping: { flatMinor: 1_000, to: 'platform' },
      taxBpsByRegion: {},
    },
    hold: {
      shipWithinMs: 5 * DAY_MS,
      deliveredAfterMs: 21 * DAY_MS,
      autoReleaseMs: 3 * DAY_MS,
      captureBeforeExpiryMs: 12 * HOUR_MS,
    },
    digital: null,
    payout: { mode: 'per_release' },
    dispute: { ...USUAL_DISPUTE, outcomes: ['refund', 'replacement', 'dismissal'], appeal: false },
    authenticity: {
      assignWithinMs: 3 * DAY_MS,
      inspectWithinMs: 7 * DAY_MS,
      forwardWithinMs: 3 * DAY_MS,
      choiceWithinMs: 3 * DAY_MS,
    },
    market: null,
  },
  settings: {
    accessTokenMinutes: 60,
    refreshTokenDays: 1,
    rateLimits: {
      anonymous: { limit: 100, perSeconds: 3_600 },
      signedIn: { limit: 1_000, perSeconds: 3_600 },
    },
  },
};
