/** The order's message handlers: they validate and record; the main loop does the rest. */

import { CancellationScope, condition, setHandler } from '@temporalio/workflow';
import type { Actor } from '../../domain/escrow.ts';
import type { PaymentId } from '../../domain/ids.ts';
import type { OrderStatus } from '../../domain/order.ts';
import { fail } from '../shared/fail.ts';
import { Request } from '../shared/request.ts';
import { isFact } from '../shared/seen-events.ts';
import {
  type CancelOrderInput,
  cancelOrderUpdate,
  orderSnapshotQuery,
  orderTimelineQuery,
  paymentFailedSignal,
  paymentSucceededSignal,
  placeUpdate,
  type RetryPaymentInput,
  retryPaymentUpdate,
} from './contract.ts';
import type { OrderState } from './state.ts';

/** Each attempt costs history; a buyer who needs more than this has a problem that another attempt does not solve. */
const PAYMENT_ATTEMPTS_MAX = 20;

/** Registers every handler; called before the first await, so that no message finds the door closed. */
export function registerHandlers(order: OrderState): void {
  setHandler(placeUpdate, () => placing(order));
  setHandler(retryPaymentUpdate, (input) => retry(order, input), {
    validator: (input: RetryPaymentInput | undefined) => {
      refuseUnlessUnpaid(order, input);
      if (order.attempts >= PAYMENT_ATTEMPTS_MAX) throw fail('order_not_open', 'too many attempts to pay this order');
    },
  });
  setHandler(cancelOrderUpdate, (input) => cancel(order, input), {
    validator: (input: CancelOrderInput | undefined) => refuseUnlessUnpaid(order, input),
  });
  setHandler(paymentSucceededSignal, (arrival) => {
    if (isFact(arrival) && order.seen.takeIn(arrival.eventId)) order.arrivals.push(arrival);
  });
  setHandler(paymentFailedSignal, (decline) => {
    if (isFact(decline) && order.seen.takeIn(decline.eventId)) order.declines.push(decline);
  });
  CancellationScope.current().cancelRequested.catch(() => {
    order.stopRequested = true;
  });
  setHandler(orderSnapshotQuery, () => order.snapshot());
  setHandler(orderTimelineQuery, () => order.timeline());
}

async function placing(order: OrderState): Promise<{ orderId: OrderState['input']['orderId']; status: OrderStatus }> {
  await CancellationScope.nonCancellable(() => condition(() => order.placingEnded));
  if (order.refusal) throw fail(order.refusal.code, order.refusal.message);
  if (order.status === 'rejected') throw fail('internal_error', 'the order could not be placed');
  return { orderId: order.input.orderId, status: order.status };
}

function retry(order: OrderState, input: RetryPaymentInput): Promise<{ paymentId: PaymentId }> {
  const request = new Request<RetryPaymentInput, { paymentId: PaymentId }>(input);
  order.requests.push({ kind: 'retry', request });
  return request.answered();
}

function cancel(order: OrderState, input: CancelOrderInput): Promise<{ status: OrderStatus }> {
  const request = new Request<CancelOrderInput, { status: OrderStatus }>(input);
  order.requests.push({ kind: 'cancel', request });
  return request.answered();
}

function refuseUnlessUnpaid(order: OrderState, input: { actor?: Actor } | undefined): void {
  if (!input?.actor) throw fail('validation_failed', 'a request names its actor');
  if (order.isClosed) throw fail('order_not_open', `the order has ended: ${order.status}`);
  if (order.status === 'created') return; // Queued until the order stands.
  if (order.status !== 'pending_payment') throw fail('order_already_paid', 'the order is already paid');
}
