/** Runs real workflows on the real test server, with activities in memory and policies of milliseconds. */

import { type Client, type WorkflowHandle, WithStartWorkflowOperation } from '@temporalio/client';
import { Worker, type WorkflowBundle } from '@temporalio/worker';
import type { PlacedOrder } from '../../../activities/records/order-records.ts';
import { newId } from '../../../db/new-id.ts';
import type { Policy } from '../../../domain/policy/policy.ts';
import { buildWorkflowBundle } from '../../../workers/build-bundle.ts';
import type { EscrowInput } from '../../../workflows/escrow/contract.ts';
import {
  ORDER_WORKFLOW_TYPE,
  type OrderInput,
  orderWorkflowId,
  type PaymentSucceeded,
  placeUpdate,
} from '../../../workflows/order/contract.ts';
import { TASK_QUEUES } from '../../../workflows/task-queues.ts';
import { connectTemporal, type TestTemporal } from '../../support/temporal.ts';
import { createFakeWorld, type FakeWorld } from './fake-activities.ts';

/** Long enough never to pass in a test. */
export const NEVER_MS = 3_600_000;

export type WorkflowEnvironment = {
  client: Client;
  temporal: TestTemporal;
  /** Runs `test` with workers whose activities act on a world of their own. */
  inWorld<T>(placed: PlacedOrder, test: (world: FakeWorld) => Promise<T>): Promise<T>;
  close(): Promise<void>;
};

let bundle: Promise<WorkflowBundle> | undefined;

export async function startWorkflowEnvironment(): Promise<WorkflowEnvironment> {
  const temporal = await connectTemporal();
  bundle ??= buildWorkflowBundle();
  const workflowBundle = await bundle;
  const common = { connection: temporal.nativeConnection, namespace: temporal.namespace };
  return {
    client: temporal.client,
    temporal,
    close: () => temporal.close(),
    async inWorld(placed, test) {
      const { world, activities } = createFakeWorld(placed);
      const core = await Worker.create({ ...common, taskQueue: TASK_QUEUES.core, workflowBundle, activities });
      const payments = await Worker.create({ ...common, taskQueue: TASK_QUEUES.payments, activities });
      return core.runUntil(() => payments.runUntil(() => test(world)));
    },
  };
}

type Clocks = Partial<Policy['hold'] & { paymentWindowMs: number }>;

/** An order of one physical vendor order, with clocks that never ring unless given. */
export function placedOrder(clocks: Clocks = {}, changes: Partial<EscrowInput['policy']> = {}): PlacedOrder {
  const { paymentWindowMs = NEVER_MS, ...hold } = clocks;
  return {
    preset: 'multi-vendor',
    currency: 'USD',
    totalMinor: 10_000,
    providers: ['stripe'],
    paymentExpiresAt: new Date(Date.now() + paymentWindowMs).toISOString(),
    holdPolicy: {
      hold: {
        shipWithinMs: NEVER_MS,
        deliveredAfterMs: NEVER_MS,
        autoReleaseMs: NEVER_MS,
        captureBeforeExpiryMs: 0,
        ...hold,
      },
      digital: { releaseAfterMs: 0, releaseAfterAccessMs: 0 },
      payoutMode: 'batched_weekly',
      ...changes,
    },
    vendorOrders: [
      {
        vendorOrderId: newId('vendorOrder'),
        escrowId: newId('escrow'),
        sellerId: newId('user'),
        grossMinor: 10_000,
        fulfilment: 'physical',
      },
    ],
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

/** Places an order as the API does: start and update in one call. */
export async function place(client: Client, input: OrderInput): Promise<WorkflowHandle> {
  const startWorkflowOperation = new WithStartWorkflowOperation(ORDER_WORKFLOW_TYPE, {
    workflowId: orderWorkflowId(input.orderId),
    taskQueue: TASK_QUEUES.core,
    args: [input],
    workflowIdConflictPolicy: 'USE_EXISTING',
    workflowIdReusePolicy: 'REJECT_DUPLICATE',
  });
  await client.workflow.executeUpdateWithStart(placeUpdate, { startWorkflowOperation, updateId: 'place' });
  return client.workflow.getHandle(orderWorkflowId(input.orderId));
}

/** News of money for an attempt to pay, charged at once. */
export function arrival(input: OrderInput, changes: Partial<PaymentSucceeded> = {}): PaymentSucceeded {
  return {
    eventId: `evt_${newId('event')}`,
    paymentId: `pay_${input.orderId}_1`,
    amountMinor: 10_000,
    chargeId: 'ch_1',
    captured: true,
    captureBefore: null,
    ...changes,
  };
}
