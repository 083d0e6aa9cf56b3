/** What Stripe's news means to a purchase of chips: real workflows, Postgres, Temporal and simulator. */

import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { createTemporalGateway } from '../../api/temporal-gateway.ts';
import { Purchase } from '../../db/entities/purchase.entity.ts';
import type { WebhookInbox } from '../../db/entities/webhook-inbox.entity.ts';
import { waitFor } from '../../dev/client/wait-for.ts';
import type { EventObject } from '../../dev/simulators/stripe/objects.ts';
import { Unprocessable, type WebhookHandler } from '../../workers/inbox-relay.ts';
import { tellPurchase } from '../../workers/tell-purchase.ts';
import { purchaseWorkflowId } from '../../workflows/purchase/contract.ts';
import {
  bought,
  chipsOf,
  flagsOf,
  journalsOf,
  lose,
  newBuyer,
  payable,
  payPurchase,
  purchaseOf,
  rowOf,
} from '../activities/support/purchases.ts';
import type { Marketplace } from '../activities/support/shop.ts';
import type { TestTemporal } from '../support/temporal.ts';
import { SLOW_MS, startRealWorkers } from './support/real-workers.ts';

let market: Marketplace;
let temporal: TestTemporal;
let handle: WebhookHandler;
let close: () => Promise<void>;
beforeAll(async () => {
  ({ market, temporal, handle, close } = await startRealWorkers());
}, SLOW_MS);
afterAll(() => close());

/** As the inbox has it. */
const webhook = (event: EventObject) =>
  ({ id: 1, eventId: event.id, type: event.type, attempts: 1, payload: { ...event } }) as WebhookInbox;

/** Every event of Stripe's that names this payment, in the order in which they happened. */
const eventsOf = ({ providerObjectId }: Purchase): WebhookInbox[] =>
  market.simulator.control
    .events()
    .filter((event) => JSON.stringify(event.data.object).includes(`"${providerObjectId}"`))
    .map(webhook);

/** Delivers, as the relay does, until everybody is done; each of them five times and in another order each time. */
async function deliver(events: WebhookInbox[]): Promise<void> {
  const deliveries = Array.from({ length: 5 }, (_, n) => (n % 2 === 0 ? events.toReversed() : events)).flat();
  let waiting = deliveries;
  for (let tries = 0; waiting.length > 0 && tries < 10; tries += 1) {
    const outcomes = await Promise.allSettled(waiting.map(handle));
    waiting = waiting.filter((_, n) => outcomes[n]?.status === 'rejected');
  }
  expect(waiting).toEqual([]);
}

/** A refund that somebody made at the provider. */
async function refundAtProvider({ providerObjectId }: Purchase, amountMinor: number): Promise<void> {
  const body = new URLSearchParams({ payment_intent: providerObjectId ?? '', amount: String(amountMinor) });
  const headers = { Authorization: 'Bearer sk_test_x' };
  const answer = await fetch(`${market.simulator.url}/v1/refunds`, { method: 'POST', body, headers });
  if (!answer.ok) throw new Error(await answer.text());
}

/** Nobody waits for it any more when its money comes. */
async function failed(): Promise<Purchase> {
  const purchase = await payable(market, purchaseOf(await newBuyer(market)));
  await market.records.failPurchase({ purchaseId: purchase.id, reason: 'not paid in time' });
  return purchase;
}

describe('a purchase', () => {
  it('goes from the request to the chips by Stripe’s news, a decline among them', async () => {
    const input = purchaseOf(await newBuyer(market));
    const { purchaseId, userId } = input;
    const gateway = createTemporalGateway(temporal.client);
    const begun = await Promise.all([gateway.beginPurchase(input, 'u'), gateway.beginPurchase(input, 'u')]);
    expect(begun).toEqual(['begun', 'begun']);
    const purchase = await rowOf(market, purchaseId);
    await expect(payPurchase(market, purchase, 'pm_card_chargeDeclined')).rejects.toThrow('card_declined');
    await deliver(eventsOf(purchase));
    const row = () => rowOf(market, purchaseId);
    await waitFor('the attempt is declined', row, ({ paymentStatus }) => paymentStatus === 'failed');
    await payPurchase(market, purchase);
    await deliver(eventsOf(purchase));
    const workflow = temporal.client.workflow.getHandle(purchaseWorkflowId(purchaseId));
    expect(await workflow.result()).toEqual({ status: 'completed' });
    await deliver(eventsOf(purchase));
    expect(await chipsOf(market, userId)).toBe(100);
    expect(await journalsOf(market, purchaseId)).toEqual(['completed']);
    expect(await gateway.beginPurchase(input, 'another')).toBe('finished');
  });

  it('is refused by its limits over the gateway, with the code', async () => {
    const input = purchaseOf(await newBuyer(market), { chips: 10_001 });
    const refused = createTemporalGateway(temporal.client).beginPurchase(input, 'u');
    await expect(refused).rejects.toMatchObject({ code: 'chips_out_of_range' });
  });

  it('that has failed gets its chips when its money comes after all, once', async () => {
    const purchase = await failed();
    await payPurchase(market, purchase);
    await deliver(eventsOf(purchase));
    expect(await chipsOf(market, purchase.userId)).toBe(100);
    expect(await rowOf(market, purchase.id)).toMatchObject({ status: 'completed' });
  });

  it('is not paid by money of another amount: an operator looks', async () => {
    const purchase = await failed();
    await payPurchase(market, purchase);
    const em = market.orm.em.fork();
    await em.nativeUpdate(Purchase, { id: purchase.id }, { chips: 101, amountMinor: 10_100 });
    const [news] = eventsOf(purchase).filter(({ type }) => type === 'payment_intent.succeeded');
    await expect(handle(news as WebhookInbox)).rejects.toBeInstanceOf(Unprocessable);
    await em.nativeUpdate(Purchase, { id: purchase.id }, { chips: 100, amountMinor: 10_000 });
  });
});

