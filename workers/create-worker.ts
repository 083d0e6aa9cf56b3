/** The workers of one process, one per task queue, on one connection. */

import { type NativeConnection, Worker, type WorkflowBundleOption } from '@temporalio/worker';
import {
  type ActivityDependencies,
  createBulkActivities,
  createCheckoutActivities,
  createMarketRecords,
  createProviderActivities,
  createRecordActivities,
} from '../activities/index.ts';
import { TASK_QUEUES } from '../workflows/task-queues.ts';

type Connected = { connection: NativeConnection; namespace: string };

/** Long enough for the slowest provider call to end before its worker goes. */
const SHUTDOWN_GRACE = '15s';

/** Runs the workflows and, beside them, the records they write (local activities) and the payments of the checkout. */
export function createCoreWorker(
  { connection, namespace }: Connected,
  workflowBundle: WorkflowBundleOption,
  deps: ActivityDependencies,
): Promise<Worker> {
  return Worker.create({
    connection,
    namespace,
    taskQueue: TASK_QUEUES.core,
    workflowBundle,
    activities: { ...createRecordActivities(deps), ...createCheckoutActivities(deps) },
    // A cached workflow is some 100 kB; the default grows with the heap and has run workers out of memory.
    maxCachedWorkflows: 500,
    // Every record takes a connection of the pool: more at a time would only wait there.
    maxConcurrentLocalActivityExecutions: 20,
    // Payments being created. The server limits no rate here (it would stop handing them over with the workflow task),
    // so their number at a time does: a provider takes a few hundred milliseconds for each.
    maxConcurrentActivityTaskExecutions: 10,
    shutdownGraceTime: SHUTDOWN_GRACE,
  });
}

/** Calls payment providers for everything that nobody waits for. The server keeps all workers of this queue together under the provider's rate limit. */
export function createPaymentsWorker(
  { connection, namespace }: Connected,
  deps: ActivityDependencies,
  requestsPerSecond: number,
): Promise<Worker> {
  return Worker.create({
    connection,
    namespace,
    taskQueue: TASK_QUEUES.payments,
    activities: createProviderActivities(deps),
    maxTaskQueueActivitiesPerSecond: requestsPerSecond,
    maxConcurrentActivityTaskExecutions: 20,
    shutdownGraceTime: SHUTDOWN_GRACE,
  });
}

/**
 * Runs markets and, beside them, the records they write; and long work on many rows. Few of those at a time: a thousand
 * markets that close at once wait for each other, while orders go on.
 */
export function createBulkWorker(
  { connection, namespace }: Connected,
  workflowBundle: WorkflowBundleOption,
  deps: ActivityDependencies,
): Promise<Worker> {
  return Worker.create({
    connection,
    namespace,
    taskQueue: TASK_QUEUES.bulk,
    workflowBundle,
    activities: { ...createMarketRecords(deps), ...createBulkActivities(deps) },
    maxCachedWorkflows: 200,
    // Connections that the orders' records of the same process do without.
    maxConcurrentLocalActivityExecutions: 4,
    // Each keeps a core of Postgres busy.
    maxConcurrentActivityTaskExecutions: 2,
    shutdownGraceTime: SHUTDOWN_GRACE,
  });
}
