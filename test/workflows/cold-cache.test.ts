/**
 * Whole flows give the same result on workers that keep forgetting their workflows. Four are remembered at a time, a
 * third of what runs: with hardly any place the SDK stalls while local activities run.
 */

import { describe, expect, it } from '@jest/globals';
import { newId } from '../../db/new-id.ts';
import { startWorkflowEnvironment, type WorkflowEnvironment } from './support/environment.ts';
import { ask, partiesOf } from './support/escrows.ts';
import { paymentIdOf } from './support/fake-activities.ts';
import type { FakeWorld } from './support/fake-world.ts';
import { placedOrder } from './support/orders.ts';
import { fromNow, holdPolicy, NEVER_MS } from './support/policies.ts';

/** What came of it: how it ended, what was asked of the provider, and which changes of escrows were stored. */
type Outcome = { end: unknown; asked: string[]; stored: string[] };

const PROVIDER = ['createPayment', 'cancelPayment', 'captureHold', 'refundHold', 'refundLatePayment', 'payOut'];

function outcomeOf(end: unknown, world: FakeWorld): Outcome {
  const asked = world.names().filter((name) => PROVIDER.includes(name));
  return { end, asked, stored: world.changes.map(({ event, version }) => `${version} ${event}`) };
}

/** Two vendors, a declined and a second payment, one part shipped and confirmed, the other refunded. */
async function orderOfTwo(environment: WorkflowEnvironment): Promise<Outcome> {
  const order = environment.order(placedOrder({}, 2));
  await order.place();
  await order.decline();
  await order.retryPayment();
  await order.pay({ paymentId: paymentIdOf(order.input.orderId, 2) });
  const [first, second] = [await order.escrow(0), await order.escrow(1)];
  const [one, two] = order.world.placed.vendorOrders.map(({ sellerId }) => partiesOf({ ...order.input, sellerId }));
  if (!one || !two) throw new Error('the order has two vendor orders');
  await ask(first, one, 'process');
  await ask(first, one, 'pause');
  await ask(first, one, 'resume');
  await ask(first, one, 'ship');
  await order.pay({ paymentId: paymentIdOf(order.input.orderId, 3) });
  await order.world.until((world) => world.names().includes('refundLatePayment'));
  await ask(second, two, 'cancel');
  await ask(first, one, 'confirm');
  return outcomeOf(await order.handle.result(), order.world);
}

/** Authorised, shipped, delivered and released by the clocks alone. */
async function silentBuyer(environment: WorkflowEnvironment): Promise<Outcome> {
  const escrow = await environment.escrow({
    policy: holdPolicy({ deliveredAfterMs: 50, autoReleaseMs: 50 }, { payoutMode: 'per_release' }),
    payment: { paymentId: newId('payment'), captured: false, captureBefore: fromNow(NEVER_MS) },
  });
  await escrow.ask('ship');
  return outcomeOf(await escrow.handle.result(), escrow.world);
}

/** Several of each at once, so that workflows push each other out of a small cache. */
async function playAll(maxCachedWorkflows: number): Promise<Outcome[]> {
  const environment = await startWorkflowEnvironment({ maxCachedWorkflows });
  try {
    const flows = [orderOfTwo, silentBuyer, orderOfTwo, silentBuyer, orderOfTwo, silentBuyer];
    return await Promise.all(flows.map((flow) => flow(environment)));
  } finally {
    await environment.close();
  }
}

describe('workflows that leave the cache', () => {
  it('go on as if they had stayed in it', async () => {
    const [warm, cold] = await Promise.all([1_000, 4].map((cached) => playAll(cached)));
    expect(cold).toEqual(warm);
    expect(warm?.[0]).toEqual(warm?.[2]);
    expect(warm?.map(({ end }) => end)).toEqual(
      [0, 1, 2, 3, 4, 5].map((index) => ({
        status: index % 2 === 0 ? 'partially_refunded' : 'released',
      })),
    );
  });
});
