/** Placing, paying and closing orders on a real Postgres, many at once. */

import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { ApplicationFailure } from '@temporalio/activity';
import { Escrow } from '../../db/entities/escrow.entity.ts';
import { LedgerJournal } from '../../db/entities/ledger-journal.entity.ts';
import { Listing } from '../../db/entities/listing.entity.ts';
import { Order } from '../../db/entities/order.entity.ts';
import { auditLedger } from '../../db/ledger/audit.ts';
import type { ListingId } from '../../domain/ids.ts';
import {
  listGoods,
  type Marketplace,
  openMarketplace,
  orderOf,
  paidOrder,
  payByCard,
  placeWithPayment,
} from './support/shop.ts';

const SYSTEM = { role: 'system', id: 'test' } as const;

const codeOf = (reason: unknown) => (reason instanceof ApplicationFailure ? reason.type : reason);

describe('order records', () => {
  let market: Marketplace;
  beforeAll(async () => {
    market = await openMarketplace();
  });
  afterAll(async () => {
    const audit = await auditLedger(market.orm.em.fork());
    await market.close();
    expect(audit.findings.filter((finding) => finding.violations > 0)).toEqual([]);
  });

  const stockOf = async (id: ListingId) => {
    const { stock, reserved, sold } = await market.orm.em.fork().findOneOrFail(Listing, { id });
    return { stock, reserved, sold };
  };

  it('sells exactly what is in stock when fifty buyers come at once', async () => {
    const listingId = await listGoods(market, { stock: 10 });
    const attempts = Array.from({ length: 50 }, () => orderOf(market, [{ listingId, quantity: 1 }]));
    const outcomes = await Promise.allSettled(attempts.map((input) => market.records.placeOrder(input)));
    const refusals = outcomes.flatMap((outcome) => (outcome.status === 'rejected' ? [codeOf(outcome.reason)] : []));
    expect(outcomes.length - refusals.length).toBe(10);
    expect(new Set(refusals)).toEqual(new Set(['out_of_stock']));
    expect(await stockOf(listingId)).toEqual({ stock: 10, reserved: 10, sold: 0 });
  });

  it('places an order once, however often the same placing is tried at once', async () => {
    const listingId = await listGoods(market);
    const input = orderOf(market, [{ listingId, quantity: 2 }]);
    const outcomes = await Promise.allSettled(Array.from({ length: 8 }, () => market.records.placeOrder(input)));
    const again = await market.records.placeOrder(input);
    for (const outcome of outcomes) if (outcome.status === 'fulfilled') expect(outcome.value).toEqual(again);
    expect(outcomes.some((outcome) => outcome.status === 'fulfilled')).toBe(true);
    expect(await stockOf(listingId)).toEqual({ stock: 10, reserved: 2, sold: 0 });
  });

  it('refuses other content under an id that is taken', async () => {
    const listingId = await listGoods(market);
    const input = orderOf(market, [{ listingId, quantity: 1 }]);
    await market.records.placeOrder(input);
    const other = market.records.placeOrder({ ...input, requestHash: 'another' });
    await expect(other.catch(codeOf)).resolves.toBe('idempotency_key_reused');
    expect(await stockOf(listingId)).toEqual({ stock: 10, reserved: 1, sold: 0 });
  });

  it('does not deadlock when orders take the same listings in opposite order', async () => {
    const [one, two] = [await listGoods(market, { stock: 200 }), await listGoods(market, { stock: 200 })];
    const inputs = Array.from({ length: 40 }, (_, index) => {
      const lines = [one, two].map((listingId) => ({ listingId, quantity: 1 }));
      return orderOf(market, index % 2 === 0 ? lines : lines.toReversed());
    });
    await Promise.all(inputs.map((input) => market.records.placeOrder(input)));
    expect(await stockOf(one)).toEqual({ stock: 200, reserved: 40, sold: 0 });
    expect(await stockOf(two)).toEqual({ stock: 200, reserved: 40, sold: 0 });
  });

  it('books a payment once, however often its news arrives at once', async () => {
    const listingId = await listGoods(market);
    const input = orderOf(market, [{ listingId, quantity: 1 }]);
    const { payment, placed } = await placeWithPayment(market, input);
    const arrival = await payByCard(market, payment);
    const told = () => market.records.markPaid({ orderId: input.orderId, arrival });
    const results = await Promise.all([told(), told(), told(), told()]);
    expect(new Set(results.map((result) => result.status))).toEqual(new Set(['paid_in_escrow']));
    expect(new Set(results.map((result) => result.paidAt)).size).toBe(1);
    const em = market.orm.em.fork();
    expect(await em.count(LedgerJournal, { orderId: input.orderId })).toBe(1);
    expect(await em.count(Escrow, { orderId: input.orderId })).toBe(placed.vendorOrders.length);
    expect(await stockOf(listingId)).toEqual({ stock: 9, reserved: 0, sold: 1 });
  });

  it('lets either the payment or the closing win, never both', async () => {
    const listingId = await listGoods(market, { stock: 100 });
    const races = Array.from({ length: 12 }, async () => {
      const input = orderOf(market, [{ listingId, quantity: 1 }]);
      const { payment } = await placeWithPayment(market, input);
      const arrival = await payByCard(market, payment);
      const { orderId } = input;
      const closing = { orderId, status: 'expired', reason: 'window', actor: SYSTEM } as const;
      const [paid, closed] = await Promise.all([
        market.records.markPaid({ orderId, arrival }),
        market.records.closeUnpaid(closing),
      ]);
      expect(paid.paidAt === null).toBe(closed.status === 'expired');
      if (paid.paidAt === null) await market.atProvider.refundLatePayment({ paymentId: payment.id });
      return paid.paidAt !== null;
    });
    const wins = (await Promise.all(races)).filter(Boolean).length;
    expect(await stockOf(listingId)).toEqual({ stock: 100 - wins, reserved: 0, sold: wins });
  });

  it('refuses money of another amount and changes nothing', async () => {
    const input = orderOf(market, [{ listingId: await listGoods(market), quantity: 1 }]);
    const { payment } = await placeWithPayment(market, input);
    const arrival = { ...(await payByCard(market, payment)), amountMinor: 1 };
    const told = market.records.markPaid({ orderId: input.orderId, arrival });
    await expect(told).rejects.toMatchObject({ type: 'payment_amount_mismatch' });
    const em = market.orm.em.fork();
    expect((await em.findOneOrFail(Order, { id: input.orderId })).status).toBe('pending_payment');
    await market.records.markPaid({
      orderId: input.orderId,
      arrival: { ...arrival, amountMinor: payment.amountMinor },
    });
  });

  it('freezes the policy: a later change of the channel does not reach the order', async () => {
    const input = orderOf(market, [{ listingId: await listGoods(market), quantity: 1 }]);
    const { paid } = await paidOrder(market, input);
    expect(paid.status).toBe('paid_in_escrow');
    const order = await market.orm.em.fork().findOneOrFail(Order, { id: input.orderId });
    expect(order.policy.preset).toBe('multi-vendor');
    expect(order.policy.hold.shipWithinMs).toBe(5 * 24 * 3_600_000);
  });

  it.each([
    [
      'an unknown listing',
      async () => [{ listingId: 'lst_0000000000000000000000000a' as ListingId, quantity: 1 }],
      'listing_not_found',
    ],
    [
      'listings of two channels',
      async (shop: Marketplace) => [
        { listingId: await listGoods(shop), quantity: 1 },
        { listingId: await listGoods(shop, { preset: 'fliiply' }), quantity: 1 },
      ],
      'lines_from_several_channels',
    ],
    [
      'digital goods where the channel sells none',
      async (shop: Marketplace) => [
        { listingId: await listGoods(shop, { preset: 'fliiply', kind: 'digital' }), quantity: 1 },
      ],
      'digital_not_offered',
    ],
    [
      'physical and digital goods on one authorisation',
      async (shop: Marketplace) => [
        { listingId: await listGoods(shop, { preset: 'pi-market' }), quantity: 1 },
        { listingId: await listGoods(shop, { preset: 'pi-market', kind: 'digital' }), quantity: 1 },
      ],
      'lines_of_several_kinds',
    ],
    [
      'an amount beyond what can be counted',
      async (shop: Marketplace) => [
        { listingId: await listGoods(shop, { priceMinor: Number.MAX_SAFE_INTEGER, stock: 5 }), quantity: 2 },
      ],
      'amount_out_of_range',
    ],
  ])('refuses %s and stores nothing', async (_what, lines, code) => {
    const input = orderOf(market, await lines(market));
    await expect(market.records.placeOrder(input)).rejects.toMatchObject({ type: code, nonRetryable: true });
    expect(await market.orm.em.fork().count(Order, { id: input.orderId })).toBe(0);
  });

  it('refuses a seller who orders their own goods', async () => {
    const listingId = await listGoods(market);
    const { sellerId } = await market.orm.em.fork().findOneOrFail(Listing, { id: listingId });
    const input = { ...orderOf(market, [{ listingId, quantity: 1 }]), buyerId: sellerId };
    await expect(market.records.placeOrder(input)).rejects.toMatchObject({ type: 'own_listing' });
  });
});
