/** What the gateway makes of each answer of a real Temporal server, and of none. */

import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Client } from '@temporalio/client';
import { bundleWorkflowCode, DefaultLogger, Worker } from '@temporalio/worker';
import { OutcomeUnknownError } from '../../api/errors.ts';
import { connectLazily } from '../../api/temporal-connection.ts';
import { createTemporalGateway, type TemporalGateway } from '../../api/temporal-gateway.ts';
import { newId } from '../../db/new-id.ts';
import { freePort } from '../../dev/ports.ts';
import { commandUpdate, DISPUTE_WORKFLOW_TYPE, disputeWorkflowId } from '../../workflows/dispute/contract.ts';
import {
  digitalAccessedSignal,
  escrowSnapshotQuery,
  escrowWorkflowId,
  openDisputeUpdate,
  shipUpdate,
} from '../../workflows/escrow/contract.ts';
import {
  cancelMarketUpdate,
  type MarketInput,
  marketWorkflowId,
  suspendUpdate,
} from '../../workflows/market/contract.ts';
import { cancelOrderUpdate, type OrderInput, orderWorkflowId } from '../../workflows/order/contract.ts';
import { TASK_QUEUES } from '../../workflows/task-queues.ts';
import { connectTemporal, type TestTemporal } from '../support/temporal.ts';

let temporal: TestTemporal;
let gateway: TemporalGateway;
let workers: Worker[];
let running: Promise<unknown>;
/** Holds up the end of an escrow. */
const held = { up: Promise.withResolvers<void>(), until: Promise.withResolvers<void>() };

beforeAll(async () => {
  temporal = await connectTemporal();
  gateway = createTemporalGateway(temporal.client, { callDeadlineMs: 1_500 });
  const workflowsPath = fileURLToPath(new URL('./support/gateway-workflows.ts', import.meta.url));
  const { namespace, nativeConnection: connection } = temporal;
  const workflowBundle = await bundleWorkflowCode({ workflowsPath, logger: new DefaultLogger('WARN') });
  const activities = {
    hold: () => {
      held.up.resolve();
      return held.until.promise;
    },
  };
  const common = { connection, namespace, workflowBundle, activities };
  const queues = [TASK_QUEUES.core, TASK_QUEUES.bulk];
  workers = await Promise.all(queues.map((taskQueue) => Worker.create({ ...common, taskQueue })));
  running = Promise.all(workers.map((worker) => worker.run()));
  // The first task of a worker loads its bundle: not within the short deadline of these tests on a busy machine.
  const patient = createTemporalGateway(temporal.client);
  await Promise.all([patient.placeOrder(order('plain'), 'warm'), patient.createMarket(market('plain'), 'warm')]);
});
afterAll(async () => {
  for (const worker of workers) worker.shutdown();
  await running;
  await temporal.close();
});

const actor = { role: 'buyer', id: 'usr_x' } as const;

function order(requestHash: string): OrderInput {
  return {
    orderId: newId('order'),
    buyerId: newId('user'),
    lines: [],
    shippingAddress: null,
    payment: { provider: 'stripe', method: null },
    requestHash,
    requestId: 'req-1',
  };
}

function market(requestHash: string): MarketInput {
  return {
    marketId: newId('market'),
    createdBy: newId('user'),
    channel: 'pilimarket',
    title: 'Will it rain?',
    description: '',
    category: 'other',
    metadata: {},
    outcomes: ['Yes', 'No'],
    closesAt: '2030-01-01T00:00:00.000Z',
    maxPointsPerUser: null,
    overrides: {},
    requestHash,
    requestId: 'req-1',
  };
}

describe('placing', () => {
  it('starts the workflow once, however often it is asked', async () => {
    const input = order('plain');
    expect(await gateway.placeOrder(input, 'u1')).toBe('placed');
    expect(await gateway.placeOrder(input, 'u1')).toBe('placed');
    const description = await temporal.client.workflow.getHandle(orderWorkflowId(input.orderId)).describe();
    expect(description.status.name).toBe('RUNNING');
    expect(description.taskQueue).toBe(TASK_QUEUES.core);
    expect(description.typedSearchAttributes.getAll().map(({ key, value }) => [key.name, value])).toContainEqual([
      'OrderStatus',
      'created',
    ]);
    expect(description.memo).toEqual({ requestId: 'req-1' });
  });

  it('passes on the refusal with its code, also when asked again after the workflow has ended', async () => {
    const input = order('refuse');
    const refusal = { code: 'out_of_stock', detail: 'only 2 left' };
    await expect(gateway.placeOrder(input, 'u1')).rejects.toMatchObject(refusal);
    await temporal.client.workflow.getHandle(orderWorkflowId(input.orderId)).result();
    await expect(gateway.placeOrder(input, 'u1')).rejects.toMatchObject(refusal);
  });

  it('says that an order is finished rather than starting it again', async () => {
    const input = order('end');
    await gateway.placeOrder(input, 'u1');
    await temporal.client.workflow.getHandle(orderWorkflowId(input.orderId)).result();
    expect(await gateway.placeOrder(input, 'u1')).toMatch(/^(placed|finished)$/);
    expect(await gateway.placeOrder(input, 'another update')).toBe('finished');
  });

  it('does not know the outcome when no answer comes in time', async () => {
    const input = order('hang');
    const unknown = new OutcomeUnknownError('the outcome is not known yet');
    await expect(gateway.placeOrder(input, 'u1')).rejects.toMatchObject({
      name: unknown.name,
      location: `/api/v1/orders/${input.orderId}`,
    });
  });
});

