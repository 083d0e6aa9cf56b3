/** What Stripe's news of a chargeback starts: real Postgres, Temporal and simulator, nobody at work on the workflow. */

import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { createPaymentActivities } from '../../activities/create-payment-activities.ts';
import { Payment } from '../../db/entities/payment.entity.ts';
import type { WebhookInbox } from '../../db/entities/webhook-inbox.entity.ts';
import { Unprocessable, type WebhookHandler } from '../../workers/inbox-relay.ts';
import { createStripeWebhookHandler } from '../../workers/stripe-webhooks.ts';
import { chargebackWorkflowId } from '../../workflows/chargeback/contract.ts';
import {
  listGoods,
  type Marketplace,
  openMarketplace,
  orderOf,
  paidOrder,
  payByCard,
  placeWithPayment,
} from '../activities/support/shop.ts';
import { connectTemporal, type TestTemporal } from '../support/temporal.ts';

describe('news of a chargeback', () => {
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
    await market.close();
    await temporal.close();
  });

  let news = 0;
  const webhook = (type: string, id: string) => {
    news += 1;
    return {
      id: news,
      eventId: `evt_${news}`,
      type,
      attempts: 1,
      payload: { data: { object: { id } } },
    } as WebhookInbox;
  };

  const disputed = async () => {
    const input = orderOf(market, [{ listingId: await listGoods(market), quantity: 1 }]);
    const { payment } = await paidOrder(market, input);
    const { id } = market.simulator.control.openDispute({
      paymentIntent: payment.providerObjectId ?? '',
      amount: 4_000,
      reason: 'product_not_received',
    });
    return { id, payment, workflow: temporal.client.workflow.getHandle(chargebackWorkflowId(id)) };
  };

  const startedWith = async (id: string) => {
    const { events } = await temporal.client.workflow.getHandle(chargebackWorkflowId(id)).fetchHistory();
    const payloads = (events ?? []).flatMap((event) => [
      ...(event.workflowExecutionStartedEventAttributes?.input?.payloads ?? []),
      ...(event.workflowExecutionSignaledEventAttributes?.input?.payloads ?? []),
    ]);
    return payloads.map((payload) => JSON.parse(Buffer.from(payload.data ?? []).toString()) as object);
  };

  it('starts its workflow with what is true now, whichever event comes first, and only once', async () => {
    const { id, payment } = await disputed();
    expect(await handle(webhook('charge.dispute.funds_withdrawn', id))).toBe('done');
    market.simulator.control.closeDispute(id, 'lost');
    expect(await handle(webhook('charge.dispute.created', id))).toBe('done');
    const [input, first, second, ...more] = await startedWith(id);
    expect(input).toMatchObject({
      chargebackId: id,
      paymentId: payment.id,
      orderId: payment.orderId,
      amountMinor: 4_000,
      currency: 'USD',
      reason: 'product_not_received',
    });
    expect(first).toMatchObject({ status: 'open', feeMinor: 1_500 });
    expect(second).toMatchObject({ status: 'lost', feeMinor: 1_500 });
    expect(more).toEqual([]);
  });

  it('is old after the end: nothing is started again', async () => {
    const { id, workflow } = await disputed();
    await handle(webhook('charge.dispute.created', id));
    await workflow.terminate('the test ends it');
    market.simulator.control.closeDispute(id, 'lost');
    expect(await handle(webhook('charge.dispute.closed', id))).toBe('ignored');
    expect((await workflow.describe()).status.name).toBe('TERMINATED');
  });

  it('is parked where a bank goes back on a decision that was carried out', async () => {
    const { id, payment, workflow } = await disputed();
    await handle(webhook('charge.dispute.created', id));
    await workflow.terminate('the test ends it');
    const { id: paymentId, orderId, currency } = payment;
    const at = new Date().toISOString();
    const facts = { chargebackId: id, paymentId, orderId, currency, amountMinor: 4_000, reason: 'general' };
    await market.records.openChargeback({ ...facts, evidenceDueBy: null, at });
    await market.records.closeChargeback({ chargebackId: id, status: 'lost', at });
    market.simulator.control.closeDispute(id, 'won');
    await expect(handle(webhook('charge.dispute.funds_reinstated', id))).rejects.toBeInstanceOf(Unprocessable);
  });

  it('of a payment that is not ours is nobody’s business here', async () => {
    const body = new URLSearchParams({ amount: '5000', currency: 'usd' });
    const headers = { Authorization: 'Bearer sk_test_x' };
    const answer = await fetch(`${market.simulator.url}/v1/payment_intents`, { method: 'POST', body, headers });
    const { id: paymentIntent, client_secret } = (await answer.json()) as { id: string; client_secret: string };
    const card = new URLSearchParams({ client_secret, payment_method: 'pm_card_visa' });
    await fetch(`${market.simulator.url}/v1/payment_intents/${paymentIntent}/confirm`, { method: 'POST', body: card });
    const { id } = market.simulator.control.openDispute({ paymentIntent });
    expect(await handle(webhook('charge.dispute.created', id))).toBe('ignored');
  });

  it('that comes before its payment is booked is tried again', async () => {
    const input = orderOf(market, [{ listingId: await listGoods(market), quantity: 1 }]);
    const { payment } = await placeWithPayment(market, input);
    const arrival = await payByCard(market, payment);
    const { id } = market.simulator.control.openDispute({ paymentIntent: payment.providerObjectId ?? '' });
    await expect(handle(webhook('charge.dispute.created', id))).rejects.toThrow('not booked yet');
    await market.records.markPaid({ orderId: input.orderId, arrival });
    expect(await handle(webhook('charge.dispute.created', id))).toBe('done');
  });

  it('that comes before its payment is stored is tried again', async () => {
    const { id, payment } = await disputed();
    const em = market.orm.em.fork();
    await em.nativeUpdate(Payment, { id: payment.id }, { providerObjectId: null });
    await expect(handle(webhook('charge.dispute.created', id))).rejects.toThrow('not stored yet');
    await em.nativeUpdate(Payment, { id: payment.id }, { providerObjectId: payment.providerObjectId });
    expect(await handle(webhook('charge.dispute.created', id))).toBe('done');
  });
});
