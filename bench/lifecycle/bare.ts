/** The bare skeleton: the same lifecycle on the same kind of server, without API, database and provider. */

import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { Client, Connection, WithStartWorkflowOperation, WorkflowNotFoundError } from '@temporalio/client';
import { newId } from '../../db/new-id.ts';
import { freePort } from '../../dev/ports.ts';
import { startProcess } from '../../dev/processes.ts';
import { findTemporalBinary } from '../../dev/temporal-binary.ts';
import { prepareTemporal, startTemporalServer } from '../../dev/temporal-server.ts';
import type { EscrowId, OrderId, UserId } from '../../domain/ids.ts';
import {
  confirmDeliveryUpdate,
  escrowWorkflowId,
  markDeliveredUpdate,
  shipUpdate,
} from '../../workflows/escrow/contract.ts';
import {
  ORDER_WORKFLOW_TYPE,
  orderWorkflowId,
  paymentSucceededSignal,
  placeUpdate,
} from '../../workflows/order/contract.ts';
import { TASK_QUEUES } from '../../workflows/task-queues.ts';
import { interrupted } from '../interrupted.ts';
import { say } from '../report.ts';
import { bareEscrowId, barePaymentId, bareSellerId } from './bare-activities.ts';
import type { Lifecycle } from './lifecycle.ts';

const BUYER: UserId = 'usr_buyer';

/** Starts a server with a file and a worker of its own. */
export async function startBare(folder: string): Promise<Lifecycle> {
  const started: { stop(): Promise<void> }[] = [];
  const stop = async () => {
    for (const part of started.toReversed()) await part.stop();
  };
  try {
    const logFolder = join(folder, 'logs');
    const server = await startTemporalServer({
      binary: await findTemporalBinary(say, interrupted),
      port: await freePort(),
      uiPort: null,
      databaseFile: join(folder, 'bare.sqlite'),
      logFolder,
      abort: interrupted,
    });
    started.push(server.process);
    await prepareTemporal(server.address, 'default');
    const worker = await startProcess({
      name: 'bare-worker',
      command: process.execPath,
      args: [join(import.meta.dirname, 'bare-worker.ts')],
      env: { ...process.env, TEMPORAL_ADDRESS: server.address },
      logFolder,
      ready: /bare worker ready/,
      abort: interrupted,
    });
    started.push(worker);
    const connection = await Connection.connect({ address: server.address });
    started.push({ stop: () => connection.close() });
    const client = new Client({ connection });
    return { play: () => playBare(client), stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

async function playBare(client: Client): Promise<void> {
  const orderId = newId('order');
  await place(client, orderId);
  const order = client.workflow.getHandle(orderWorkflowId(orderId));
  await order.signal(paymentSucceededSignal, {
    eventId: orderId,
    paymentId: barePaymentId(orderId),
    amountMinor: 10_000,
    chargeId: 'ch_bare',
    captured: true,
    captureBefore: null,
  });
  await fulfil(client, bareEscrowId(orderId));
  await order.result();
}

async function place(client: Client, orderId: OrderId): Promise<void> {
  const startWorkflowOperation = new WithStartWorkflowOperation(ORDER_WORKFLOW_TYPE, {
    workflowId: orderWorkflowId(orderId),
    taskQueue: TASK_QUEUES.core,
    args: [
      {
        orderId,
        buyerId: BUYER,
        lines: [{ listingId: newId('listing'), quantity: 1 }],
        shippingAddress: null,
        payment: { provider: 'stripe', method: null },
        requestHash: 'bare',
        requestId: 'bare',
      },
    ],
    workflowIdConflictPolicy: 'USE_EXISTING',
    workflowIdReusePolicy: 'REJECT_DUPLICATE',
  });
  await client.workflow.executeUpdateWithStart(placeUpdate, { startWorkflowOperation, updateId: 'place' });
}

async function fulfil(client: Client, escrowId: EscrowId): Promise<void> {
  const escrow = client.workflow.getHandle(escrowWorkflowId(escrowId));
  const seller = { role: 'seller', id: bareSellerId } as const;
  const buyer = { role: 'buyer', id: BUYER } as const;
  await onceItRuns(() =>
    escrow.executeUpdate(shipUpdate, { args: [{ actor: seller, carrier: 'DHL', trackingNumber: '1' }] }),
  );
  await escrow.executeUpdate(markDeliveredUpdate, { args: [{ actor: seller }] });
  await escrow.executeUpdate(confirmDeliveryUpdate, { args: [{ actor: buyer }] });
}

/** The escrow begins a moment after the payment's news. */
async function onceItRuns(send: () => Promise<unknown>): Promise<void> {
  for (;;) {
    try {
      await send();
      return;
    } catch (error) {
      if (!(error instanceof WorkflowNotFoundError)) throw error;
      await delay(20);
    }
  }
}
