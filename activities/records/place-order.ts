/** Places an order: prices it under its channel's policy, stores everything it consists of, reserves its goods. */

import { type RequiredEntityData, raw } from '@mikro-orm/postgresql';
import { Order } from '../../db/entities/order.entity.ts';
import { OrderItem } from '../../db/entities/order-item.entity.ts';
import { VendorOrder } from '../../db/entities/vendor-order.entity.ts';
import { newId } from '../../db/new-id.ts';
import type { EntityManager } from '../../db/orm.ts';
import {
  findListingsForSale,
  type ListingForSale,
  type SellingChannel,
} from '../../db/repositories/listings-for-sale.ts';
import { findOrder } from '../../db/repositories/orders.ts';
import { type Write, writeTogether } from '../../db/write-together.ts';
import { type PricedOrder, priceOrder } from '../../domain/fees.ts';
import type { Id, ListingId } from '../../domain/ids.ts';
import { type PaymentProviderName, type Policy, scalePolicyDurations } from '../../domain/policy/policy.ts';
import type { OrderInput } from '../../workflows/order/contract.ts';
import { byRule, refuse } from '../refuse.ts';
import type { PlacedOrder } from './order-records.ts';
import { toldFacts } from './tell.ts';

type PlacingSettings = { offered: readonly PaymentProviderName[]; timeScale: number };

/** A line with everything that is frozen into the order. */
type Chosen = ListingForSale & { quantity: number };

/**
 * Fails with listing_not_found, listing_not_active, out_of_stock, lines_from_several_channels, lines_from_several_shops,
 * lines_of_several_kinds, digital_not_offered, own_listing, payment_provider_not_offered, currency_not_supported,
 * amount_out_of_range, idempotency_key_reused (the id is another order's); nothing is stored then.
 */
export async function placeOrder(
  em: EntityManager,
  input: OrderInput,
  settings: PlacingSettings,
): Promise<PlacedOrder> {
  const stored = await findOrder(em, input.orderId);
  if (stored) return describeStored(em, stored, input);

  const chosen = await chooseLines(em, input);
  const channel = channelOf(chosen);
  const policy = scalePolicyDurations(channel.policy, settings.timeScale);
  checkRules(policy, chosen, input, settings.offered);
  const now = new Date();
  const priced = price(policy, chosen, input, now);

  const order = orderRow(input, channel, policy, priced, now);
  const { vendorOrders, items } = partRows(input, policy, chosen, priced);
  const { orderId, buyerId } = input;
  const placed = { type: 'order.placed', orderId, actor: { role: 'buyer', id: buyerId }, at: now } as const;
  const reserved = await writeTogether<{ id: string }>(
    em,
    [
      reservation(chosen),
      em.createQueryBuilder(Order).insert(order).toRaw(),
      em.createQueryBuilder(VendorOrder).insert(vendorOrders).toRaw(),
      em.createQueryBuilder(OrderItem).insert(items).toRaw(),
      toldFacts([placed]),
    ],
    'select id from step_0',
  );
  const missing = chosen.find(({ listingId }) => !reserved.some(({ id }) => id === listingId));
  if (missing) throw refuse('out_of_stock', `not enough in stock: ${missing.listingId}`);
  return describe(order, vendorOrders);
}

async function chooseLines(em: EntityManager, { lines }: OrderInput): Promise<Chosen[]> {
  const quantities = new Map<ListingId, number>();
  for (const { listingId, quantity } of lines) quantities.set(listingId, (quantities.get(listingId) ?? 0) + quantity);
  const listings = await findListingsForSale(em, [...quantities.keys()]);
  return [...quantities].map(([listingId, quantity]) => {
    const listing = listings.find((each) => each.listingId === listingId);
    if (!listing) throw refuse('listing_not_found', `no such listing: ${listingId}`);
    if (!listing.open) throw refuse('listing_not_active', `not for sale now: ${listingId}`);
    return { ...listing, quantity };
  });
}