describe('money that goes back', () => {
  it('takes its chips with it, whatever the order and number of deliveries; the credit comes first', async () => {
    const purchase = await failed();
    await payPurchase(market, purchase);
    await refundAtProvider(purchase, 2_550);
    await refundAtProvider(purchase, 1_450);
    await deliver(eventsOf(purchase));
    expect(await chipsOf(market, purchase.userId)).toBe(60);
    expect(await rowOf(market, purchase.id)).toMatchObject({ status: 'refunded', refundedMinor: 4_000 });
    await refundAtProvider(purchase, 6_000);
    await deliver(eventsOf(purchase));
    expect(await chipsOf(market, purchase.userId)).toBe(0);
    expect(await journalsOf(market, purchase.id)).toEqual([
      'completed',
      'taken-back:refunded:4000',
      'taken-back:refunded:10000',
    ]);
  });

  it('by a bank comes again when the bank decides for us; what was lost meanwhile is flagged', async () => {
    const purchase = await bought(market);
    await lose(market, purchase.userId, 30);
    const { id } = market.simulator.control.openDispute({ paymentIntent: purchase.providerObjectId ?? '' });
    await deliver(eventsOf(purchase));
    expect(await chipsOf(market, purchase.userId)).toBe(0);
    expect((await flagsOf(market, purchase.userId)).map(({ evidence }) => evidence.chipsMissing)).toEqual([30]);
    market.simulator.control.closeDispute(id, 'won');
    await deliver(eventsOf(purchase));
    expect(await chipsOf(market, purchase.userId)).toBe(70);
    expect((await rowOf(market, purchase.id)).status).toBe('completed');
    const journals = ['completed', `taken-back:${id}`, `chargeback-fee:${id}:1500`, `given-back:${id}`];
    expect(await journalsOf(market, purchase.id)).toEqual(journals);
  });

  it('by a bank that has won is gone, all in one when nobody heard of it before', async () => {
    const purchase = await bought(market);
    const paymentIntent = purchase.providerObjectId ?? '';
    const { id } = market.simulator.control.openDispute({ paymentIntent, amount: 4_000 });
    market.simulator.control.closeDispute(id, 'lost');
    await deliver(eventsOf(purchase));
    expect(await chipsOf(market, purchase.userId)).toBe(60);
    expect(await rowOf(market, purchase.id)).toMatchObject({ status: 'refunded', chipsTakenBack: 40 });
  });

  it('by a bank for an instant only takes nothing', async () => {
    const purchase = await bought(market);
    const { id } = market.simulator.control.openDispute({ paymentIntent: purchase.providerObjectId ?? '' });
    market.simulator.control.closeDispute(id, 'won');
    await deliver(eventsOf(purchase));
    expect(await chipsOf(market, purchase.userId)).toBe(100);
    expect((await rowOf(market, purchase.id)).status).toBe('completed');
  });

  it('for the second time after a decision for us is an operator’s business', async () => {
    const purchase = await bought(market);
    const { id } = market.simulator.control.openDispute({ paymentIntent: purchase.providerObjectId ?? '' });
    const events = eventsOf(purchase).filter(({ type }) => type.startsWith('charge.dispute.'));
    const overdue = `insert into purchase_event (purchase_id, event, kind, amount_minor, chips, missing, given_back_at)
      values (?, ?, 'chargeback', 10000, 0, 0, now())`;
    await market.orm.em.fork().execute(overdue, [purchase.id, id]);
    await expect(handle(events[0] as WebhookInbox)).rejects.toBeInstanceOf(Unprocessable);
  });

  it('of a payment that came after another had bought the chips takes none', async () => {
    const purchase = await bought(market);
    const atProvider = await market.providers.get('stripe').retrievePayment(purchase.providerObjectId ?? '');
    const second = { ...atProvider, chargeId: 'ch_second', amountRefundedMinor: 10_000 };
    const deps = { orm: market.orm, client: temporal.client };
    expect(await tellPurchase(deps, { eventId: 'evt_1', type: 'charge.refunded' }, second)).toBe('ignored');
    expect(await chipsOf(market, purchase.userId)).toBe(100);
  });
});
