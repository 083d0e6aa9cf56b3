/** Closes an attempt to pay at the provider first: whoever has the money decides what the order is. */

import { ApplicationFailure } from '@temporalio/activity';
import { Payment } from '../../db/entities/payment.entity.ts';
import type { EntityManager } from '../../db/orm.ts';
import type { FindPaymentInput, PaymentProvider } from '../../providers/payments/port.ts';
import type { PaymentSucceeded } from '../../workflows/order/contract.ts';
import type { ActivityDependencies } from '../dependencies.ts';
import type { CancelPaymentResult, PaymentAttempt } from '../payments.ts';
import { throwProviderFailure } from '../provider-failures.ts';
import { arrivalOf } from './arrival.ts';

export async function cancelPayment(
  { orm, providers }: ActivityDependencies,
  attempt: PaymentAttempt,
): Promise<CancelPaymentResult> {
  const em = orm.em.fork();
  const payment = await em.findOne(Payment, attempt);
  if (!payment) return { cancelled: true };
  try {
    const { id: paymentId, orderId: subjectId, providerObjectId } = payment;
    const idempotencyKey = `order/${subjectId}:cancel-payment:${payment.attempt}`;
    const attempted = { paymentId, subjectId, providerObjectId: providerObjectId ?? null, idempotencyKey };
    const arrival = await closeAtProvider(providers.get(payment.provider), attempted);
    if (arrival) return { cancelled: false, arrival };
  } catch (error) {
    throwProviderFailure(error);
  }
  await markCancelled(em, payment);
  return { cancelled: true };
}

type Attempted = FindPaymentInput & { providerObjectId: string | null; idempotencyKey: string };

/** Null: it can take no more money. Otherwise the provider had it first. Fails with ProviderError; retryable while a bank decides. */
export async function closeAtProvider(
  provider: PaymentProvider,
  { paymentId, subjectId, providerObjectId, idempotencyKey }: Attempted,
): Promise<PaymentSucceeded | null> {
  const known = providerObjectId ?? (await provider.findPayment({ paymentId, subjectId }))?.providerObjectId;
  if (!known) return null;
  const closed = await provider.cancelPayment({ providerObjectId: known, idempotencyKey });
  if (closed.status === 'cancelled') return null;
  if (closed.status === 'succeeded' || closed.status === 'authorized') return arrivalOf(paymentId, closed);
  // The bank is still deciding (delayed methods): nobody can end this attempt before it has.
  throw ApplicationFailure.retryable(`the payment is still ${closed.status}`, 'payment_provider_unavailable');
}

async function markCancelled(em: EntityManager, { id }: Payment): Promise<void> {
  const open = { id, status: { $nin: ['succeeded', 'authorized', 'refunded', 'late_refunded'] } } as const;
  await em.nativeUpdate(Payment, open, { status: 'cancelled', updatedAt: new Date() });
}
