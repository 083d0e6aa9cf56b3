/** The README's guided walk, executable: one order through every part of the engine, its side paths, and bad times. */

import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Escrow } from '../../db/entities/escrow.entity.ts';
import { WebhookInbox } from '../../db/entities/webhook-inbox.entity.ts';
import { auditLedger } from '../../db/ledger/audit.ts';
import { balanceOf } from '../../db/ledger/balances.ts';
import { orderBody } from '../../dev/client/holdfast-client.ts';
import { waitFor } from '../../dev/client/wait-for.ts';
import { readJournals } from '../../dev/demo/books.ts';
import { holdAccount } from '../../domain/accounts.ts';
import { describeBadDisputes } from './suites/bad-disputes.ts';
import { describeBadInput } from './suites/bad-input.ts';
import { describeDemo } from './suites/demo.ts';
import { describeDisputes } from './suites/disputes.ts';
import { describeMarkets } from './suites/markets.ts';
import { describeTemporalDown } from './suites/temporal-down.ts';
import { describeVerifierLeg } from './suites/verifier-leg.ts';
import { type E2eStack, onlyPart, STACK_TIMEOUT_MS, secretOf, startE2eStack } from './support/e2e-stack.ts';

let e2e: E2eStack;

beforeAll(async () => {
  e2e = await startE2eStack();
}, STACK_TIMEOUT_MS);

afterAll(() => e2e.stop(), STACK_TIMEOUT_MS);

const vendor = () => 'seller';

