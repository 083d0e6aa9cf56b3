/** An attempt to pay, made at the provider while the buyer waits. */

import type { CreatePaymentInput } from '../../activities/payments.ts';
import type { PaymentId } from '../../domain/ids.ts';
import { checkout, promptly } from '../shared/activity-proxies.ts';
import { promptlyThenPatiently } from '../shared/promptly.ts';

export function createPayment(attempt: CreatePaymentInput): Promise<{ paymentId: PaymentId }> {
  return promptlyThenPatiently(
    () => promptly.createPayment(attempt),
    () => checkout.createPayment(attempt),
  );
}
