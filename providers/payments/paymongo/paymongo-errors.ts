/** From PayMongo's errors (https://developers.paymongo.com/docs/errors) to ours, keeping only code and kind. */

import { z } from 'zod';
import { ProviderError, type ProviderErrorKind } from '../provider-error.ts';

type Meaning = { kind: ProviderErrorKind; retryable: boolean };

/** https://developers.paymongo.com/docs/refund-errors; every other 400 is a request that is wrong and stays wrong. */
const MEANINGS: Readonly<Record<string, Meaning>> = {
  // An earlier refund of the payment is under way: afterwards this one can be judged.
  resource_processing_state: { kind: 'conflict', retryable: true },
  resource_pending_state: { kind: 'conflict', retryable: true },
  // The next payments fill the balance again.
  available_balance_insufficient: { kind: 'conflict', retryable: true },
  resource_failed_state: { kind: 'conflict', retryable: false },
  resource_succeeded_state: { kind: 'conflict', retryable: false },
  resource_disputed_state: { kind: 'conflict', retryable: false },
  allowed_date_exceeded: { kind: 'conflict', retryable: false },
  provider_processing_error: { kind: 'unavailable', retryable: true },
  resource_processing_error: { kind: 'unavailable', retryable: true },
};

/**
 * A key that was revoked or lacks a right is the operator's to mend: payments wait for it rather than fail. Repeating a
 * request whose outcome is unknown is safe here although PayMongo has no idempotency keys: see createPayment and refund.
 */
const BY_STATUS: Readonly<Record<number, Meaning & { code: string }>> = {
  401: { kind: 'unavailable', retryable: true, code: 'authentication_failed' },
  403: { kind: 'unavailable', retryable: true, code: 'permission_denied' },
  429: { kind: 'unavailable', retryable: true, code: 'rate_limited' },
};

const errorAnswer = z.object({ errors: z.array(z.object({ code: z.string() })).min(1) });

/** What an answer other than 2xx means. */
export function errorOf(status: number, body: unknown): ProviderError {
  const known = BY_STATUS[status];
  if (known) return new ProviderError(known);
  const code = errorAnswer.safeParse(body).data?.errors[0]?.code ?? 'api_error';
  if (status >= 500) return new ProviderError({ kind: 'unavailable', code, retryable: true });
  if (status === 402) return new ProviderError({ kind: 'declined', code, retryable: false });
  return new ProviderError({ ...(MEANINGS[code] ?? { kind: 'invalid', retryable: false }), code });
}

/** No answer, or one that is none. */
export function noAnswer(): ProviderError {
  return new ProviderError({ kind: 'unavailable', code: 'connection_error', retryable: true });
}

/** True where PayMongo refused the request itself, whatever the reason: nothing has changed there. */
export function isRefusal(error: unknown): error is ProviderError {
  return error instanceof ProviderError && (error.kind === 'invalid' || error.kind === 'conflict');
}

export function invalid(code: string): ProviderError {
  return new ProviderError({ kind: 'invalid', code, retryable: false });
}
