/** Real workflows on a real server, with activities in memory: one pair of workers for all worlds of a test file. */

import type { Client } from '@temporalio/client';
import { type NativeConnection, Worker, type WorkflowBundleOption } from '@temporalio/worker';
import type { PlacedOrder } from '../../../activities/records/order-records.ts';
import type { EscrowInput } from '../../../workflows/escrow/contract.ts';
import { TASK_QUEUES } from '../../../workflows/task-queues.ts';
import { connectTemporal, testBundle } from '../../support/temporal.ts';
import { escrowInput, type StartedEscrow, startEscrow, storedAtStart } from './escrows.ts';
import { createFakeActivities } from './fake-activities.ts';
import { FakeWorld } from './fake-world.ts';
import { orderInput, placedOrder, type TestOrder, testOrder } from './orders.ts';

/** A server to run on, with the search attributes registered. */
export type TestServer = {
  client: Client;
  nativeConnection: NativeConnection;
  namespace: string;
  close(): Promise<void>;
};

export type EnvironmentOptions = {
  /** Default: the test server, in a namespace of its own. */
  server?: TestServer;
  /** Default: the workflows as they are. */
  workflowBundle?: WorkflowBundleOption;
  maxCachedWorkflows?: number;
};

export type WorkflowEnvironment = {
  client: Client;
  /** An order in a world of its own, not placed yet. */
  order(placed?: PlacedOrder): TestOrder;
  /** A running escrow in a world of its own, without an order above it. */
  escrow(
    changes?: Partial<EscrowInput>,
    prepare?: (world: FakeWorld, input: EscrowInput) => void,
  ): Promise<StartedEscrow>;
  close(): Promise<void>;
};

/** Starts the workers. Call it in beforeAll and `close` in afterAll. */
export async function startWorkflowEnvironment(options: EnvironmentOptions = {}): Promise<WorkflowEnvironment> {
  const server = options.server ?? (await connectTemporal());
  const { client, nativeConnection: connection, namespace } = server;
  const worlds = new Map<string, FakeWorld>();
  const activities = createFakeActivities(({ orderId, escrowId, paymentId, disputeId = '' }) => {
    const ofDispute = () => [...worlds.values()].find(({ disputes }) => disputes.all.has(disputeId));
    const world = worlds.get(orderId ?? escrowId ?? orderOf(paymentId)) ?? ofDispute();
    if (!world) throw new Error(`nobody has made a world of ${orderId ?? escrowId ?? paymentId ?? disputeId}`);
    return world;
  });
  const common = { connection, namespace, activities, identity: 'test' };
  const { workflowBundle = testBundle(), maxCachedWorkflows } = options;
  const workers = await Promise.all([
    Worker.create({ ...common, taskQueue: TASK_QUEUES.core, workflowBundle, maxCachedWorkflows }),
    Worker.create({ ...common, taskQueue: TASK_QUEUES.payments }),
  ]);
  const running = workers.map((worker) => worker.run());
  return {
    client,
    order(placed = placedOrder()) {
      const input = orderInput();
      const world = new FakeWorld(placed);
      for (const id of [input.orderId, ...placed.vendorOrders.map(({ escrowId }) => escrowId)]) worlds.set(id, world);
      return testOrder(client, input, world);
    },
    async escrow(changes = {}, prepare = () => {}) {
      const input = escrowInput(changes);
      const world = new FakeWorld(placedOrder());
      worlds.set(input.escrowId, world).set(input.orderId, world);
      world.store(input.escrowId, storedAtStart(input));
      world.disputes.holds.set(input.escrowId, input);
      prepare(world, input);
      return startEscrow(client, input, world);
    },
    async close() {
      for (const worker of workers) worker.shutdown();
      await Promise.all(running);
      await server.close();
    },
  };
}

/** Payment ids of the tests name their order. */
function orderOf(paymentId = ''): string {
  return /^pay_(ord_.+)_\d+$/.exec(paymentId)?.[1] ?? '';
}
