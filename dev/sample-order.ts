/** Plays one order from the shop window to the released hold, over HTTP only, as a buyer and a seller would. */

import { HoldfastClient } from './client/holdfast-client.ts';
import type { PlacedOrder } from './client/resources.ts';
import { SimulatorClient } from './client/simulator-client.ts';
import { messageOf, StackError } from './stack-error.ts';

export type SampleOrder = { orderId: string; escrowId: string; netMinor: number; currency: string };

type Addresses = { api: string; simulator: string; say: (detail: string) => void };

/** Fails with StackError naming the step that went wrong. */
export async function playSampleOrder(addresses: Addresses): Promise<SampleOrder> {
  try {
    return await play(addresses);
  } catch (error) {
    throw new StackError(`The sample order failed: ${messageOf(error)}`);
  }
}

async function play({ api, simulator, say }: Addresses): Promise<SampleOrder> {
  const visitor = new HoldfastClient({ api });
  const buyer = await visitor.logIn('buyer@holdfast.test');
  const seller = await visitor.logIn('seller@holdfast.test');

  say('the buyer orders');
  const { order, payment } = await buyFirst(buyer, (await seller.me()).id);
  const [part] = order.vendorOrders;
  if (part === undefined) throw new Error('it has no vendor order');

  say('the buyer pays at the simulator');
  await new SimulatorClient(simulator).pay(payment?.clientSecret ?? '');
  await buyer.waitForOrder(order.id, 'paid_in_escrow');

  say('the seller ships, the buyer receives');
  await seller.process(part.id);
  await seller.ship(part.id);
  await seller.deliver(part.id);
  await buyer.confirmDelivery(part.id);
  await buyer.waitForEscrow(part.escrowId, 'released');
  const { amountMinor: netMinor, currency } = part.net;
  return { orderId: order.id, escrowId: part.escrowId, netMinor, currency };
}

async function buyFirst(buyer: HoldfastClient, sellerId: string): Promise<PlacedOrder> {
  const { data } = await buyer.products({ limit: '100', channel: 'multi-vendor', kind: 'physical' });
  const choice = data.find((product) => product.sellerId === sellerId && product.available > 0);
  if (choice === undefined) throw new Error('there is no physical product in USD');
  return await buyer.placeOrder({ lines: [{ listingId: choice.listingId, quantity: 1 }] });
}