describe('changing', () => {
  it('passes on answers, refusals and the end of a workflow', async () => {
    const input = order('plain');
    const cancel = (reason: string, updateId: string) =>
      gateway.updateOrder(cancelOrderUpdate, input.orderId, { actor, reason }, updateId);
    await expect(cancel('x', 'u0')).rejects.toMatchObject({ code: 'order_not_open' });
    await gateway.placeOrder(input, 'u1');
    await expect(cancel('paid', 'u2')).rejects.toMatchObject({ code: 'order_already_paid', status: 409 });
    await expect(cancel('odd', 'u3')).rejects.not.toHaveProperty('code', 'service_unavailable');
    expect(await cancel('x', 'u4')).toEqual({ status: 'cancelled' });
    await temporal.client.workflow.getHandle(orderWorkflowId(input.orderId)).result();
    await expect(cancel('x', 'u5')).rejects.toMatchObject({ code: 'order_not_open' });
  });

  it('reaches escrows by update and by signal, and lets a finished one be told anything', async () => {
    const escrowId = newId('escrow');
    const fact = { eventId: 'evt_1', at: new Date().toISOString() };
    await gateway.signalEscrow(digitalAccessedSignal, escrowId, fact);
    const handle = await temporal.client.workflow.start('escrowWorkflow', {
      workflowId: escrowWorkflowId(escrowId),
      taskQueue: TASK_QUEUES.core,
    });
    const shipped = gateway.updateEscrow(shipUpdate, escrowId, { actor, carrier: 'DHL', trackingNumber: 'x' }, 'u1');
    expect(await shipped).toMatchObject({ status: 'held', paused: false });
    await gateway.signalEscrow(digitalAccessedSignal, escrowId, fact);
    expect(await handle.query(escrowSnapshotQuery)).toMatchObject({ paused: true });
    await handle.terminate();
    const late = gateway.updateEscrow(shipUpdate, escrowId, { actor, carrier: 'DHL', trackingNumber: 'x' }, 'u2');
    await expect(late).rejects.toMatchObject({ code: 'illegal_transition' });
  });
});

describe('a change that meets the end of a run', () => {
  it('is sent back by the server, sent again by the connection, and made once', async () => {
    const escrowId = newId('escrow');
    const workflowId = escrowWorkflowId(escrowId);
    const escrow = await temporal.client.workflow.start('escrowWorkflow', { workflowId, taskQueue: TASK_QUEUES.core });
    const ship = { actor, carrier: 'the last run', trackingNumber: '1' };
    const shipped = createTemporalGateway(temporal.client).updateEscrow(shipUpdate, escrowId, ship, 'u1');
    await held.up.promise;
    // News that the run cannot have seen: the server refuses its end, and the change that came with it.
    await gateway.signalEscrow(digitalAccessedSignal, escrowId, { eventId: 'evt_1', at: '2026-01-01T00:00:00.000Z' });
    held.until.resolve();
    expect(await shipped).toMatchObject({ paused: true });
    await escrow.result();
  });
});

describe('an escrow whose rows are there before its workflow', () => {
  const ship = (escrowId: ReturnType<typeof newId<'escrow'>>, updateId: string) =>
    gateway.updateEscrow(shipUpdate, escrowId, { actor, carrier: 'DHL', trackingNumber: 'x' }, updateId);

  it('is waited for', async () => {
    const escrowId = newId('escrow');
    const shipped = ship(escrowId, 'u1');
    const handle = await temporal.client.workflow.start('escrowWorkflow', {
      workflowId: escrowWorkflowId(escrowId),
      taskQueue: TASK_QUEUES.core,
    });
    expect(await shipped).toMatchObject({ status: 'held' });
    await handle.terminate();
    // The ended run still knows what it answered to this request, and refuses any other.
    expect(await ship(escrowId, 'u1')).toMatchObject({ status: 'held' });
    await expect(ship(escrowId, 'u2')).rejects.toMatchObject({ code: 'illegal_transition' });
  });

  it('is asked for again later when it does not begin', async () => {
    await expect(ship(newId('escrow'), 'u1')).rejects.toMatchObject({ code: 'service_unavailable', status: 503 });
  });
});