function channelOf(chosen: Chosen[]): SellingChannel & { id: Id<'channel'> } {
  const [first, ...others] = chosen;
  if (!first) throw refuse('listing_not_found', 'an order has at least one line');
  const { channelId: id, channel } = first;
  if (others.some((line) => line.channelId !== id)) {
    throw refuse('lines_from_several_channels', 'an order holds listings of one channel');
  }
  if (!channel.active) throw refuse('listing_not_active', 'the channel of these listings is closed');
  return { id, ...channel };
}

function checkRules(
  policy: Policy,
  chosen: Chosen[],
  input: OrderInput,
  offered: readonly PaymentProviderName[],
): void {
  if (policy.cart.vendors === 'one' && new Set(chosen.map((line) => line.shopId)).size > 1) {
    throw refuse('lines_from_several_shops', 'an order of this channel holds goods of one shop');
  }
  if (chosen.some((line) => line.sellerId === input.buyerId)) {
    throw refuse('own_listing', 'nobody buys from themselves');
  }
  if (chosen.some((line) => line.currency !== policy.currency)) {
    throw refuse('currency_not_supported', `orders of this channel are in ${policy.currency}`);
  }
  if (policy.digital === null && chosen.some((line) => line.kind === 'digital')) {
    throw refuse('digital_not_offered', 'this channel sells no digital goods');
  }
  const { provider } = input.payment;
  if (!policy.payment.providers.includes(provider) || !offered.includes(provider)) {
    throw refuse('payment_provider_not_offered', `not offered here: ${provider}`);
  }
}

function price(policy: Policy, chosen: Chosen[], input: OrderInput, now: Date): PricedOrder {
  const lines = chosen.map(({ listingId, shopId, sellerLevel, categorySlug, kind, priceMinor, quantity }) => ({
    key: listingId,
    vendorKey: shopId,
    sellerLevel,
    categorySlug,
    kind,
    unitPriceMinor: priceMinor,
    quantity,
  }));
  const priced = byRule(() => priceOrder(policy, { lines, region: regionOf(input), at: now.toISOString() }));
  if (policy.payment.capture === 'on_release' && priced.vendors.length > 1) {
    // One authorisation is captured or given up as a whole, so only one hold can stand on it.
    throw refuse('lines_of_several_kinds', 'physical and digital goods need an order each in this channel');
  }
  return priced;
}

/** ISO 3166-2, as the policy's tax table is keyed. */
function regionOf({ shippingAddress }: OrderInput): string | null {
  return shippingAddress?.region ? `${shippingAddress.country}-${shippingAddress.region}` : null;
}

function orderRow(
  input: OrderInput,
  channel: SellingChannel & { id: Id<'channel'> },
  policy: Policy,
  { vendors: _vendors, ...amounts }: PricedOrder,
  now: Date,
) {
  return {
    id: input.orderId,
    buyerId: input.buyerId,
    channelId: channel.id,
    preset: channel.preset,
    status: 'created' as const,
    currency: policy.currency,
    ...amounts,
    policy,
    policyVersion: channel.policyVersion,
    shippingAddress: input.shippingAddress && { ...input.shippingAddress },
    requestHash: input.requestHash,
    paymentProvider: input.payment.provider,
    paymentMethod: input.payment.method,
    paymentExpiresAt: new Date(now.getTime() + policy.payment.windowMs),
  };
}

