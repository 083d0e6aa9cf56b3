/** First chapter: the order is stored, its goods are reserved, and there is a payment to make. */

import { payments, records } from '../shared/activity-proxies.ts';
import { Compensation } from '../shared/compensation.ts';
import { refusalIn } from '../shared/fail.ts';
import { createPayment } from './create-payment.ts';
import type { OrderState } from './state.ts';

/** True when the order waits for its payment; false when it was refused, and nothing stays reserved. */
export async function placed(order: OrderState): Promise<boolean> {
  const compensation = new Compensation();
  try {
    compensation.add('release the reservation', () => cancelReservation(order));
    order.placed = await records.placeOrder(order.input);
    compensation.add('cancel the payment', () => cancelPayment(order));
    await openPayment(order);
  } catch (error) {
    const refusal = refusalIn(error);
    // Refused before it was stored: there is nothing to undo.
    if (order.placed !== null || refusal === null) await compensation.run();
    order.refusal = refusal ?? {
      code: 'payment_provider_unavailable',
      message: 'the payment could not be created; nothing was charged',
    };
    order.status = 'rejected';
    return false;
  }
  order.status = 'pending_payment';
  order.note('order.placed', 'buyer');
  return true;
}

async function openPayment(order: OrderState): Promise<void> {
  const { orderId, payment } = order.input;
  order.attempts += 1;
  const created = await createPayment({ orderId, attempt: order.attempts, ...payment });
  order.paymentId = created.paymentId;
}

async function cancelPayment(order: OrderState): Promise<void> {
  const outcome = await payments.cancelPayment({ orderId: order.input.orderId, attempt: order.attempts });
  if (!outcome.cancelled) order.arrivals.push(outcome.arrival);
}

async function cancelReservation(order: OrderState): Promise<void> {
  await records.closeUnpaid({
    orderId: order.input.orderId,
    status: 'cancelled',
    reason: 'the payment could not be created',
    actor: { role: 'system', id: 'order' },
  });
}
