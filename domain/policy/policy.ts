/** What a policy is: the rules of one business as data. A running order keeps the snapshot it was placed under. */

import type { Currency } from '../currencies.ts';

export const PRESET_NAMES = ['pi-market', 'multi-vendor', 'fliiply', 'escrow-platform', 'pilimarket'] as const;
export type PresetName = (typeof PRESET_NAMES)[number];

export const PAYMENT_PROVIDERS = ['stripe', 'pi', 'wallet', 'gcash', 'paymaya'] as const;
export type PaymentProviderName = (typeof PAYMENT_PROVIDERS)[number];

/** Charge the buyer as soon as they pay, or authorise only and charge when the escrow releases. */
export const CAPTURE_MODES = ['at_once', 'on_release'] as const;
export type CaptureMode = (typeof CAPTURE_MODES)[number];

/** One commission rule. All conditions present must match; the highest priority wins, ties go to the lower rate. */
export type CommissionRule = {
  name: string;
  priority: number;
  rateBps: number;
  categorySlug?: string;
  sellerLevelMin?: number;
  vendorSubtotalMinMinor?: number;
  /** Half-open window [from, to) of instants, RFC 3339. */
  window?: { from: string; to: string };
};

export type FeePolicy = {
  /** Taken from the seller, per line, on items only. Evaluated by `domain/fees.ts`. */
  commissionRules: readonly CommissionRule[];
  /** Paid by the buyer on top of the items, per order: a share of the items. */
  buyerFeeBps: number;
  /** Paid by the buyer per order: max(bps of items, minimum). */
  processing: { bps: number; minimumMinor: number };
  /** Paid by the buyer per order (not for orders of digital goods only). */
  shipping: { flatMinor: number; to: 'platform' | 'seller' };
  /** Tax in bps of the items by region code of the shipping address ("default" for any other). */
  taxBpsByRegion: Readonly<Record<string, number>>;
};

/** All durations in milliseconds. */
export type HoldPolicy = {
  shipWithinMs: number;
  /** No carrier news for this long after shipping: counts as delivered. */
  deliveredAfterMs: number;
  autoReleaseMs: number;
  /** Capture this long before a card authorisation expires. */
  captureBeforeExpiryMs: number;
};

export type DigitalPolicy = {
  /** 0 releases as soon as the payment arrives and access is granted. */
  releaseAfterMs: number;
  /** Once the buyer has opened the goods: release this long after the first access, if that is earlier. */
  releaseAfterAccessMs: number;
};

export const DISPUTE_OUTCOMES = ['release', 'refund', 'split', 'replacement', 'dismissal'] as const;
export type DisputeOutcome = (typeof DISPUTE_OUTCOMES)[number];

/** What the platform decides where nobody has decided in time. */
export const DEFAULT_OUTCOMES = ['release', 'refund', 'dismissal'] as const satisfies readonly DisputeOutcome[];
export type DefaultOutcome = (typeof DEFAULT_OUTCOMES)[number];

/** All durations in milliseconds: every phase of a dispute ends by itself, in a way the parties know beforehand. */
export type DisputePolicy = {
  /** What a reviewer may decide and the parties may agree on. None: the channel has no disputes. */
  outcomes: readonly DisputeOutcome[];
  /** Whether each party may ask once for a review by somebody else. */
  appeal: boolean;
  sellerResponseMs: number;
  /** The seller has said nothing: a reviewer decides, or the buyer gets the money back. */
  onSellerSilence: 'mediation' | 'buyer';
  mediationMs: number;
  onMediationSilence: DefaultOutcome;
  appealWindowMs: number;
  /** No review in time: the first verdict stands. */
  reviewMs: number;
  /** The seller has this long to ship again; after that the buyer is refunded. */
  replacementShipMs: number;
  /** The buyer has this long to send the goods back; after that the seller is paid. */
  returnShipMs: number;
  /** The seller has this long to confirm the goods that came back; after that the buyer is refunded. */
  returnConfirmMs: number;
};

/** All durations in milliseconds: every step of the verifier leg ends by itself, in a way the parties know beforehand. */
export type AuthenticityPolicy = {
  /** No verifier in time: the buyer is refunded. */
  assignWithinMs: number;
  /** The goods must arrive within this of the assignment and be inspected within this of their arrival; else refund. */
  inspectWithinMs: number;
  /** Goods that were found good must be sent on; after this an admin is alerted, again and again. */
  forwardWithinMs: number;
  /** The buyer's time to choose what to do with goods that are not as described; after that the buyer is refunded. */
  choiceWithinMs: number;
};

/** At each release, together once a week, or from the wallet when the seller asks. */
export const PAYOUT_MODES = ['per_release', 'batched_weekly', 'on_request'] as const;
export type PayoutMode = (typeof PAYOUT_MODES)[number];

