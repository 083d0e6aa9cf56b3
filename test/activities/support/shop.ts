/** A small marketplace on a real Postgres, paid through the simulator: what tests of activities act on. */

import type { MikroORM } from '@mikro-orm/postgresql';
import { createProviderActivities, createRecordActivities } from '../../../activities/index.ts';
import { Channel } from '../../../db/entities/channel.entity.ts';
import { Listing } from '../../../db/entities/listing.entity.ts';
import { Payment } from '../../../db/entities/payment.entity.ts';
import { Product } from '../../../db/entities/product.entity.ts';
import { Shop } from '../../../db/entities/shop.entity.ts';
import { UserAccount } from '../../../db/entities/user-account.entity.ts';
import { newId } from '../../../db/new-id.ts';
import { initOrm } from '../../../db/orm.ts';
import { seed } from '../../../db/seed.ts';
import { type StripeSimulator, startStripeSimulator } from '../../../dev/simulators/stripe/simulator.ts';
import type { ListingId, UserId } from '../../../domain/ids.ts';
import type { PresetName } from '../../../domain/policy/policy.ts';
import { createPaymentProviders, type PaymentProviders } from '../../../providers/payments/create-providers.ts';
import type { OrderInput, PaymentSucceeded } from '../../../workflows/order/contract.ts';
import { createTestDatabase } from '../../support/database.ts';

export type Marketplace = {
  orm: MikroORM;
  simulator: StripeSimulator;
  providers: PaymentProviders;
  records: ReturnType<typeof createRecordActivities>;
  atProvider: ReturnType<typeof createProviderActivities>;
  buyerId: UserId;
  close(): Promise<void>;
};

export async function openMarketplace(): Promise<Marketplace> {
  const database = await createTestDatabase();
  const owner = await initOrm(database.url, { asOwner: true });
  await seed(owner.em.fork());
  await owner.close();
  const orm = await initOrm(database.url, { pool: { max: 30 } });
  const simulator = await startStripeSimulator();
  const stripe = { secretKey: 'sk_test_x', webhookSecrets: ['whsec_x'], apiBase: simulator.url };
  const providers = createPaymentProviders({ stripe });
  const deps = { orm, providers, timeScale: 1 };
  const buyer = await orm.em.fork().findOneOrFail(UserAccount, { email: 'buyer@holdfast.test' });
  return {
    orm,
    simulator,
    providers,
    records: createRecordActivities(deps),
    atProvider: createProviderActivities(deps),
    buyerId: buyer.id,
    async close() {
      await orm.close();
      await simulator.close();
      await database.drop();
    },
  };
}

type ListingFacts = { preset?: PresetName; priceMinor?: number; stock?: number; kind?: 'physical' | 'digital' };

/** A fresh listing in the first shop of a preset's channel. */
export async function listGoods({ orm }: Marketplace, facts: ListingFacts = {}): Promise<ListingId> {
  const { preset = 'multi-vendor', priceMinor = 10_000, stock = 10, kind = 'physical' } = facts;
  const em = orm.em.fork();
  const channel = await em.findOneOrFail(Channel, { slug: preset });
  const shop = await em.findOneOrFail(Shop, { channelId: channel.id }, { orderBy: { id: 'asc' } });
  const common = { shopId: shop.id, channelId: channel.id };
  const productId = newId('product');
  const title = 'Test goods';
  await em.insert(Product, {
    id: productId,
    ...common,
    title,
    description: title,
    kind,
    status: 'ACTIVE',
    attributes: {},
  });
  const id = newId('listing');
  const { currency } = channel;
  await em.insert(Listing, { id, ...common, productId, sellerId: shop.ownerId, priceMinor, currency, stock });
  return id;
}

export function orderOf({ buyerId }: Marketplace, lines: OrderInput['lines']): OrderInput {
  return {
    orderId: newId('order'),
    buyerId,
    lines,
    shippingAddress: null,
    payment: { provider: 'stripe', method: null },
    requestHash: 'hash',
    requestId: 'req_test',
  };
}

/** Places the order and creates its payment. */
export async function placeWithPayment(market: Marketplace, input: OrderInput) {
  const placed = await market.records.placeOrder(input);
  await market.atProvider.createPayment({ orderId: input.orderId, attempt: 1, provider: 'stripe', method: null });
  const payment = await market.orm.em.fork().findOneOrFail(Payment, { orderId: input.orderId, attempt: 1 });
  return { placed, payment };
}

/** The buyer's card pays, as in the browser; the answer is what the workflow would be told. */
export async function payByCard(
  { simulator, providers }: Marketplace,
  payment: Pick<Payment, 'id' | 'providerObjectId' | 'clientSecret'>,
  card = 'pm_card_visa',
): Promise<PaymentSucceeded> {
  const { providerObjectId, clientSecret } = payment;
  const body = new URLSearchParams({ client_secret: clientSecret ?? '', payment_method: card });
  const answer = await fetch(`${simulator.url}/v1/payment_intents/${providerObjectId}/confirm`, {
    method: 'POST',
    body,
  });
  if (!answer.ok) throw new Error(`the simulator refused the card: ${await answer.text()}`);
  const atProvider = await providers.get('stripe').retrievePayment(providerObjectId ?? '');
  return {
    eventId: newId('event'),
    paymentId: payment.id,
    amountMinor: atProvider.amountMinor,
    chargeId: atProvider.chargeId,
    captured: atProvider.status === 'succeeded',
    captureBefore: atProvider.captureBefore,
  };
}

/** Placed, paid, and stored as paid. */
export async function paidOrder(market: Marketplace, input: OrderInput) {
  const { placed, payment } = await placeWithPayment(market, input);
  const arrival = await payByCard(market, payment);
  const paid = await market.records.markPaid({ orderId: input.orderId, arrival });
  return { placed, payment, arrival, paid };
}