describe('disputes', () => {
  const withdraw = { kind: 'withdraw', actor } as const;
  const begin = (disputeId: ReturnType<typeof newId<'dispute'>>) =>
    temporal.client.workflow.start(DISPUTE_WORKFLOW_TYPE, {
      workflowId: disputeWorkflowId(disputeId),
      taskQueue: TASK_QUEUES.core,
      args: [{ disputeId }],
    });

  it('are waited for, asked, and closed once their workflow has ended, except for what was asked before', async () => {
    const disputeId = newId('dispute');
    const asked = gateway.updateDispute(commandUpdate, disputeId, { kind: 'claim', actor }, 'u1');
    const handle = await begin(disputeId);
    expect(await asked).toEqual({ disputeId });
    const verdict = { kind: 'verdict', actor, decision: { outcome: 'refund' }, note: 'x' } as const;
    const refused = gateway.updateDispute(commandUpdate, disputeId, verdict, 'u2');
    await expect(refused).rejects.toMatchObject({ code: 'not_your_turn', status: 409 });
    expect(await gateway.updateDispute(commandUpdate, disputeId, withdraw, 'u3')).toEqual({ disputeId });
    await handle.result();
    expect(await gateway.updateDispute(commandUpdate, disputeId, withdraw, 'u3')).toEqual({ disputeId });
    const late = gateway.updateDispute(commandUpdate, disputeId, withdraw, 'u4');
    await expect(late).rejects.toMatchObject({ code: 'dispute_closed', status: 409 });
  });

  it('are not opened once their hold has ended, and say where they will show', async () => {
    const escrowId = newId('escrow');
    const handle = await temporal.client.workflow.start('escrowWorkflow', {
      workflowId: escrowWorkflowId(escrowId),
      taskQueue: TASK_QUEUES.core,
    });
    const disputeId = newId('dispute');
    const input = { disputeId, actor, reason: 'damaged', description: 'x', lines: [] } as const;
    const open = (updateId: string) =>
      gateway.updateEscrow(openDisputeUpdate, escrowId, input, updateId, {
        refusal: 'dispute_window_closed',
        location: `/api/v1/disputes/${disputeId}`,
      });
    await expect(open('slow')).rejects.toMatchObject({ location: `/api/v1/disputes/${disputeId}` });
    await handle.terminate();
    await expect(open('late')).rejects.toMatchObject({ code: 'dispute_window_closed' });
  });
});

describe('markets', () => {
  const moderatorId = newId('user');

  it('are created once, on a queue of their own, and over once their workflow has ended', async () => {
    const input = market('plain');
    expect(await gateway.createMarket(input, 'u1')).toBe('created');
    expect(await gateway.createMarket(input, 'u1')).toBe('created');
    const handle = temporal.client.workflow.getHandle(marketWorkflowId(input.marketId));
    const { taskQueue, typedSearchAttributes } = await handle.describe();
    expect(taskQueue).toBe(TASK_QUEUES.bulk);
    expect(typedSearchAttributes.getAll().map(({ key, value }) => [key.name, value])).toContainEqual([
      'MarketStatus',
      'open',
    ]);
    const suspended = gateway.updateMarket(suspendUpdate, input.marketId, { moderatorId, reason: 'x' }, 'u2');
    await expect(suspended).rejects.toMatchObject({ code: 'illegal_transition', detail: 'twice' });
    const cancel = (updateId: string) =>
      gateway.updateMarket(cancelMarketUpdate, input.marketId, { moderatorId, reason: 'x' }, updateId);
    expect(await cancel('u3')).toMatchObject({ status: 'cancelled' });
    await handle.result();
    expect(await cancel('u3')).toMatchObject({ status: 'cancelled' });
    await expect(cancel('u4')).rejects.toMatchObject({ code: 'market_over', status: 409 });
    expect(await gateway.createMarket(input, 'another update')).toBe('finished');
  });

  it('are refused with the same words however often they are asked for', async () => {
    const input = market('refuse');
    for (const _ of [1, 2]) {
      await expect(gateway.createMarket(input, 'u1')).rejects.toMatchObject({ code: 'closes_at_not_later' });
    }
  });
});

describe('without a server', () => {
  it('says so soon, well before the deadline', async () => {
    const connection = connectLazily(`127.0.0.1:${await freePort()}`);
    const lost = createTemporalGateway(new Client({ connection }));
    const unavailable = { code: 'service_unavailable', status: 503, headers: { 'Retry-After': '2' } };
    const startedAt = performance.now();
    await expect(lost.placeOrder(order('plain'), 'u1')).rejects.toMatchObject(unavailable);
    await expect(
      lost.updateOrder(cancelOrderUpdate, newId('order'), { actor, reason: 'x' }, 'u2'),
    ).rejects.toMatchObject(unavailable);
    await expect(
      lost.signalEscrow(digitalAccessedSignal, newId('escrow'), { eventId: 'evt_1', at: '' }),
    ).rejects.toMatchObject(unavailable);
    await expect(lost.ping(200)).rejects.toThrow();
    expect(performance.now() - startedAt).toBeLessThan(10_000);
    await connection.close();
  });
});