/** Rules of prediction markets and of the chips they run on. Durations in milliseconds. */
export type MarketPolicy = {
  currency: Currency;
  /** Share of the pool that the platform keeps, in basis points. */
  rakeBps: number;
  /** Forecasters may challenge a proposed resolution for this long; 0: it stands at once. */
  challengeWindowMs: number;
  /** Nobody has proposed a resolution this long after closing: the moderators are alerted. */
  resolveByMs: number;
  /** Nobody has decided a challenge for this long: the moderators are alerted. */
  decideWithinMs: number;
  /** Still nothing this long after the alert: the market is cancelled, and every stake goes back. */
  cancelAfterAlertMs: number;
  /** Most points of one forecast, unless the market says otherwise. */
  maxPointsPerUser: number;
  /** Most points of one forecast of an account that a reviewer has limited. */
  maxPointsOfLimited: number;
  maxOutcomes: number;
  chips: ChipsPolicy;
};

/** What may be bought; chips are whole, one costs ₱1. */
export type ChipsPolicy = {
  minPurchase: number;
  /** Chips bought within 24 hours, and within 30 days, of all purchases that are not failed. */
  dailyLimit: number;
  monthlyLimit: number;
  /** Purchases begun within an hour, whatever became of them. */
  purchasesPerHour: number;
  /** For bringing a friend who has become a real, verified forecaster; 0: no programme. */
  referralReward: number;
};

export type Policy = {
  preset: PresetName;
  currency: Currency;
  /** Shops per order; how long a cart keeps its items from others (0: it does not, only a placed order does). */
  cart: { vendors: 'one' | 'many'; reservationMs: number };
  payment: {
    providers: readonly PaymentProviderName[];
    capture: CaptureMode;
    /** The buyer has this long to pay after placing the order. */
    windowMs: number;
  };
  fees: FeePolicy;
  hold: HoldPolicy;
  digital: DigitalPolicy | null;
  payout: { mode: PayoutMode };
  dispute: DisputePolicy;
  /** Listings may ask for a verifier between seller and buyer; null (or absent in older snapshots): none here. */
  authenticity?: AuthenticityPolicy | null;
  /** Chips markets only. */
  market: MarketPolicy | null;
};

/** Settings of the deployment that go with a preset but never into an order. */
export type PresetSettings = {
  accessTokenMinutes: number;
  refreshTokenDays: number;
  rateLimits: Readonly<Record<string, { limit: number; perSeconds: number }>>;
};

export type Preset = { name: PresetName; title: string; policy: Policy; settings: PresetSettings };

/**
 * The policy as an order is placed under it in an environment that runs faster than life: every duration divided by
 * `scale` (above zero), never below `floorMs`; a duration of zero stays zero ("at once" stays "at once"), and one that
 * is under the floor already is left as it is. Throws a RangeError for another scale.
 */
export function scalePolicyDurations(policy: Policy, scale: number, floorMs = 5_000): Policy {
  if (!(Number.isFinite(scale) && scale > 0)) throw new RangeError(`not a time scale: ${scale}`);
  if (scale === 1) return policy;
  const scaled = (durationMs: number): number =>
    durationMs <= floorMs ? durationMs : Math.max(floorMs, Math.round(durationMs / scale));
  return {
    ...policy,
    cart: { ...policy.cart, reservationMs: scaled(policy.cart.reservationMs) },
    payment: { ...policy.payment, windowMs: scaled(policy.payment.windowMs) },
    hold: {
      shipWithinMs: scaled(policy.hold.shipWithinMs),
      deliveredAfterMs: scaled(policy.hold.deliveredAfterMs),
      autoReleaseMs: scaled(policy.hold.autoReleaseMs),
      captureBeforeExpiryMs: scaled(policy.hold.captureBeforeExpiryMs),
    },
    digital: policy.digital && {
      releaseAfterMs: scaled(policy.digital.releaseAfterMs),
      releaseAfterAccessMs: scaled(policy.digital.releaseAfterAccessMs),
    },
    dispute: {
      ...policy.dispute,
      sellerResponseMs: scaled(policy.dispute.sellerResponseMs),
      mediationMs: scaled(policy.dispute.mediationMs),
      appealWindowMs: scaled(policy.dispute.appealWindowMs),
      reviewMs: scaled(policy.dispute.reviewMs),
      replacementShipMs: scaled(policy.dispute.replacementShipMs),
      returnShipMs: scaled(policy.dispute.returnShipMs),
      returnConfirmMs: scaled(policy.dispute.returnConfirmMs),
    },
    ...(policy.authenticity && {
      authenticity: {
        assignWithinMs: scaled(policy.authenticity.assignWithinMs),
        inspectWithinMs: scaled(policy.authenticity.inspectWithinMs),
        forwardWithinMs: scaled(policy.authenticity.forwardWithinMs),
        choiceWithinMs: scaled(policy.authenticity.choiceWithinMs),
      },
    }),
    market: policy.market && {
      ...policy.market,
      challengeWindowMs: scaled(policy.market.challengeWindowMs),
      resolveByMs: scaled(policy.market.resolveByMs),
      decideWithinMs: scaled(policy.market.decideWithinMs),
      cancelAfterAlertMs: scaled(policy.market.cancelAfterAlertMs),
    },
  };
}
