/** The one list of error codes: workflows refuse with them, activities fail with them, the API answers with them. */

export const ERROR_CODES = [
  // Requests
  'malformed_json',
  'validation_failed',
  'unsupported_media_type',
  'payload_too_large',
  'not_found',
  'method_not_allowed',
  'unauthenticated',
  'token_expired',
  'token_reused',
  'invalid_credentials',
  'forbidden',
  'email_taken',
  'account_not_active',
  'idempotency_key_required',
  'idempotency_key_invalid',
  'idempotency_key_reused',
  'idempotency_key_in_progress',
  'signature_invalid',
  'internal_error',
  'service_unavailable',
  // Catalogue and placing
  'channel_not_found',
  'shop_not_found',
  'listing_not_found',
  'listing_not_active',
  'out_of_stock',
  'lines_from_several_channels',
  'lines_from_several_shops',
  'lines_of_several_kinds',
  'digital_not_offered',
  'own_listing',
  'payment_provider_not_offered',
  'currency_not_supported',
  'amount_out_of_range',
  'shipping_address_required',
  // Orders and payment
  'order_not_found',
  'order_not_open',
  'order_already_paid',
  'order_not_cancellable',
  'payment_declined',
  'payment_provider_unavailable',
  'payment_amount_mismatch',
  // Escrow
  'vendor_order_not_found',
  'escrow_not_found',
  'illegal_transition',
  'already_shipped',
  'not_delivered_yet',
  'hold_already_releasing',
  'hold_paused',
  'hold_not_paused',
  'deadline_not_later',
  'reason_required',
  'not_digital',
  'disputes_not_offered',
  // Ledger
  'insufficient_funds',
  'journal_unbalanced',
  'journal_key_conflict',
  'ledger_account_unknown',
] as const;

export type ErrorCode = (typeof ERROR_CODES)[number];

export function isErrorCode(value: string): value is ErrorCode {
  return (ERROR_CODES as readonly string[]).includes(value);
}
