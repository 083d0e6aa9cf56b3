/** Closes an attempt to pay at the provider first: whoever has the money decides what the order is. */

import { ApplicationFailure } from '@temporalio/activity';
import { Payment } from '../../db/entities/payment.entity.ts';
import type { EntityManager } from '../../db/orm.ts';
import type { PaymentProvider, ProviderPayment } from '../../providers/payments/port.ts';
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
    const closed = await closeAtProvider(providers.get(payment.provider), payment);
    if (closed && closed.status !== 'cancelled') return { cancelled: false, arrival: takenArrival(payment, closed) };
  } catch (error) {
    throwProviderFailure(error);
  }
  await markCancelled(em, payment);
  return { cancelled: true };
}

async function closeAtProvider(provider: PaymentProvider, payment: Payment): Promise<ProviderPayment | null> {
  const known =
    payment.providerObjectId ??
    (await provider.findPayment({ paymentId: payment.id, orderId: payment.orderId }))?.providerObjectId;
  if (!known) return null;
  const idempotencyKey = `order/${payment.orderId}:cancel-payment:${payment.attempt}`;
  return provider.cancelPayment({ providerObjectId: known, idempotencyKey });
}

function takenArrival(payment: Payment, closed: ProviderPayment) {
  if (closed.status === 'succeeded' || closed.status === 'authorized') return arrivalOf(payment.id, closed);
  // The bank is still deciding (delayed methods): nobody can end this attempt before it has.
  throw ApplicationFailure.retryable(`the payment is still ${closed.status}`, 'payment_provider_unavailable');
}

async function markCancelled(em: EntityManager, { id }: Payment): Promise<void> {
  const open = { id, status: { $nin: ['succeeded', 'authorized', 'refunded', 'late_refunded'] } } as const;
  await em.nativeUpdate(Payment, open, { status: 'cancelled', updatedAt: new Date() });
}
