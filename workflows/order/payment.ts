/** Second chapter: the buyer pays, tries again, cancels, or lets the payment window pass. */

import { type ApplicationFailure, condition, upsertSearchAttributes } from '@temporalio/workflow';
import type { Actor } from '../../domain/escrow.ts';
import type { PaymentId } from '../../domain/ids.ts';
import type { OrderStatus } from '../../domain/order.ts';
import { payments, records } from '../shared/activity-proxies.ts';
import { Deadline } from '../shared/deadline.ts';
import { fail, refusalIn } from '../shared/fail.ts';
import { insist } from '../shared/insist.ts';
import { SEARCH_ATTRIBUTES } from '../shared/operator-view.ts';
import type { Request } from '../shared/request.ts';
import type { CancelOrderInput, PaymentSucceeded, RetryPaymentInput } from './contract.ts';
import { createPayment } from './create-payment.ts';
import { sendBack } from './late-money.ts';
import type { OrderState } from './state.ts';

const SYSTEM: Actor = { role: 'system', id: 'order' };

/**
 * True when the order is paid; false when it ended before. The provider has the last word: money that arrived counts
 * before any request or deadline that is waiting beside it.
 */
export async function paidInTime(order: OrderState): Promise<boolean> {
  const window = new Deadline();
  while (order.status === 'pending_payment') {
    window.arm(order.placed ? Date.parse(order.placed.paymentExpiresAt) : null, 'payment window');
    await condition(
      () =>
        order.arrivals.length > 0 ||
        order.declines.length > 0 ||
        order.requests.length > 0 ||
        order.stopRequested ||
        window.passed,
    );
    await takeNextStep(order, window);
  }
  window.arm(null, '');
  if (order.paid) order.refuseWaiting('order_already_paid', 'the order is paid');
  return order.paid !== null;
}

async function takeNextStep(order: OrderState, window: Deadline): Promise<void> {
  const arrival = order.arrivals.shift();
  if (arrival) return acceptPayment(order, arrival);
  const decline = order.declines.shift();
  if (decline) {
    // A decline ends nothing: the buyer may try again until the window ends.
    await records.recordDecline({ orderId: order.input.orderId, ...decline });
    order.note('payment.declined', 'provider', decline.failureCode);
    return;
  }
  const asked = order.requests.shift();
  if (asked?.kind === 'retry') return retryPayment(order, asked.request);
  if (asked?.kind === 'cancel') return cancel(order, asked.request);
  if (window.passed) return closeUnpaid(order, 'expired', 'not paid within the payment window', SYSTEM);
  if (order.stopRequested) return closeUnpaid(order, 'cancelled', 'stopped by an operator', SYSTEM);
}

async function cancel(order: OrderState, request: Request<CancelOrderInput, { status: OrderStatus }>): Promise<void> {
  await closeUnpaid(order, 'cancelled', request.input.reason, request.input.actor);
  if (order.status === 'cancelled') request.answer({ status: order.status });
  else request.refuse(tooLate(order));
}

function tooLate(order: OrderState): ApplicationFailure {
  if (order.paid) return fail('order_already_paid', 'the provider already has the money: the order is paid');
  return fail('order_not_open', `the order has ended: ${order.status}`);
}

async function retryPayment(
  order: OrderState,
  request: Request<RetryPaymentInput, { paymentId: PaymentId }>,
): Promise<void> {
  const { provider, method } = request.input;
  if (!order.placed?.providers.includes(provider)) {
    return request.refuse(fail('payment_provider_not_offered', `not offered here: ${provider}`));
  }
  if (!(await cancelledAtProvider(order))) return request.refuse(tooLate(order));
  try {
    order.attempts += 1;
    const attempt = { orderId: order.input.orderId, attempt: order.attempts, provider, method };
    const created = await createPayment(attempt);
    order.paymentId = created.paymentId;
    order.note('payment.retried', 'buyer');
    request.answer(created);
  } catch (error) {
    // The order stays open: the buyer may ask again until the window ends.
    const refusal = refusalIn(error) ?? { code: 'payment_provider_unavailable', message: 'no payment was created' };
    request.refuse(fail(refusal.code, refusal.message));
  }
}

/** Ends the unpaid order, provider first: if it turns out to have the money, the order is paid instead. */
async function closeUnpaid(
  order: OrderState,
  status: 'cancelled' | 'expired',
  reason: string,
  actor: Actor,
): Promise<void> {
  if (!(await cancelledAtProvider(order))) return;
  const stored = await records.closeUnpaid({ orderId: order.input.orderId, status, reason, actor });
  order.status = stored.status;
  order.note(`order.${status}`, actor.role, reason);
}

/** False when the provider answered that the payment went through: the order is paid then. */
async function cancelledAtProvider(order: OrderState): Promise<boolean> {
  const attempt = { orderId: order.input.orderId, attempt: order.attempts };
  const outcome = await insist('closing the payment', () => payments.cancelPayment(attempt));
  if (outcome.cancelled) return true;
  await acceptPayment(order, outcome.arrival);
  // Still unpaid: what had arrived was not what the order costs, and went back.
  return order.status === 'pending_payment';
}

/** The rows have the last word on whether this money pays the order; what does not goes back. */
async function acceptPayment(order: OrderState, arrival: PaymentSucceeded): Promise<void> {
  order.seen.takeIn(arrival.eventId);
  const stored = await markPaid(order, arrival);
  order.status = stored.status;
  if (stored.paidAt === null) return sendBack(order, arrival.paymentId);
  order.paid = { paidAt: stored.paidAt, arrival };
  order.note('order.paid', 'provider');
  upsertSearchAttributes([{ key: SEARCH_ATTRIBUTES.orderStatus, value: order.status }]);
}

/** One transaction: journal, reserved → sold, escrows opened. An amount that the order does not cost pays nothing. */
async function markPaid(
  order: OrderState,
  arrival: PaymentSucceeded,
): Promise<{ status: OrderState['status']; paidAt: string | null }> {
  try {
    return await records.markPaid({ orderId: order.input.orderId, arrival });
  } catch (error) {
    if (!refusalIn(error)) throw error;
    return { status: order.status, paidAt: null };
  }
}
