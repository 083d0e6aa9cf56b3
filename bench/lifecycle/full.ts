/** The whole stack: the same lifecycle through HTTP, with a database, a ledger and signed webhooks. */

import { setTimeout as delay } from 'node:timers/promises';
import { HoldfastClient } from '../../dev/client/holdfast-client.ts';
import { SimulatorClient } from '../../dev/client/simulator-client.ts';
import { waitFor } from '../../dev/client/wait-for.ts';
import { ephemeralPorts } from '../../dev/settings.ts';
import { type Stack, startStack } from '../../dev/stack.ts';
import { interrupted } from '../interrupted.ts';
import type { Lifecycle } from './lifecycle.ts';

export type FullLifecycle = Lifecycle & {
  /** Milliseconds until a placed order is answered. */
  placeOnly(lane: number): Promise<number>;
};

/** A client's pace: each try is a request that the stack has to answer as well. */
export const POLL_MS = 150;

const PARCEL = { carrier: 'DHL', trackingNumber: 'JD014600006281230704' };
/** Not paid yet. */
const TOO_EARLY = 409;

/** Starts a stack of its own in this folder, with a buyer per lane. */
export async function startFull(home: string, lanes: number): Promise<FullLifecycle> {
  const stack = await startStack({ home, ports: await ephemeralPorts(), abort: interrupted });
  try {
    return await openShop(stack, lanes);
  } catch (error) {
    await stack.stop();
    throw error;
  }
}

async function openShop(stack: Stack, lanes: number): Promise<FullLifecycle> {
  if (!stack.urls.simulator) throw new Error('a benchmark pays at the simulator only');
  const visitor = new HoldfastClient({ api: stack.urls.api });
  const simulator = new SimulatorClient(stack.urls.simulator);
  const seller = await visitor.logIn('seller@holdfast.test');
  const buyers = await Promise.all(Array.from({ length: lanes }, (_, lane) => visitor.register(`Buyer ${lane}`)));
  const shop = await seller.openShop('Benchmark shop');
  const product = await seller.listProduct({
    shopId: shop.id,
    title: 'Benchmark goods',
    description: 'Plenty of them.',
    kind: 'physical',
    price: { amountMinor: 10_000, currency: 'USD' },
    stock: 1_000_000,
  });
  const order = { lines: [{ listingId: product.listingId, quantity: 1 }], payment: { provider: 'stripe' as const } };
  const buyerOf = (lane: number): HoldfastClient => buyers[lane % lanes] ?? visitor;
  return {
    async play(lane) {
      const buyer = buyerOf(lane);
      const placed = await buyer.placeOrder(order);
      const [vendorOrder] = placed.order.vendorOrders;
      if (!vendorOrder || !placed.payment?.clientSecret) throw new Error('an order has a part and something to pay');
      await simulator.pay(placed.payment.clientSecret);
      // The payment's news takes a moment: nobody asks before. Like the bare driver, the seller then ships without a look.
      await delay(POLL_MS);
      const ship = () => seller.request('POST', `/vendor-orders/${vendorOrder.id}/ship`, { body: PARCEL });
      await waitFor('it is shipped', ship, ({ status }) => status !== TOO_EARLY, { pollMs: POLL_MS });
      await seller.deliver(vendorOrder.id);
      await buyer.confirmDelivery(vendorOrder.id);
      await buyer.waitForOrder(placed.order.id, 'completed', { pollMs: POLL_MS });
    },
    async placeOnly(lane) {
      const startedAt = performance.now();
      await buyerOf(lane).placeOrder(order);
      return performance.now() - startedAt;
    },
    stop: () => stack.stop(),
  };
}
