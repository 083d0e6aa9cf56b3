/** An attempt to pay, made at the provider while the buyer waits. */

import { ActivityFailure, ApplicationFailure } from '@temporalio/workflow';
import type { CreatePaymentInput } from '../../activities/payments.ts';
import type { PaymentId } from '../../domain/ids.ts';
import { checkout, promptly } from '../shared/activity-proxies.ts';

/**
 * A provider answers in a fraction of a second as a rule: then the payment is made within the workflow task that asks
 * for it. One that is slow or away gets an activity with retries of its own; the request is keyed, so what the first
 * try may have made is found by the next.
 */
export async function createPayment(attempt: CreatePaymentInput): Promise<{ paymentId: PaymentId }> {
  try {
    return await promptly.createPayment(attempt);
  } catch (error) {
    if (isFinal(error)) throw error;
    return checkout.createPayment(attempt);
  }
}

function isFinal(error: unknown): boolean {
  const cause = error instanceof ActivityFailure ? error.cause : error;
  return cause instanceof ApplicationFailure && cause.nonRetryable === true;
}
