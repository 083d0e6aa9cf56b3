/** The states that live in rows only: no workflow moves by them, so `domain/` has no table for them. */

export const USER_ROLES = ['user', 'moderator', 'verifier', 'admin'] as const;
export type UserRole = (typeof USER_ROLES)[number];

export const USER_STATUSES = ['active', 'suspended', 'banned'] as const;

export const ACCOUNT_TYPES = ['individual', 'professional'] as const;
export type AccountType = (typeof ACCOUNT_TYPES)[number];

export const PRODUCT_KINDS = ['physical', 'digital'] as const;
export type ProductKind = (typeof PRODUCT_KINDS)[number];

export const PRODUCT_STATUSES = ['DRAFT', 'ACTIVE', 'UNDER_REVIEW', 'INACTIVE'] as const;

export const LISTING_STATUSES = ['ACTIVE', 'INACTIVE', 'OUT_OF_STOCK'] as const;

export const PAYMENT_STATUSES = [
  'created',
  'requires_action',
  'processing',
  'authorized',
  'succeeded',
  'failed',
  'cancelled',
  'refunded',
  'late_refunded',
] as const;

/** What became of a seller's share: still held, in the wallet, waiting for the seller's account, or paid out. */
export const PAYOUT_STATUSES = ['none', 'in_wallet', 'waiting_for_account', 'paid'] as const;
export type PayoutStatus = (typeof PAYOUT_STATUSES)[number];

export const INBOX_STATUSES = ['new', 'done', 'ignored', 'parked'] as const;

export const IDEMPOTENCY_STATUSES = ['running', 'done'] as const;

/** What became of the part of a hold that a dispute had frozen. */
export const DISPUTE_SETTLEMENTS = ['split', 'hold_goes_on', 'charged_back'] as const;

/** `hidden` by a moderator, who may show it again; `deleted` by its author, for good. */
export const COMMENT_STATUSES = ['visible', 'hidden', 'deleted'] as const;

/** What the feed tells of. */
export const ACTIVITY_TYPES = [
  'market_created',
  'forecast_placed',
  'market_resolved',
  'market_cancelled',
  'badge_earned',
  'user_registered',
  'comment_posted',
] as const;

/** Why money of a purchase went back: a step of its refunds, or a bank. */
export const PURCHASE_EVENT_KINDS = ['refund', 'chargeback'] as const;
export type PurchaseEventKind = (typeof PURCHASE_EVENT_KINDS)[number];
