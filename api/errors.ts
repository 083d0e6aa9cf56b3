/** How the API says no: one error class, one table from code to status and title, one problem+json shape (RFC 9457). */

import type { Context } from 'hono';
import { HTTPException } from 'hono/http-exception';
import type { ContentfulStatusCode } from 'hono/utils/http-status';
import { DomainError } from '../domain/domain-error.ts';
import type { ErrorCode } from '../domain/error-codes.ts';
import type { AppEnv } from './context.ts';

/** Status and title of every code; a code without a row does not compile. */
export const ERROR_TABLE: Readonly<Record<ErrorCode, { status: ContentfulStatusCode; title: string }>> = {
  malformed_json: { status: 400, title: 'The body is not valid JSON' },
  validation_failed: { status: 422, title: 'The request does not have the right shape' },
  unsupported_media_type: { status: 415, title: 'Send the body as application/json' },
  payload_too_large: { status: 413, title: 'The body is too large' },
  not_found: { status: 404, title: 'Not found' },
  method_not_allowed: { status: 405, title: 'This path has no such method' },
  unauthenticated: { status: 401, title: 'Sign in first' },
  token_expired: { status: 401, title: 'The token has expired' },
  token_reused: { status: 401, title: 'The refresh token was used before: every token of this sign-in is revoked' },
  invalid_credentials: { status: 401, title: 'E-mail or password is wrong' },
  forbidden: { status: 403, title: 'Not allowed for this account' },
  email_taken: { status: 409, title: 'An account with this e-mail exists' },
  account_not_active: { status: 403, title: 'The account is suspended' },
  idempotency_key_required: { status: 400, title: 'Send an Idempotency-Key header' },
  idempotency_key_invalid: { status: 400, title: 'The Idempotency-Key must be 1 to 255 printable ASCII characters' },
  idempotency_key_reused: { status: 422, title: 'The Idempotency-Key belongs to another request' },
  idempotency_key_in_progress: { status: 409, title: 'The first request with this Idempotency-Key is still running' },
  signature_invalid: { status: 400, title: 'The signature does not match' },
  internal_error: { status: 500, title: 'Something went wrong on our side' },
  service_unavailable: { status: 503, title: 'Temporarily unavailable' },
  channel_not_found: { status: 404, title: 'No such channel' },
  shop_not_found: { status: 404, title: 'No such shop' },
  listing_not_found: { status: 404, title: 'No such listing' },
  listing_not_active: { status: 409, title: 'The listing is not for sale now' },
  out_of_stock: { status: 409, title: 'Not enough in stock' },
  lines_from_several_channels: { status: 422, title: 'All lines of an order must be of one channel' },
  lines_from_several_shops: { status: 422, title: 'This channel takes one shop per order' },
  lines_of_several_kinds: { status: 422, title: 'Physical and digital goods of one shop cannot be in one order' },
  digital_not_offered: { status: 422, title: 'This channel has no digital goods' },
  own_listing: { status: 409, title: 'Sellers cannot buy from themselves' },
  payment_provider_not_offered: { status: 422, title: 'This channel does not offer that payment provider' },
  currency_not_supported: { status: 422, title: 'The currency is not the one of the channel' },
  amount_out_of_range: { status: 422, title: 'The amount is out of range' },
  shipping_address_required: { status: 422, title: 'A shipping address is needed for physical goods' },
  order_not_found: { status: 404, title: 'No such order' },
  order_not_open: { status: 409, title: 'The order is not open for this any more' },
  order_already_paid: { status: 409, title: 'The order is paid already' },
  order_not_cancellable: { status: 409, title: 'The order can no longer be cancelled' },
  payment_declined: { status: 409, title: 'The payment was declined' },
  payment_provider_unavailable: { status: 503, title: 'The payment provider does not answer' },
  payment_amount_mismatch: { status: 409, title: 'The amount paid is not the amount due' },
  vendor_order_not_found: { status: 404, title: 'No such vendor order' },
  escrow_not_found: { status: 404, title: 'No such escrow' },
  illegal_transition: { status: 409, title: 'Not possible in the present state' },
  already_shipped: { status: 409, title: 'The goods are shipped already' },
  not_delivered_yet: { status: 409, title: 'The goods are not delivered yet' },
  hold_already_releasing: { status: 409, title: 'The hold is being released already' },
  hold_paused: { status: 409, title: 'The hold is paused' },
  hold_not_paused: { status: 409, title: 'The hold is not paused' },
  hold_disputed: { status: 409, title: 'Everything that is left of the hold is contested' },
  deadline_not_later: { status: 409, title: 'The new deadline must be later than the present one' },
  reason_required: { status: 422, title: 'A reason is needed' },
  not_digital: { status: 409, title: 'Not an order of digital goods' },
  disputes_not_offered: { status: 409, title: 'This channel has no disputes' },
  dispute_not_found: { status: 404, title: 'No such dispute' },
  dispute_window_closed: { status: 409, title: 'The time to open a dispute is over' },
  line_not_in_order: { status: 422, title: 'No such line in this vendor order' },
  line_already_disputed: { status: 409, title: 'The line is in a dispute, or has been' },
  line_released: { status: 409, title: 'The money for the line is settled already' },
  quantity_out_of_range: { status: 422, title: 'The quantity is out of range' },
  dispute_closed: { status: 409, title: 'The dispute is closed' },
  already_decided: { status: 409, title: 'A verdict has been given' },
  not_your_turn: { status: 409, title: 'Not possible in this phase of the dispute' },
  deadline_passed: { status: 409, title: 'The deadline has passed' },
  verdict_by_party: { status: 403, title: 'Nobody decides their own dispute' },
  same_reviewer: { status: 403, title: 'A review is decided by somebody else' },
  case_claimed: { status: 409, title: 'Another reviewer has claimed the case' },
  outcome_not_offered: { status: 422, title: 'This channel does not offer that outcome' },
  offer_out_of_range: { status: 422, title: 'The offer is not between nothing and what is frozen' },
  offer_not_open: { status: 409, title: 'The offer is no longer open' },
  appeal_not_offered: { status: 409, title: 'This channel has no appeals' },
  appeal_used: { status: 409, title: 'The appeal has been used' },
  appeal_window_closed: { status: 409, title: 'The time to appeal is over' },
  evidence_sealed: { status: 409, title: 'The evidence of that phase is sealed' },
  chargeback_open: { status: 409, title: 'The bank is deciding: nothing can be decided here meanwhile' },
  receivable_outstanding: { status: 409, title: 'What is owed to the platform must be settled first' },
  evidence_type_not_allowed: { status: 415, title: 'Files of this type are not taken as evidence' },
  evidence_limit_reached: { status: 409, title: 'The dispute has as many files as it may have' },
  chargeback_not_found: { status: 404, title: 'Chargeback not found' },
  authenticity_not_found: { status: 404, title: 'Nothing to verify found' },
  authenticity_not_offered: { status: 422, title: 'This channel has no verifiers for such goods' },
  authenticity_not_requested: { status: 409, title: 'These goods do not go to a verifier' },
  verifier_conflict: { status: 409, title: 'Nobody verifies their own order' },
  verifier_not_found: { status: 404, title: 'Verifier not found' },
  market_not_found: { status: 404, title: 'No such market' },
  markets_not_offered: { status: 422, title: 'This channel has no prediction markets' },
  slug_taken: { status: 409, title: 'Another market has this name in its address' },
  closes_at_not_later: { status: 422, title: 'A market must close in the future' },
  market_not_open: { status: 409, title: 'The market takes no forecasts now' },
  market_closed: { status: 409, title: 'The market has closed' },
  market_not_closed: { status: 409, title: 'The market has not closed yet' },
  market_not_suspended: { status: 409, title: 'The market is not suspended' },
  market_over: { status: 409, title: 'The outcome of the market is final' },
  already_proposed: { status: 409, title: 'A resolution has been proposed already' },
  already_challenged: { status: 409, title: 'The proposed resolution is challenged already' },
  not_challengeable: { status: 409, title: 'There is no proposed resolution to challenge or decide' },
  challenge_window_closed: { status: 409, title: 'The time to challenge is over' },
  not_a_forecaster: { status: 403, title: 'Only who has a forecast on the market may challenge its resolution' },
  same_moderator: { status: 403, title: 'Another moderator must decide this' },
  resolver_conflict: { status: 403, title: 'Who has a forecast on the market may not decide about it' },
  outcome_not_in_market: { status: 422, title: 'The outcome is not one of this market' },
  points_out_of_range: { status: 422, title: 'More points than one forecast may have here' },
  already_forecast: { status: 409, title: 'You have a forecast on this market already' },
  purchase_not_found: { status: 404, title: 'No such purchase' },
  chips_out_of_range: { status: 422, title: 'So many chips are not sold at once' },
  purchase_limit_reached: { status: 409, title: 'The limit of chip purchases is reached' },
  user_not_found: { status: 404, title: 'No such user' },
  own_account: { status: 409, title: 'That is your own account' },
  comment_not_found: { status: 404, title: 'No such comment' },
  referral_code_unknown: { status: 422, title: 'Nobody has this referral code' },
  flag_not_found: { status: 404, title: 'No such flag' },
  insufficient_funds: { status: 409, title: 'Not enough money on the account' },
  journal_unbalanced: { status: 500, title: 'Something went wrong on our side' },
  journal_key_conflict: { status: 500, title: 'Something went wrong on our side' },
  ledger_account_unknown: { status: 500, title: 'Something went wrong on our side' },
};

