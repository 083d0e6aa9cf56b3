/** What PayMongo's news means to a purchase of chips: real Postgres, Temporal and simulator, no workflow at work on it. */

import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { createProviderActivities, createRecordActivities } from '../../activities/index.ts';
import type { Purchase } from '../../db/entities/purchase.entity.ts';
import type { WebhookInbox } from '../../db/entities/webhook-inbox.entity.ts';
import { auditLedger } from '../../db/ledger/audit.ts';
import { PaymongoClient } from '../../dev/client/paymongo-client.ts';
import type { EventObject } from '../../dev/simulators/paymongo/objects.ts';
import { type PayMongoSimulator, startPayMongoSimulator } from '../../dev/simulators/paymongo/simulator.ts';
import { createPaymentProviders, type PaymentProviders } from '../../providers/payments/create-providers.ts';
import { handlerOfProvider, Unprocessable, type WebhookHandler } from '../../workers/inbox-relay.ts';
import { createPayMongoWebhookHandler } from '../../workers/paymongo-webhooks.ts';
import { chipsOf, newBuyer, payable, purchaseOf, rowOf } from '../activities/support/purchases.ts';
import { type Marketplace, openMarketplace } from '../activities/support/shop.ts';
import { newOrderId, paymentInput } from '../providers/support/harness.ts';
import { connectTemporal, type TestTemporal } from '../support/temporal.ts';

let market: Marketplace;
let temporal: TestTemporal;
let simulator: PayMongoSimulator;
let wallets: PaymongoClient;
let providers: PaymentProviders;
let handle: WebhookHandler;
beforeAll(async () => {
  const [opened, connected, started] = await Promise.all([
    openMarketplace(),
    connectTemporal(),
    startPayMongoSimulator(),
  ]);
  [temporal, simulator, wallets] = [connected, started, new PaymongoClient(started.url)];
  const paymongo = { secretKey: 'sk_test_x', webhookSecrets: [], returnUrl: 'https://x.test/', apiBase: simulator.url };
  providers = createPaymentProviders({ paymongo });
  const deps = { orm: opened.orm, providers, timeScale: 1 };
  market = { ...opened, records: createRecordActivities(deps), atProvider: createProviderActivities(deps) };
  handle = createPayMongoWebhookHandler({
    orm: opened.orm,
    client: temporal.client,
    paymongo: providers.get('gcash'),
  });
});
afterAll(async () => {
  const audit = await auditLedger(market.orm.em.fork());
  await market.close();
  await simulator.close();
  await temporal.close();
  expect(audit.findings.filter((finding) => finding.violations > 0)).toEqual([]);
});

/** As the inbox has it. */
const webhook = (event: EventObject) => stored(event.id, event.attributes.type, { data: event });
const stored = (eventId: string, type: string, payload: object) =>
  ({ id: 1, eventId, type, attempts: 1, provider: 'paymongo', payload }) as WebhookInbox;

/** Everything that happened at PayMongo since the mark. */
const newsSince = (mark: number) => simulator.control.events().slice(mark).map(webhook);
const mark = () => simulator.control.events().length;

/** Five times and in any order, each again until its owner was told. */
async function deliver(events: WebhookInbox[]): Promise<void> {
  let waiting = Array.from({ length: 5 }, (_, n) => (n % 2 === 0 ? events.toReversed() : events)).flat();
  for (let tries = 0; waiting.length > 0 && tries < 10; tries += 1) {
    const outcomes = await Promise.allSettled(waiting.map(handle));
    waiting = waiting.filter((_, n) => outcomes[n]?.status === 'rejected');
  }
  expect(waiting).toEqual([]);
}

const begun = async (provider: 'gcash' | 'paymaya' = 'gcash'): Promise<Purchase> =>
  payable(market, purchaseOf(await newBuyer(market), { provider }));

