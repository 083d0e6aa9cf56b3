/** Orders for workflow tests: what is placed, and the messages that buyers and providers send. */

import { type Client, WithStartWorkflowOperation, type WorkflowHandleWithSignaledRunId } from '@temporalio/client';
import type { PlacedOrder } from '../../../activities/records/order-records.ts';
import { newId } from '../../../db/new-id.ts';
import type { Actor } from '../../../domain/escrow.ts';
import {
  cancelOrderUpdate,
  ORDER_WORKFLOW_TYPE,
  type OrderInput,
  type OrderResult,
  orderWorkflowId,
  type PaymentSucceeded,
  type PlaceResult,
  paymentFailedSignal,
  paymentSucceededSignal,
  placeUpdate,
  retryPaymentUpdate,
} from '../../../workflows/order/contract.ts';
import { TASK_QUEUES } from '../../../workflows/task-queues.ts';
import { type EscrowHandle, escrowHandle } from './escrows.ts';
import { paymentIdOf } from './fake-activities.ts';
import type { FakeWorld } from './fake-world.ts';
import { untilEvents } from './history.ts';
import { fromNow, holdPolicy, NEVER_MS } from './policies.ts';

type OrderWorkflow = (input: OrderInput) => Promise<OrderResult>;
export type OrderHandle = Omit<WorkflowHandleWithSignaledRunId<OrderWorkflow>, 'signaledRunId'>;

/** An order and everything a test does to it. */
export type TestOrder = {
  input: OrderInput;
  world: FakeWorld;
  buyer: Actor;
  handle: OrderHandle;
  /** As the API does: start and update in one call. */
  place(updateId?: string): Promise<PlaceResult>;
  pay(changes?: Partial<PaymentSucceeded>): Promise<void>;
  decline(changes?: { eventId?: string; attempt?: number }): Promise<void>;
  retryPayment(provider?: 'stripe' | 'pi'): Promise<{ paymentId: string }>;
  cancel(): Promise<{ status: string }>;
  /** The same, as soon as the workflow has taken it in: the answer is still to come. */
  cancelAccepted(): Promise<{ result(): Promise<{ status: string }> }>;
  /** The escrow of the n-th vendor order, once the order has started it. */
  escrow(index?: number): Promise<EscrowHandle>;
};

/** What `placeOrder` answers: vendor orders of physical goods, clocks that never ring unless given. */
export function placedOrder(changes: Partial<PlacedOrder> = {}, vendors = 1): PlacedOrder {
  return {
    preset: 'multi-vendor',
    currency: 'USD',
    totalMinor: 10_000,
    providers: ['stripe'],
    paymentExpiresAt: fromNow(NEVER_MS),
    holdPolicy: holdPolicy(),
    vendorOrders: Array.from({ length: vendors }, () => ({
      vendorOrderId: newId('vendorOrder'),
      escrowId: newId('escrow'),
      sellerId: newId('user'),
      grossMinor: 10_000 / vendors,
      fulfilment: 'physical' as const,
    })),
    ...changes,
  };
}

export function orderInput(): OrderInput {
  return {
    orderId: newId('order'),
    buyerId: newId('user'),
    lines: [{ listingId: newId('listing'), quantity: 1 }],
    shippingAddress: null,
    payment: { provider: 'stripe', method: null },
    requestHash: 'hash',
    requestId: 'req_test',
  };
}

/** News of money for the first attempt to pay, charged at once. */
export function arrivalFor(input: OrderInput, changes: Partial<PaymentSucceeded> = {}): PaymentSucceeded {
  return {
    eventId: newId('event'),
    paymentId: paymentIdOf(input.orderId, 1),
    amountMinor: 10_000,
    chargeId: 'ch_1',
    captured: true,
    captureBefore: null,
    ...changes,
  };
}

/** Wires an order to the messages of its contract. */
export function testOrder(client: Client, input: OrderInput, world: FakeWorld): TestOrder {
  const workflowId = orderWorkflowId(input.orderId);
  const handle: OrderHandle = client.workflow.getHandle<OrderWorkflow>(workflowId);
  const buyer = { role: 'buyer', id: input.buyerId } as const;
  return {
    input,
    world,
    buyer,
    handle,
    place(updateId = 'place') {
      const startWorkflowOperation = new WithStartWorkflowOperation(ORDER_WORKFLOW_TYPE, {
        workflowId,
        taskQueue: TASK_QUEUES.core,
        args: [input],
        workflowIdConflictPolicy: 'USE_EXISTING',
        workflowIdReusePolicy: 'REJECT_DUPLICATE',
      });
      return client.workflow.executeUpdateWithStart(placeUpdate, { startWorkflowOperation, updateId, args: [] });
    },
    pay: (changes) => handle.signal(paymentSucceededSignal, arrivalFor(input, changes)),
    decline: ({ eventId = newId('event'), attempt = 1 } = {}) =>
      handle.signal(paymentFailedSignal, {
        eventId,
        paymentId: paymentIdOf(input.orderId, attempt),
        failureCode: 'card_declined',
      }),
    retryPayment: (provider = 'stripe') =>
      handle.executeUpdate(retryPaymentUpdate, { args: [{ provider, method: null, actor: buyer }] }),
    cancel: () => handle.executeUpdate(cancelOrderUpdate, { args: [{ actor: buyer, reason: 'changed my mind' }] }),
    cancelAccepted: () =>
      handle.startUpdate(cancelOrderUpdate, {
        args: [{ actor: buyer, reason: 'changed my mind' }],
        waitForStage: 'ACCEPTED',
      }),
    async escrow(index = 0) {
      await untilEvents(client, workflowId, 'childWorkflowExecutionStarted', world.placed.vendorOrders.length);
      const vendorOrder = world.placed.vendorOrders[index];
      if (!vendorOrder) throw new Error(`the order has no vendor order number ${index}`);
      return escrowHandle(client, vendorOrder.escrowId);
    },
  };
}