/** One wrong field: `path` is dotted from the body's (or query's) root. */
export type FieldError = { path: string; message: string; code: string };

type ApiErrorOptions = { detail?: string; errors?: FieldError[]; headers?: Record<string, string>; cause?: unknown };

/** A refusal with a code of the one list; `detail` and `errors` are shown to the client. */
export class ApiError extends Error {
  override readonly name = 'ApiError';
  readonly code: ErrorCode;
  readonly status: ContentfulStatusCode;
  readonly detail: string | undefined;
  readonly errors: FieldError[];
  readonly headers: Record<string, string>;

  constructor(code: ErrorCode, options: ApiErrorOptions = {}) {
    super(options.detail ?? ERROR_TABLE[code].title, { cause: options.cause });
    this.code = code;
    this.status = ERROR_TABLE[code].status;
    this.detail = options.detail;
    this.errors = options.errors ?? [];
    this.headers = { ...(this.status === 503 && { 'Retry-After': '2' }), ...options.headers };
  }
}

/**
 * A change was sent to a workflow and no answer came in time: it may or may not happen. Answered with 202 and the
 * address where the outcome will show; the same request may be repeated with the same key.
 */
export class OutcomeUnknownError extends Error {
  override readonly name = 'OutcomeUnknownError';
  readonly location: string;

