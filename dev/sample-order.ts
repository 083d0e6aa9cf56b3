/** Plays one order from the shop window to the released hold, over HTTP only, as a buyer and a seller would. */

import { randomUUID } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import { z } from 'zod';
import { StackError } from './stack-error.ts';

const PASSWORD = 'holdfast-demo-1';
const PATIENCE_MS = 30_000;
const POLL_MS = 100;

const money = z.object({ amountMinor: z.int(), currency: z.string() });
const session = z.object({ accessToken: z.string() });
const products = z.object({ data: z.array(z.object({ listingId: z.string(), kind: z.string(), price: money })) });
const vendorOrder = z.object({ id: z.string(), escrowId: z.string(), status: z.string(), net: money });
const order = z.object({ id: z.string(), status: z.string(), total: money, vendorOrders: z.array(vendorOrder) });
const placed = z.object({ order, payment: z.object({ clientSecret: z.string() }) });
const escrow = z.object({ status: z.string() });

export type SampleOrder = { orderId: string; escrowId: string; netMinor: number; currency: string };

type Addresses = { api: string; simulator: string; say: (detail: string) => void };

/** Fails with StackError naming the step that went wrong. */
export async function playSampleOrder({ api, simulator, say }: Addresses): Promise<SampleOrder> {
  const base = `${api}/api/v1`;
  const buyer = await logIn(base, 'buyer@holdfast.test');
  const seller = await logIn(base, 'seller@holdfast.test');

  say('the buyer orders');
  const placement = await buyFirst(base, buyer);
  const [part] = placement.order.vendorOrders;
  if (part === undefined) throw new StackError('The sample order has no vendor order.');
  const orderUrl = `${base}/orders/${placement.order.id}`;

  say('the buyer pays at the simulator');
  await pay(simulator, placement.payment.clientSecret);
  await until('the order is paid', async () => {
    return (await call(order, 'GET', orderUrl, buyer)).status === 'paid_in_escrow';
  });

  say('the seller ships, the buyer receives');
  const vendorOrderUrl = `${base}/vendor-orders/${part.id}`;
  await call(z.unknown(), 'POST', `${vendorOrderUrl}/process`, seller, {});
  await call(z.unknown(), 'POST', `${vendorOrderUrl}/ship`, seller, { carrier: 'dhl', trackingNumber: 'SAMPLE-1' });
  await call(z.unknown(), 'POST', `${vendorOrderUrl}/deliver`, seller, {});
  await call(z.unknown(), 'POST', `${vendorOrderUrl}/confirm-delivery`, buyer, {});
  await until('the hold is released', async () => {
    return (await call(escrow, 'GET', `${base}/escrows/${part.escrowId}`, buyer)).status === 'released';
  });
  return {
    orderId: placement.order.id,
    escrowId: part.escrowId,
    netMinor: part.net.amountMinor,
    currency: part.net.currency,
  };
}

async function logIn(base: string, email: string): Promise<string> {
  return (await call(session, 'POST', `${base}/auth/login`, null, { email, password: PASSWORD })).accessToken;
}

async function buyFirst(base: string, buyer: string): Promise<z.infer<typeof placed>> {
  const { data } = await call(products, 'GET', `${base}/products?limit=100`, null);
  const choice = data.find((product) => product.kind === 'physical' && product.price.currency === 'USD');
  if (choice === undefined) throw new StackError('The sample order found no physical product in USD.');
  return await call(placed, 'POST', `${base}/orders`, buyer, {
    lines: [{ listingId: choice.listingId, quantity: 1 }],
    shippingAddress: {
      name: 'Sample Buyer',
      line1: '1 Main Street',
      city: 'Springfield',
      postalCode: '12345',
      country: 'US',
    },
    payment: { provider: 'stripe' },
  });
}

async function pay(simulator: string, clientSecret: string): Promise<void> {
  const [paymentIntentId] = clientSecret.split('_secret_');
  const answer = await fetch(`${simulator}/v1/payment_intents/${paymentIntentId}/confirm`, {
    method: 'POST',
    body: new URLSearchParams({ client_secret: clientSecret, payment_method: 'pm_card_visa' }),
  });
  if (!answer.ok) throw new StackError(`The simulator refused the payment: ${answer.status} ${await answer.text()}`);
}

async function call<T>(
  shape: z.ZodType<T>,
  method: 'GET' | 'POST',
  url: string,
  accessToken: string | null,
  body?: unknown,
): Promise<T> {
  const answer = await fetch(url, {
    method,
    headers: {
      ...(accessToken === null ? {} : { authorization: `Bearer ${accessToken}` }),
      ...(body === undefined ? {} : { 'content-type': 'application/json' }),
      ...(method === 'POST' ? { 'idempotency-key': randomUUID() } : {}),
    },
    body: body === undefined ? undefined : JSON.stringify(body),
  });
  const text = await answer.text();
  if (!answer.ok) throw new StackError(`The sample order failed at ${method} ${url}: ${answer.status} ${text}`);
  return shape.parse(JSON.parse(text));
}

async function until(what: string, isSo: () => Promise<boolean>): Promise<void> {
  const givesUpAt = Date.now() + PATIENCE_MS;
  while (!(await isSo())) {
    if (Date.now() > givesUpAt)
      throw new StackError(`The sample order waited ${PATIENCE_MS / 1000} s in vain until ${what}.`);
    await delay(POLL_MS);
  }
}