function partRows({ orderId, buyerId }: OrderInput, policy: Policy, chosen: Chosen[], { vendors }: PricedOrder) {
  const vendorOrders: (RequiredEntityData<VendorOrder> & VendorOrderRow)[] = [];
  const items: RequiredEntityData<OrderItem>[] = [];
  for (const { vendorKey: _vendorKey, fulfilment, lines, ...amounts } of vendors) {
    const { shopId, sellerId: vendorId } = chosenFor(chosen, lines[0]?.key);
    const id = newId('vendorOrder');
    const { currency } = policy;
    const status = 'pending_payment';
    vendorOrders.push({
      id,
      orderId,
      escrowId: newId('escrow'),
      shopId,
      vendorId,
      buyerId,
      fulfilment,
      status,
      currency,
      authenticity: asksForVerifier(policy, chosen, lines),
      ...amounts,
    });
    for (const { key, ...frozen } of lines) {
      const { listingId, productId, title, kind, quantity, priceMinor: unitPriceMinor } = chosenFor(chosen, key);
      const bought = { listingId, productId, title, kind, quantity, unitPriceMinor };
      items.push({ id: newId('orderItem'), orderId, vendorOrderId: id, ...bought, ...frozen });
    }
  }
  return { vendorOrders, items };
}

/** The whole parcel goes to the verifier if any line in it asks for one; digital goods are in parcels of their own. */
function asksForVerifier(policy: Policy, chosen: Chosen[], lines: PricedOrder['vendors'][number]['lines']): boolean {
  if (!policy.authenticity) return false;
  const lineUp = lines.map(({ key }) => chosenFor(chosen, key));
  return lineUp.some(({ authenticity, kind }) => authenticity && kind === 'physical');
}

function chosenFor(chosen: Chosen[], listingId: string | undefined): Chosen {
  const found = chosen.find((line) => line.listingId === listingId);
  if (!found) throw new Error(`a priced line without its listing: ${listingId}`);
  return found;
}

/**
 * Takes the units in one statement, in id order so that orders never wait for each other in a circle. Not FOR UPDATE:
 * that would wait for the key-share locks which other orders' items hold on the same listings, and they for us.
 * Returns the ids of the listings that had enough.
 */
function reservation(chosen: Chosen[]): Write {
  const wanted = chosen.map(({ listingId: id, quantity }) => ({ id, quantity }));
  return raw(
    `with wanted as (select id, quantity from jsonb_to_recordset(?::jsonb) as w(id text, quantity int)),
          locked as (select l.id, w.quantity from listing l join wanted w on w.id = l.id order by l.id for no key update of l)
     update listing l set reserved = l.reserved + locked.quantity, updated_at = now()
     from locked where l.id = locked.id and l.status <> 'INACTIVE' and l.stock - l.reserved >= locked.quantity
     returning l.id`,
    [JSON.stringify(wanted)],
  );
}

/** The id follows from the caller's key alone: with other content under the same key it is not this order. */
async function describeStored(em: EntityManager, stored: Order, { requestHash }: OrderInput): Promise<PlacedOrder> {
  if (stored.requestHash !== requestHash) throw refuse('idempotency_key_reused', 'this key placed another order');
  return describe(stored, await em.find(VendorOrder, { orderId: stored.id }, { orderBy: { id: 'asc' } }));
}

type OrderRow = Pick<Order, 'preset' | 'currency' | 'totalMinor' | 'policy' | 'paymentExpiresAt'>;
type VendorOrderRow = Pick<VendorOrder, 'id' | 'escrowId' | 'vendorId' | 'grossMinor' | 'fulfilment' | 'authenticity'>;

function describe(order: OrderRow, vendorOrders: VendorOrderRow[]): PlacedOrder {
  const { policy } = order;
  return {
    preset: order.preset,
    currency: order.currency,
    totalMinor: order.totalMinor,
    providers: policy.payment.providers,
    paymentExpiresAt: order.paymentExpiresAt.toISOString(),
    holdPolicy: { hold: policy.hold, digital: policy.digital, payoutMode: policy.payout.mode },
    vendorOrders: vendorOrders.map(({ id, escrowId, vendorId, grossMinor, fulfilment, authenticity }) => ({
      vendorOrderId: id,
      escrowId,
      sellerId: vendorId,
      grossMinor,
      fulfilment,
      ...(authenticity && { authenticity }),
    })),
  };
}