  constructor(location: string) {
    super('the outcome is not known yet');
    this.location = location;
  }
}

const RETRY_LATER_SECONDS = '2';

/** The answer to any thrown error: problem+json, or 202 for an outcome that is not known yet. */
export function respondToError(c: Context<AppEnv>, error: unknown): Response {
  if (error instanceof OutcomeUnknownError) {
    const headers = { Location: error.location, 'Retry-After': RETRY_LATER_SECONDS };
    return c.json({ status: 'accepted', location: error.location }, 202, headers);
  }
  const apiError = toApiError(error);
  if (apiError.status >= 500) c.get('log').error({ err: error, code: apiError.code }, 'request failed');
  return problemResponse(c, apiError);
}

/** Renders one problem+json answer; nothing of a 500's cause is shown. */
export function problemResponse(c: Context<AppEnv>, error: ApiError): Response {
  const { status, title } = ERROR_TABLE[error.code];
  const problem = {
    type: `urn:holdfast:problem:${error.code}`,
    title,
    status,
    detail: status >= 500 ? title : (error.detail ?? title),
    instance: c.req.path,
    code: error.code,
    errors: error.errors,
    requestId: c.get('requestId'),
    timestamp: new Date().toISOString(),
  };
  const challenge: Record<string, string> = status === 401 ? { 'WWW-Authenticate': 'Bearer' } : {};
  return c.body(JSON.stringify(problem), status, {
    ...challenge,
    ...error.headers,
    'Content-Type': 'application/problem+json',
  });
}

/** Any thrown value as an ApiError: the framework's refusals keep their meaning, a lost database is a 503. */
export function toApiError(error: unknown): ApiError {
  if (error instanceof ApiError) return error;
  if (error instanceof DomainError) return new ApiError(error.code, { detail: error.message, cause: error });
  if (error instanceof HTTPException) {
    if (error.status === 400) return new ApiError('malformed_json', { cause: error });
    if (error.status === 413) return new ApiError('payload_too_large', { cause: error });
    if (error.status === 415) return new ApiError('unsupported_media_type', { cause: error });
  }
  if (isDatabaseUnavailable(error)) return new ApiError('service_unavailable', { cause: error });
  return new ApiError('internal_error', { cause: error });
}

const UNAVAILABLE_CODES = new Set([
  'ECONNREFUSED',
  'ECONNRESET',
  'EPIPE',
  'ETIMEDOUT',
  'ENOTFOUND',
  '57P01',
  '57P02',
  '57P03',
  '53300',
]);

function isDatabaseUnavailable(error: unknown, depth = 0): boolean {
  if (!(error instanceof Error) || depth > 5) return false;
  const code = 'code' in error && typeof error.code === 'string' ? error.code : '';
  if (UNAVAILABLE_CODES.has(code) || code.startsWith('08')) return true;
  if (/connection terminated|timeout exceeded when trying to connect/i.test(error.message)) return true;
  if (error instanceof AggregateError) return error.errors.some((inner) => isDatabaseUnavailable(inner, depth + 1));
  return isDatabaseUnavailable(error.cause, depth + 1);
}