describe('the path of an order', () => {
  it('leads from the request over workflow, payment, webhook and escrow to the ledger', async () => {
    const { buyer, seller, simulator, orm } = e2e;
    const product = await e2e.offer();

    // POST /orders → the order workflow's `place` → rows in Postgres, a payment at the provider.
    const placed = await e2e.order(product);
    const { id: orderId } = placed.order;
    expect(placed.order).toMatchObject({ status: 'pending_payment', total: { amountMinor: 6_000, currency: 'USD' } });
    expect(secretOf(placed)).toMatch(/^pi_.+_secret_.+/);
    const part = onlyPart(placed);
    expect(part).toMatchObject({
      status: 'pending_payment',
      commission: { amountMinor: 600 },
      net: { amountMinor: 5_400 },
    });
    expect(await buyer.product(product.id)).toMatchObject({ stock: 10, available: 9 });

    // The buyer pays at the provider → signed webhook → inbox row → relay → signal → holds.
    await simulator.pay(secretOf(placed));
    await buyer.waitForOrder(orderId, 'paid_in_escrow');
    const [paid] = (await simulator.eventsOf(secretOf(placed))).filter(
      ({ type }) => type === 'payment_intent.succeeded',
    );
    const inbox = await waitFor(
      'the webhook is done',
      () => orm.em.fork().findOne(WebhookInbox, { provider: 'stripe', eventId: paid?.id ?? '' }),
      (row) => row?.status === 'done',
    );
    expect(inbox).toMatchObject({ type: 'payment_intent.succeeded', attempts: 1 });
    expect(await buyer.escrow(part.escrowId)).toMatchObject({
      status: 'held',
      held: { amountMinor: 6_000, currency: 'USD' },
      nextAction: { kind: 'cancel_and_refund' },
    });
    expect(await balanceOf(orm.em.fork(), holdAccount(part.escrowId), 'USD')).toBe(6_000);
    expect(await buyer.product(product.id)).toMatchObject({ stock: 9, available: 9 });

    // Updates to the escrow workflow: prepare, ship, deliver, confirm.
    expect(await seller.process(part.id)).toMatchObject({ status: 'processing' });
    expect(await seller.ship(part.id)).toMatchObject({ status: 'shipped', carrier: 'DHL' });
    expect(await seller.deliver(part.id)).toMatchObject({ status: 'delivered' });
    expect((await buyer.escrow(part.escrowId)).nextAction.kind).toBe('release');
    await buyer.confirmDelivery(part.id);

    // Released: rows and ledger agree.
    expect(await buyer.escrow(part.escrowId)).toMatchObject({ status: 'released', payoutStatus: 'in_wallet' });
    await buyer.waitForOrder(orderId, 'completed');
    expect(await readJournals(orm.em, placed.order, vendor)).toEqual([
      { kind: 'payment_captured', lines: { 'world:stripe': -6_000, 'hold:seller': 6_000 } },
      { kind: 'hold_released', lines: { 'hold:seller': -6_000, 'wallet:seller': 5_400, 'revenue:commission': 600 } },
    ]);
    expect((await seller.wallet()).balances).toContainEqual({ amountMinor: 5_400, currency: 'USD' });
  });

  it('goes on after a declined card, with the same payment and another card', async () => {
    const placed = await e2e.order(await e2e.offer());
    expect((await e2e.simulator.confirm(secretOf(placed), 'pm_card_chargeDeclined')).status).toBe(402);
    const declined = await waitFor(
      'the decline is known',
      () => e2e.buyer.order(placed.order.id),
      ({ payment }) => payment?.status === 'failed',
    );
    expect(declined).toMatchObject({ status: 'pending_payment', payment: { failureCode: 'generic_decline' } });

    await e2e.simulator.pay(secretOf(placed), 'pm_card_mastercard');
    const paid = await e2e.buyer.waitForOrder(placed.order.id, 'paid_in_escrow');
    expect(paid.payment).toMatchObject({ id: placed.payment?.id, status: 'succeeded' });
  });

  it('goes on with a new payment, and the first one can no longer be paid', async () => {
    const placed = await e2e.order(await e2e.offer());
    await e2e.simulator.confirm(secretOf(placed), 'pm_card_chargeDeclined');
    const again = await e2e.buyer.payAgain(placed.order.id);
    expect(again.payment?.id).not.toBe(placed.payment?.id);

    expect((await e2e.simulator.confirm(secretOf(placed))).status).toBe(400);
    await e2e.simulator.pay(secretOf(again));
    await e2e.buyer.waitForOrder(placed.order.id, 'paid_in_escrow');
    expect(await readJournals(e2e.orm.em, placed.order, vendor)).toHaveLength(1);
  });

  it('waits for the bank where the card asks for authentication', async () => {
    const placed = await e2e.order(await e2e.offer());
    await e2e.simulator.pay(secretOf(placed), 'pm_card_authenticationRequired');
    expect(await e2e.buyer.order(placed.order.id)).toMatchObject({ status: 'pending_payment' });
    await e2e.simulator.authenticate(secretOf(placed), true);
    await e2e.buyer.waitForOrder(placed.order.id, 'paid_in_escrow');
  });

  it('ends without money when the buyer cancels before paying', async () => {
    const product = await e2e.offer({ stock: 1 });
    const placed = await e2e.order(product);
    expect(await e2e.buyer.cancelOrder(placed.order.id, 'changed my mind')).toMatchObject({ status: 'cancelled' });
    expect((await e2e.simulator.confirm(secretOf(placed))).status).toBe(400);
    expect(await e2e.buyer.product(product.id)).toMatchObject({ stock: 1, available: 1 });
    expect(await readJournals(e2e.orm.em, placed.order, vendor)).toEqual([]);
  });

  it('gives the money back when the buyer cancels before the seller has begun', async () => {
    const product = await e2e.offer({ stock: 1 });
    const placed = await e2e.paidOrder(product);
    await e2e.buyer.cancelOrder(placed.order.id, 'changed my mind');
    const cancelled = await e2e.buyer.waitForOrder(placed.order.id, 'refunded');
    expect(cancelled.payment).toMatchObject({ status: 'refunded' });
    expect(await e2e.buyer.product(product.id)).toMatchObject({ stock: 1, available: 1 });
    expect(await readJournals(e2e.orm.em, placed.order, vendor)).toEqual([
      { kind: 'payment_captured', lines: { 'world:stripe': -6_000, 'hold:seller': 6_000 } },
      { kind: 'hold_refunded', lines: { 'hold:seller': -6_000, 'world:stripe': 6_000 } },
    ]);
  });
});

