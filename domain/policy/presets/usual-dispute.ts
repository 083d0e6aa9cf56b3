/** The times and defaults of a dispute that every preset begins with. */

import { DAY_MS } from '../../durations.ts';
import type { DisputePolicy } from '../policy.ts';

/** Silence never keeps money: a silent seller leaves it to a reviewer, a silent platform gives it back to the buyer. */
export const USUAL_DISPUTE = {
  sellerResponseMs: 3 * DAY_MS,
  onSellerSilence: 'mediation',
  mediationMs: 7 * DAY_MS,
  onMediationSilence: 'refund',
  appealWindowMs: 3 * DAY_MS,
  reviewMs: 5 * DAY_MS,
  replacementShipMs: 7 * DAY_MS,
  returnShipMs: 7 * DAY_MS,
  returnConfirmMs: 14 * DAY_MS,
} as const satisfies Omit<DisputePolicy, 'outcomes' | 'appeal'>;
