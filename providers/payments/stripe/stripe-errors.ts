/** From the stripe package's errors to ours, keeping only code, kind and request id. */

import Stripe from 'stripe';
import { ProviderError, type ProviderErrorKind } from '../provider-error.ts';

/** Requests that are well formed but come at the wrong moment (docs.stripe.com/error-codes). */
const CONFLICT_CODES: ReadonlySet<string> = new Set([
  'balance_insufficient',
  'charge_already_captured',
  'charge_already_refunded',
  'charge_disputed',
  'charge_expired_for_capture',
  'insufficient_capabilities_for_transfer',
  'payment_intent_unexpected_state',
  'refund_disputed_payment',
]);

/** Runs a call to Stripe; whatever Stripe answers with comes out as a ProviderError. */
export async function callStripe<T>(call: () => Promise<T>): Promise<T> {
  try {
    return await call();
  } catch (error) {
    throw toProviderError(error);
  }
}

/** True where Stripe refused because the PaymentIntent is in another state than the call needs. */
export function isUnexpectedState(error: unknown): boolean {
  return (
    error instanceof ProviderError &&
    (error.code === 'payment_intent_unexpected_state' || error.code === 'charge_already_captured')
  );
}

/** A ProviderError for errors of the stripe package; anything else (a bug of ours) as it is. */
export function toProviderError(error: unknown): unknown {
  if (!(error instanceof Stripe.errors.StripeError)) return error;
  const code = error.decline_code || error.code || fallbackCode(error);
  return new ProviderError({ ...classify(error, code), code, requestId: error.requestId ?? null });
}

function classify(error: Stripe.errors.StripeError, code: string): { kind: ProviderErrorKind; retryable: boolean } {
  const { errors } = Stripe;
  if (error instanceof errors.StripeCardError) return { kind: 'declined', retryable: false };
  if (error instanceof errors.StripeIdempotencyError) return { kind: 'conflict', retryable: false };
  // Another request with the same key is still running: its answer will be ours.
  if (code === 'idempotency_key_in_use') return { kind: 'conflict', retryable: true };
  if (error instanceof errors.StripeInvalidRequestError) {
    return { kind: CONFLICT_CODES.has(code) ? 'conflict' : 'invalid', retryable: false };
  }
  // A revoked or restricted key is the operator's to mend; orders wait for it rather than fail.
  return { kind: 'unavailable', retryable: error.headers?.['stripe-should-retry'] !== 'false' };
}

function fallbackCode(error: Stripe.errors.StripeError): string {
  const { errors } = Stripe;
  if (error instanceof errors.StripeConnectionError) return 'connection_error';
  if (error instanceof errors.StripeAuthenticationError) return 'authentication_failed';
  if (error instanceof errors.StripePermissionError) return 'permission_denied';
  if (error instanceof errors.StripeRateLimitError) return 'rate_limited';
  return error.rawType ?? 'api_error';
}