describe('around the path', () => {
  it('a repeated request with the same key is the same order', async () => {
    const { listingId, id } = await e2e.offer();
    const wanted = { lines: [{ listingId, quantity: 2 }] };
    const idempotencyKey = crypto.randomUUID();
    const first = await e2e.buyer.placeOrder(wanted, idempotencyKey);
    const again = await e2e.buyer.request('POST', '/orders', { body: orderBody(wanted), idempotencyKey });
    expect(again).toMatchObject({ status: 201, body: first });
    expect(again.headers.get('idempotent-replayed')).toBe('true');
    const body = orderBody({ lines: [{ listingId, quantity: 3 }] });
    const other = await e2e.buyer.request('POST', '/orders', { body, idempotencyKey });
    expect(other).toMatchObject({ status: 422, body: { code: 'idempotency_key_reused' } });
    expect((await e2e.buyer.product(id)).available).toBe(8);
  });

  it('a webhook that comes five times counts once', async () => {
    const placed = await e2e.order(await e2e.offer());
    await e2e.simulator.webhooks({ copies: 5, shuffleMs: 50 });
    await e2e.simulator.pay(secretOf(placed));
    await e2e.buyer.waitForOrder(placed.order.id, 'paid_in_escrow');
    await e2e.simulator.webhooks({ copies: 1, shuffleMs: 0 });
    const [paid] = (await e2e.simulator.eventsOf(secretOf(placed))).filter(
      ({ type }) => type === 'payment_intent.succeeded',
    );
    expect(await e2e.orm.em.fork().count(WebhookInbox, { eventId: paid?.id ?? '' })).toBe(1);
    expect(await e2e.orm.em.fork().count(Escrow, { orderId: placed.order.id })).toBe(1);
    expect(await readJournals(e2e.orm.em, placed.order, vendor)).toHaveLength(1);
  });

  it('the parties see why the money is held, strangers see nothing', async () => {
    const placed = await e2e.paidOrder(await e2e.offer());
    const { id: orderId } = placed.order;
    const part = onlyPart(placed);
    const timeline = await e2e.buyer.timeline(orderId);
    expect(timeline.data.map(({ type }) => type)).toEqual(['order.placed', 'order.paid', 'escrow.held']);
    expect(timeline.next).toEqual([expect.objectContaining({ escrowId: part.escrowId, kind: 'cancel_and_refund' })]);
    expect(await e2e.seller.escrow(part.escrowId)).toMatchObject({ status: 'held' });
    expect((await e2e.seller.vendorOrders()).data.map(({ id }) => id)).toContain(part.id);

    const paths = [
      `/orders/${orderId}`,
      `/orders/${orderId}/timeline`,
      `/vendor-orders/${part.id}`,
      `/escrows/${part.escrowId}`,
    ];
    for (const path of paths) expect((await e2e.stranger.request('GET', path)).status).toBe(404);
  });

  it('a card that is authorised only is charged by the release, and the seller is paid out', async () => {
    const placed = await e2e.paidOrder(await e2e.offer({ channel: 'pi-market' }));
    const part = onlyPart(placed);
    expect((await e2e.buyer.order(placed.order.id)).payment?.status).toBe('authorized');
    await e2e.seller.ship(part.id);
    await e2e.buyer.confirmDelivery(part.id);
    await waitFor(
      'the payout is paid',
      () => e2e.seller.escrow(part.escrowId),
      ({ payoutStatus }) => payoutStatus === 'paid',
    );
    const journals = await readJournals(e2e.orm.em, placed.order, vendor);
    expect(journals.map(({ kind }) => kind)).toEqual([
      'payment_authorised',
      'authorisation_captured',
      'hold_released',
      'payout_started',
      'payout_paid',
    ]);
    const [transfer] = await e2e.simulator.transfersOf(placed.order.id);
    expect(transfer).toMatchObject({ amount: 6_000, currency: 'usd', destination: 'acct_sim_seller' });
  });
});

describeDisputes(() => e2e);
describeVerifierLeg(() => e2e);
describeMarkets(() => e2e);
describeBadInput(() => e2e);
describeBadDisputes(() => e2e);
describeDemo(() => e2e);
describeTemporalDown(() => e2e);

describe('in the end', () => {
  it('the books are clean', async () => {
    const { clean, findings } = await auditLedger(e2e.orm.em);
    expect({ clean, findings: findings.filter(({ violations }) => violations > 0) }).toEqual({
      clean: true,
      findings: [],
    });
  });
});
