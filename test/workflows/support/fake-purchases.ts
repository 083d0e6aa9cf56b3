/** Purchases in memory, and the messages that buyers and providers send them. */

import { type Client, WithStartWorkflowOperation } from '@temporalio/client';
import type { ProviderActivities, RecordActivities } from '../../../activities/index.ts';
import type { PlacedOrder } from '../../../activities/records/order-records.ts';
import { newId } from '../../../db/new-id.ts';
import type { PaymentId, PurchaseId } from '../../../domain/ids.ts';
import type { PurchaseStatus } from '../../../domain/purchase.ts';
import {
  beginUpdate,
  PURCHASE_WORKFLOW_TYPE,
  type PurchaseInput,
  type PurchasePaid,
  type PurchaseResult,
  purchaseDeclinedSignal,
  purchasePaidSignal,
  purchaseWorkflowId,
} from '../../../workflows/purchase/contract.ts';
import { TASK_QUEUES } from '../../../workflows/task-queues.ts';
import { FakeWorld } from './fake-world.ts';
import { fromNow, holdPolicy, NEVER_MS } from './policies.ts';

/** No order is placed here. */
const NO_ORDER: PlacedOrder = {
  preset: 'pilimarket',
  currency: 'PHP',
  totalMinor: 0,
  providers: [],
  paymentExpiresAt: fromNow(NEVER_MS),
  holdPolicy: holdPolicy(),
  vendorOrders: [],
};

/** The world of one purchase. */
class FakePurchase extends FakeWorld {
  readonly paymentId: PaymentId = newId('payment');
  status: PurchaseStatus = 'pending';
  expiresAt: string = fromNow(NEVER_MS);
  /** What the provider says when asked to cancel: the money was there first. */
  paidBefore: PurchasePaid | null = null;

  constructor() {
    super(NO_ORDER);
  }
}

const purchases = new Map<PurchaseId, FakePurchase>();

function worldOf({ purchaseId }: { purchaseId: PurchaseId }): FakePurchase {
  const world = purchases.get(purchaseId);
  if (!world) throw new Error(`nobody has made a world of ${purchaseId}`);
  return world;
}

export const purchaseActivities = {
  async beginPurchase(input) {
    const world = worldOf(input);
    await world.called('beginPurchase', input);
    return { status: world.status, paymentId: world.paymentId, expiresAt: world.expiresAt };
  },
  async completePurchase(input) {
    const world = worldOf(input);
    await world.called('completePurchase', input);
    world.status = 'completed';
    return { status: world.status };
  },
  async declinePurchase(input) {
    await worldOf(input).called('declinePurchase', input);
  },
  async failPurchase(input) {
    const world = worldOf(input);
    await world.called('failPurchase', input);
    if (world.status === 'pending') world.status = 'failed';
    return { status: world.status };
  },
  async createPurchasePayment(input) {
    const world = worldOf(input);
    await world.called('createPurchasePayment', input);
    return { paymentId: world.paymentId };
  },
  async cancelPurchasePayment(input) {
    const world = worldOf(input);
    await world.called('cancelPurchasePayment', input);
    return world.paidBefore ? { cancelled: false, arrival: world.paidBefore } : { cancelled: true };
  },
} satisfies Partial<RecordActivities & ProviderActivities>;

/** A purchase in a world of its own, not begun yet, and everything a test does to it. */
export function testPurchase(client: Client) {
  const input: PurchaseInput = {
    purchaseId: newId('purchase'),
    userId: newId('user'),
    channel: 'pilimarket',
    chips: 100,
    provider: 'gcash',
    requestHash: 'hash',
    requestId: 'req_test',
  };
  const world = new FakePurchase();
  purchases.set(input.purchaseId, world);
  const workflowId = purchaseWorkflowId(input.purchaseId);
  const handle = client.workflow.getHandle<(input: PurchaseInput) => Promise<PurchaseResult>>(workflowId);
  const arrival = (): PurchasePaid => ({
    eventId: newId('event'),
    paymentId: world.paymentId,
    amountMinor: 10_000,
    chargeId: 'ch_1',
  });
  return {
    input,
    world,
    handle,
    arrival,
    /** As the API does: start and update in one call. */
    begin(updateId = 'begin') {
      const startWorkflowOperation = new WithStartWorkflowOperation(PURCHASE_WORKFLOW_TYPE, {
        workflowId,
        taskQueue: TASK_QUEUES.core,
        args: [input],
        workflowIdConflictPolicy: 'USE_EXISTING',
        workflowIdReusePolicy: 'REJECT_DUPLICATE',
      });
      return client.workflow.executeUpdateWithStart(beginUpdate, { startWorkflowOperation, updateId, args: [] });
    },
    pay: (changes: Partial<PurchasePaid> = {}) => handle.signal(purchasePaidSignal, { ...arrival(), ...changes }),
    decline: (eventId: string = newId('event')) =>
      handle.signal(purchaseDeclinedSignal, { eventId, failureCode: 'insufficient_funds' }),
  };
}
