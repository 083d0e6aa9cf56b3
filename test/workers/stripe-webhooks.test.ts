/** What a Stripe webhook leads to when no workflow waits for it: real Postgres, Temporal and simulator. */

import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { createPaymentActivities } from '../../activities/create-payment-activities.ts';
import { LedgerJournal } from '../../db/entities/ledger-journal.entity.ts';
import { Payment } from '../../db/entities/payment.entity.ts';
import type { WebhookInbox } from '../../db/entities/webhook-inbox.entity.ts';
import { auditLedger } from '../../db/ledger/audit.ts';
import { Unprocessable, type WebhookHandler } from '../../workers/inbox-relay.ts';
import { createStripeWebhookHandler } from '../../workers/stripe-webhooks.ts';
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

describe('Stripe webhooks after the end of an order', () => {
  let market: Marketplace;
  let temporal: TestTemporal;
  let handle: WebhookHandler;
  beforeAll(async () => {
    [market, temporal] = await Promise.all([openMarketplace(), connectTemporal()]);
    const { orm, providers } = market;
    const { refundLatePayment } = createPaymentActivities({ orm, providers, timeScale: 1 });
    handle = createStripeWebhookHandler({
      orm,
      client: temporal.client,
      stripe: providers.get('stripe'),
      refundLatePayment,
    });
  });
  afterAll(async () => {
    const audit = await auditLedger(market.orm.em.fork());
    await market.close();
    await temporal.close();
    expect(audit.findings.filter((finding) => finding.violations > 0)).toEqual([]);
  });

  const webhook = (objectId: string | undefined, type = 'payment_intent.succeeded') =>
    ({ id: 1, eventId: 'evt_1', type, attempts: 1, payload: { data: { object: { id: objectId } } } }) as WebhookInbox;

  const expiredOrderWithPayment = async () => {
    const input = orderOf(market, [{ listingId: await listGoods(market), quantity: 1 }]);
    const { payment } = await placeWithPayment(market, input);
    const actor = { role: 'system', id: 'test' } as const;
    await market.records.closeUnpaid({ orderId: input.orderId, status: 'expired', reason: 'window', actor });
    return payment;
  };

  it('sends back money that came too late, once, however often it is told', async () => {
    const payment = await expiredOrderWithPayment();
    await payByCard(market, payment);
    const news = webhook(payment.providerObjectId ?? '');
    await Promise.allSettled([handle(news), handle(news), handle(news)]);
    expect(await handle(news)).toBe('ignored');
    const em = market.orm.em.fork();
    expect((await em.findOneOrFail(Payment, { id: payment.id })).status).toBe('late_refunded');
    expect(await em.count(LedgerJournal, { orderId: payment.orderId })).toBe(2);
  });

  it('ignores news of a payment that its order has long taken', async () => {
    const input = orderOf(market, [{ listingId: await listGoods(market), quantity: 1 }]);
    const { payment } = await paidOrder(market, input);
    expect(await handle(webhook(payment.providerObjectId ?? ''))).toBe('ignored');
    expect((await market.orm.em.fork().findOneOrFail(Payment, { id: payment.id })).status).toBe('succeeded');
  });

  it('ignores events and objects that are not ours', async () => {
    expect(await handle(webhook('ch_1', 'charge.updated'))).toBe('ignored');
    const body = new URLSearchParams({ amount: '500', currency: 'usd' });
    const headers = { Authorization: 'Bearer sk_test_x', 'Idempotency-Key': 'someone-else' };
    const answer = await fetch(`${market.simulator.url}/v1/payment_intents`, { method: 'POST', body, headers });
    const { id } = (await answer.json()) as { id: string };
    expect(await handle(webhook(id))).toBe('ignored');
  });

  it('refuses for good what names no object', async () => {
    await expect(handle(webhook(undefined))).rejects.toBeInstanceOf(Unprocessable);
  });

  it('parks money of another amount than was asked for', async () => {
    const payment = await expiredOrderWithPayment();
    await payByCard(market, payment);
    const em = market.orm.em.fork();
    await em.nativeUpdate(Payment, { id: payment.id }, { amountMinor: payment.amountMinor + 1 });
    await expect(handle(webhook(payment.providerObjectId ?? ''))).rejects.toThrow('payment_amount_mismatch');
    await em.nativeUpdate(Payment, { id: payment.id }, { amountMinor: payment.amountMinor });
    expect(await handle(webhook(payment.providerObjectId ?? ''))).toBe('done');
  });
});