describe.each(['gcash', 'paymaya'] as const)('a purchase paid with %s', (provider) => {
  it('gets its chips once, and loses them with a refund, however often and in whatever order it is told', async () => {
    const purchase = await begun(provider);
    const before = mark();
    await wallets.pay(purchase.approvalUrl ?? '');
    await deliver(newsSince(before));
    expect(await chipsOf(market, purchase.userId)).toBe(100);
    expect(await rowOf(market, purchase.id)).toMatchObject({
      status: 'completed',
      receiptNumber: expect.stringMatching(/^PL-/),
    });
    await wallets.refund(purchase.providerObjectId ?? '', 4_000);
    await wallets.refund(purchase.providerObjectId ?? '');
    await deliver(newsSince(before));
    expect(await chipsOf(market, purchase.userId)).toBe(0);
    expect(await rowOf(market, purchase.id)).toMatchObject({ status: 'refunded', refundedMinor: 10_000 });
  });
});

describe('news from PayMongo', () => {
  it('of a payment that failed credits nothing', async () => {
    const purchase = await begun();
    const before = mark();
    await wallets.fail(purchase.approvalUrl ?? '');
    expect(await Promise.all(newsSince(before).map(handle))).toEqual(['ignored']);
    expect(await chipsOf(market, purchase.userId)).toBe(0);
  });

  it('of an event with a made-up story is worth what the intent says', async () => {
    const purchase = await begun();
    const data = { id: purchase.providerObjectId, attributes: { status: 'paid', amount: 1 } };
    const madeUp = stored('evt_x', 'payment.paid', { data: { attributes: { data } } });
    expect(await handle(madeUp)).toBe('ignored');
    expect(await chipsOf(market, purchase.userId)).toBe(0);
  });

  it('of payments that are not ours, and of other kinds, is ignored', async () => {
    const headers = { Authorization: `Basic ${btoa('sk_test_x:')}`, 'Content-Type': 'application/json' };
    const post = async (path: string, attributes: object) => {
      const body = JSON.stringify({ data: { attributes } });
      const answer = await fetch(`${simulator.url}/v1${path}`, { method: 'POST', headers, body });
      return (
        (await answer.json()) as { data: { id: string; attributes: { next_action?: { redirect: { url: string } } } } }
      ).data;
    };
    const before = mark();
    const intent = await post('/payment_intents', {
      amount: 5_000,
      currency: 'PHP',
      payment_method_allowed: ['gcash'],
    });
    const method = await post('/payment_methods', { type: 'gcash' });
    const attach = { payment_method: method.id, return_url: 'https://x.test/' };
    const attached = await post(`/payment_intents/${intent.id}/attach`, attach);
    await wallets.pay(attached.attributes.next_action?.redirect.url ?? '');
    const [news] = newsSince(before);
    if (!news) throw new Error('PayMongo tells of a payment');
    expect(await handle(news)).toBe('ignored');
    expect(await handle(stored('evt_y', 'source.chargeable', {}))).toBe('ignored');
  });

  it('of a second payment for a purchase, of an order, or of nothing at all is for an operator', async () => {
    const purchase = await begun();
    const { id: subjectId, paymentId, amountMinor } = purchase;
    const input = paymentInput({ subjectId, paymentId, amountMinor, currency: 'PHP' });
    const twice = await providers.get('gcash').createPayment(input);
    const ofOrder = await providers.get('gcash').createPayment({ ...input, subjectId: newOrderId() });
    const before = mark();
    for (const { approvalUrl } of [purchase, twice, ofOrder]) await wallets.pay(approvalUrl ?? '');
    const [first, second, third] = newsSince(before);
    if (!first || !second || !third) throw new Error('PayMongo tells of each payment');
    expect(await handle(first)).toBe('done');
    await expect(handle(second)).rejects.toThrow(/paid a second time/);
    await expect(handle(third)).rejects.toThrow(/orders are not paid/);
    await expect(handle(stored('evt_z', 'payment.paid', {}))).rejects.toBeInstanceOf(Unprocessable);
    expect(await handle(first)).toBe('ignored');
    expect(await chipsOf(market, purchase.userId)).toBe(100);
  });
});

describe('the relay', () => {
  it('hands each webhook to its provider, and parks what nobody handles', async () => {
    const relay = handlerOfProvider({ stripe: async () => 'ignored', paymongo: async () => 'done' });
    const from = (provider: string) => ({ provider }) as WebhookInbox;
    expect([await relay(from('stripe')), await relay(from('paymongo'))]).toEqual(['ignored', 'done']);
    await expect(relay(from('other'))).rejects.toBeInstanceOf(Unprocessable);
  });
});
