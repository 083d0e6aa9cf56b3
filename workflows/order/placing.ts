/** First chapter: the order is stored, its goods are reserved, and there is a payment to make. */

import { checkout, payments, records } from '../shared/activity-proxies.ts';
import { Compensation } from '../shared/compensation.ts';
import { refusalIn } from '../shared/fail.ts';
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
    await compensation.run();
    order.refusal = refusalIn(error) ?? {
      code: 'payment_provider_unavailable',
      message: 'the payment could not be created; nothing was charged',
    };
    order.status = 'rejected';
    return false;
  }
  order.status = 'pending_payment';
  order.note({ type: 'order.placed', by: 'buyer', text: 'The order was placed and its goods are reserved.' });
  return true;
}

async function openPayment(order: OrderState): Promise<void> {
  const { orderId, payment } = order.input;
  order.attempts += 1;
  const created = await checkout.createPayment({ orderId, attempt: order.attempts, ...payment });
  order.paymentId = created.paymentId;
}

async function cancelPayment(order: OrderState): Promise<void> {
  await payments.cancelPayment({ orderId: order.input.orderId, attempt: order.attempts });
}

async function cancelReservation(order: OrderState): Promise<void> {
  await records.closeUnpaid({
    orderId: order.input.orderId,
    status: 'cancelled',
    reason: 'the payment could not be created',
    actor: { role: 'system', id: 'order' },
  });
}
