/** The activities as workflows see them, grouped by how they may fail; each timeout with its reason. */

import { proxyActivities, proxyLocalActivities } from '@temporalio/workflow';
import type { SweepActivities } from '../../activities/bulk/sweeps.ts';
import type { ChargebackActivities } from '../../activities/chargebacks/chargeback-activities.ts';
import type { ChargebackRecords } from '../../activities/chargebacks/chargeback-records.ts';
import type { BulkActivities, CheckoutActivities } from '../../activities/index.ts';
import type { PurchasePaymentActivities } from '../../activities/payments/purchase-payments.ts';
import type { PaymentActivities } from '../../activities/payments.ts';
import type { PayoutActivities } from '../../activities/payouts.ts';
import type { AuthenticityRecords } from '../../activities/records/authenticity/authenticity-records.ts';
import type { DisputeRecords } from '../../activities/records/disputes/dispute-records.ts';
import type { EscrowRecords } from '../../activities/records/escrow-records.ts';
import type { MarketRecords } from '../../activities/records/markets/market-records.ts';
import type { OrderRecords } from '../../activities/records/order-records.ts';
import type { PurchaseRecords } from '../../activities/records/purchases/purchase-records.ts';
import { TASK_QUEUES } from '../task-queues.ts';

/**
 * Writes to our own Postgres, each one idempotent transaction. Local: they cost one event instead of three and no
 * round trip through the server. They are tried until Postgres is back (an order is never lost to a restart);
 * refusals by rule are not retryable anyway.
 */
export const records = proxyLocalActivities<
  OrderRecords & EscrowRecords & DisputeRecords & AuthenticityRecords & ChargebackRecords & PurchaseRecords
>({
  // A transaction that hangs this long has lost its connection.
  startToCloseTimeout: '10s',
  // Longer pauses between tries become timers, so that a long outage does not hold a workflow task open.
  localRetryThreshold: '5s',
  retry: { initialInterval: '200ms', backoffCoefficient: 2, maximumInterval: '30s' },
});

/**
 * Calls to a payment provider, keyed so that a repeat is the same as once. On their own queue, where the server limits
 * the rate and a slow provider holds up nobody else. Cancellation waits for the call's outcome: compensation must not
 * run while the provider still works on it.
 */
export const payments = proxyActivities<
  PaymentActivities & PayoutActivities & ChargebackActivities & PurchasePaymentActivities
>({
  taskQueue: TASK_QUEUES.payments,
  // The provider's client gives up after 10 s; the rest is our own rows.
  startToCloseTimeout: '30s',
  // Providers may forget an idempotency key after 24 h: stop well before that.
  scheduleToCloseTimeout: '20h',
  cancellationType: 'WAIT_CANCELLATION_COMPLETED',
  retry: { initialInterval: '500ms', backoffCoefficient: 2, maximumInterval: '2m' },
});

/**
 * A payment for the buyer to make, tried once beside the workflow: one trip through the server less than any activity.
 * A worker has few places for such work and the records need them, so it gives up on a slow provider soon.
 */
export const promptly = proxyLocalActivities<CheckoutActivities>({
  startToCloseTimeout: '3s',
  retry: { maximumAttempts: 1 },
});

/**
 * The same with patience, on the workflow's own queue: the worker that asks for it gets it with the answer to its
 * workflow task. The buyer waits, so an unreachable provider is told to them within minutes.
 */
export const checkout = proxyActivities<CheckoutActivities>({
  startToCloseTimeout: '30s',
  scheduleToCloseTimeout: '10m',
  cancellationType: 'WAIT_CANCELLATION_COMPLETED',
  retry: { initialInterval: '500ms', backoffCoefficient: 2, maximumInterval: '30s' },
});

/** What markets write: like `records`, run by the workers of the bulk queue. */
export const marketRecords = proxyLocalActivities<MarketRecords>({
  // Forecasts in flight are waited for, and thousands of markets may close in the same second.
  startToCloseTimeout: '30s',
  localRetryThreshold: '5s',
  retry: { initialInterval: '200ms', backoffCoefficient: 2, maximumInterval: '30s' },
});

/** Long work on many rows. It goes on where it stopped, so it is tried until it is done. */
export const bulk = proxyActivities<Omit<BulkActivities, keyof SweepActivities>>({
  taskQueue: TASK_QUEUES.bulk,
  startToCloseTimeout: '1h',
  // Batches report when they are done; each takes less than a second, or minutes on a database in trouble.
  heartbeatTimeout: '2m',
  cancellationType: 'WAIT_CANCELLATION_COMPLETED',
  retry: { initialInterval: '1s', backoffCoefficient: 2, maximumInterval: '1m' },
});

/** What schedules have done now and then. The next round comes by itself, so a failing one gives up soon. */
export const sweeps = proxyActivities<SweepActivities>({
  taskQueue: TASK_QUEUES.bulk,
  // Seconds at a hundred thousand users.
  startToCloseTimeout: '2m',
  retry: { initialInterval: '2s', backoffCoefficient: 2, maximumAttempts: 5 },
});
