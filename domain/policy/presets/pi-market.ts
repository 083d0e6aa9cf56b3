/** The preset `pi-market`: one shop an order, dollars by Stripe or coins by Pi Network, charged when the hold releases. */

import { DAY_MS, HOUR_MS, MINUTE_MS } from '../../durations.ts';
import type { Preset } from '../policy.ts';
import { USUAL_DISPUTE } from './usual-dispute.ts';

export const PI_MARKET: Preset = {
  name: 'pi-market',
  title: 'Neighbourhood market',
  policy: {
    preset: 'pi-market',
    currency: 'USD',
    cart: { vendors: 'one', reservationMs: 0 },
    payment: { providers: ['stripe', 'pi'], capture: 'on_release', windowMs: 30 * MINUTE_MS },
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
      autoReleaseMs: 3 * DAY_MS,
      captureBeforeExpiryMs: 12 * HOUR_MS,
    },
    digital: { releaseAfterMs: 0, releaseAfterAccessMs: 0 },
    payout: { mode: 'per_release' },
    dispute: { ...USUAL_DISPUTE, outcomes: ['release', 'refund'], appeal: false },
    authenticity: null,
    market: null,
  },
  settings: {
    accessTokenMinutes: 60,
    refreshTokenDays: 7,
    rateLimits: {
      otp: { limit: 5, perSeconds: 3_600 },
      anonymous: { limit: 100, perSeconds: 3_600 },
      signedIn: { limit: 1_000, perSeconds: 3_600 },
    },
  },
};
