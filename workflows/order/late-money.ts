/** Money that nobody waits for any more goes back to where it came from. */

import type { PaymentId } from '../../domain/ids.ts';
import { payments } from '../shared/activity-proxies.ts';
import { insist } from '../shared/insist.ts';
import type { OrderState } from './state.ts';

/** Sends back what arrived a second time, or after the order had ended. */
export async function sendBackWhatIsLeft(order: OrderState): Promise<void> {
  for (let arrival = order.arrivals.shift(); arrival; arrival = order.arrivals.shift()) {
    const { paymentId } = arrival;
    // News about the payment that paid the order (its capture, say) is no second payment.
    if (paymentId !== order.paid?.arrival.paymentId) await sendBack(order, paymentId);
  }
}

/** Sends back one payment; the order does not end before it has. */
export async function sendBack(order: OrderState, paymentId: PaymentId): Promise<void> {
  await insist('the refund of a late payment', () => payments.refundLatePayment({ paymentId }));
  order.note('payment.late_refunded', 'system');
}
