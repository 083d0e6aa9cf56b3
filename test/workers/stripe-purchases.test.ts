/** What Stripe's news means to a purchase of chips: real Postgres, Temporal and simulator, nobody at work on the workflow. */

import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { createPaymentActivities } from '../../activities/create-payment-activities.ts';
import type { Purchase } from '../../db/entities/purchase.entity.ts';
import type { WebhookInbox } from '../../db/entities/webhook-inbox.entity.ts';
import { auditLedger } from '../../db/ledger/audit.ts';
import type { EventObject } from '../../dev/simulators/stripe/objects.ts';
import { Unprocessable, type WebhookHandler } from '../../workers/inbox-relay.ts';
import { createStripeWebhookHandler } from '../../workers/stripe-webhooks.ts';
import { PURCHASE_WORKFLOW_TYPE, purchasePaidSignal, purchaseWorkflowId } from '../../workflows/purchase/contract.ts';
import { TASK_QUEUES } from '../../workflows/task-queues.ts';
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
import { type Marketplace, openMarketplace } from '../activities/support/shop.ts';
import { connectTemporal, type TestTemporal } from '../support/temporal.ts';

let market: Marketplace;
let temporal: TestTemporal;
let handle: WebhookHandler;
beforeAll(async () => {
  [market, temporal] = await Promise.all([openMarketplace(), connectTemporal()]);
  const { orm, providers } = market;
  const { refundLatePayment } = createPaymentActivities({ orm, providers, timeScale: 1 });
  const stripe = providers.get('stripe');
  handle = createStripeWebhookHandler({ orm, client: temporal.client, stripe, refundLatePayment });
});
afterAll(async () => {
  const audit = await auditLedger(market.orm.em.fork());
  await market.close();
  await temporal.close();
  expect(audit.findings.filter((finding) => finding.violations > 0)).toEqual([]);
});

/** As the inbox has it. */
const webhook = (event: EventObject) =>
  ({ id: 1, eventId: event.id, type: event.type, attempts: 1, payload: event }) as unknown as WebhookInbox;

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

describe('the money of a purchase', () => {
  it('is told to its workflow while that runs, and credited without it after its end, once', async () => {
    const input = purchaseOf(await newBuyer(market));
    const purchase = await payable(market, input);
    const workflow = await temporal.client.workflow.start(PURCHASE_WORKFLOW_TYPE, {
      workflowId: purchaseWorkflowId(input.purchaseId),
      taskQueue: TASK_QUEUES.core,
      args: [input],
    });
    await payPurchase(market, purchase);
    const [news] = eventsOf(purchase).filter(({ type }) => type === 'payment_intent.succeeded');
    if (!news) throw new Error('Stripe tells of a payment');
    expect(await handle(news)).toBe('done');
    const { events } = await workflow.fetchHistory();
    const names = events?.map((event) => event.workflowExecutionSignaledEventAttributes?.signalName);
    expect(names).toContain(purchasePaidSignal.name);
    expect(await chipsOf(market, input.userId)).toBe(0);
    await workflow.terminate('the test ends it');
    await market.records.failPurchase({ purchaseId: input.purchaseId, reason: 'not paid in time' });
    await deliver([news]);
    expect(await chipsOf(market, input.userId)).toBe(100);
    expect(await handle(news)).toBe('ignored');
  });
});

describe('money that goes back', () => {
  it('takes its chips with it, whatever the order and number of deliveries; the credit comes first', async () => {
    const input = purchaseOf(await newBuyer(market));
    const purchase = await payable(market, input);
    await payPurchase(market, purchase);
    await refundAtProvider(purchase, 2_550);
    await refundAtProvider(purchase, 1_450);
    await deliver(eventsOf(purchase));
    expect(await chipsOf(market, input.userId)).toBe(60);
    expect(await rowOf(market, purchase.id)).toMatchObject({ status: 'refunded', refundedMinor: 4_000 });
    await refundAtProvider(purchase, 6_000);
    await deliver(eventsOf(purchase));
    expect(await chipsOf(market, input.userId)).toBe(0);
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
});
