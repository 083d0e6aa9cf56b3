/** What most journeys do: order, pay, hand over. Each act tells what it did. */

import type { NewOrder, PlacedOrder, Product } from '../client/resources.ts';
import { waitFor } from '../client/wait-for.ts';
import { inWords } from './books.ts';
import type { Person, Stage } from './stage.ts';

type PlacedPart = PlacedOrder['order']['vendorOrders'][number];

/** Orders one of each. */
export async function order(
  stage: Stage,
  buyer: Person,
  products: readonly Product[],
  details: Partial<NewOrder> = {},
): Promise<PlacedOrder> {
  const lines = products.map(({ listingId }) => ({ listingId, quantity: 1 }));
  const placed = await buyer.client.placeOrder({ ...details, lines });
  const titles = products.map(({ title, price }) => `“${title}” for ${inWords(price)}`).join(' and ');
  stage.tell(`${buyer.name} orders ${titles}; the total is ${inWords(placed.order.total)}.`);
  return placed;
}

/** Pays with a good card at the simulator and waits until the money is held. */
export async function pay(stage: Stage, buyer: Person, placed: PlacedOrder): Promise<void> {
  await stage.simulator.pay(secretOf(placed));
  await buyer.client.waitForOrder(placed.order.id, 'paid_in_escrow');
  stage.tell(`${buyer.name} pays by card; the webhook arrives, and ${inWords(placed.order.total)} are held in escrow.`);
}

/** The seller ships and hands over, the buyer confirms, the hold is released, and what is to be paid out is. */
export async function handOver(stage: Stage, seller: Person, buyer: Person, part: PlacedPart): Promise<void> {
  await seller.client.ship(part.id);
  await seller.client.deliver(part.id);
  await buyer.client.confirmDelivery(part.id);
  await buyer.client.waitForEscrow(part.escrowId, 'released');
  stage.tell(
    `${seller.name} ships, ${buyer.name} confirms the delivery: the hold is released, ${inWords(part.net)} for ${seller.name}.`,
  );
}

/** Waits until a released hold's net has been sent to the seller's own account. */
export async function paidOut(seller: Person, part: PlacedPart): Promise<void> {
  await waitFor(
    'the payout is paid',
    () => seller.client.escrow(part.escrowId),
    ({ payoutStatus }) => payoutStatus === 'paid',
  );
}

/** What to pay with. */
export function secretOf({ payment }: PlacedOrder): string {
  if (payment?.clientSecret === undefined) throw new Error('the order says nothing about how to pay it');
  return payment.clientSecret;
}

/** The only part of an order with one vendor. */
export function onlyPart({ order: { vendorOrders } }: PlacedOrder): PlacedPart {
  const [part, ...others] = vendorOrders;
  if (part === undefined || others.length > 0)
    throw new Error(`expected one vendor order, found ${vendorOrders.length}`);
  return part;
}
