/** Orders and vendor orders are loaded as one document each: they are the same as their rows, read one by one. */

import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { wrap } from '@mikro-orm/postgresql';
import { Escrow } from '../../db/entities/escrow.entity.ts';
import { Order } from '../../db/entities/order.entity.ts';
import { OrderItem } from '../../db/entities/order-item.entity.ts';
import { Payment } from '../../db/entities/payment.entity.ts';
import { VendorOrder } from '../../db/entities/vendor-order.entity.ts';
import { newId } from '../../db/new-id.ts';
import { findEscrowsOfOrder, loadEscrow } from '../../db/repositories/escrows.ts';
import { findListingsForSale } from '../../db/repositories/listings-for-sale.ts';
import { findOrder, findOrderOfPayment, listOrders, loadOrder } from '../../db/repositories/orders.ts';
import { findPayment } from '../../db/repositories/payments.ts';
import { loadVendorOrder } from '../../db/repositories/vendor-orders.ts';
import { listGoods, type Marketplace, openMarketplace, orderOf, paidOrder } from '../activities/support/shop.ts';

describe('loading orders', () => {
  let market: Marketplace;
  const orderIds: ReturnType<typeof newId<'order'>>[] = [];
  beforeAll(async () => {
    market = await openMarketplace();
    for (const kinds of [['physical', 'digital'], ['physical']] as const) {
      const lines = await Promise.all(
        kinds.map(async (kind) => ({ listingId: await listGoods(market, { kind }), quantity: 2 })),
      );
      const input = orderOf(market, lines);
      orderIds.push(input.orderId);
      await paidOrder(market, {
        ...input,
        shippingAddress: { name: 'Zoë', line1: '1', city: 'x', postalCode: '1', country: 'GB' },
      });
    }
  });
  afterAll(() => market.close());

  const plain = (rows: readonly object[]) => rows.map((row) => wrap(row).toPOJO());

  it('gives every column as the row has it', async () => {
    for (const orderId of orderIds) {
      const em = market.orm.em.fork();
      const inId = { orderBy: { id: 'asc' } } as const;
      const loaded = await loadOrder(market.orm.em.fork(), orderId);
      if (!loaded) throw new Error('the order is stored');
      expect([loaded.order]).toEqual(plain([await em.findOneOrFail(Order, { id: orderId })]));
      expect(loaded.vendorOrders).toEqual(plain(await em.find(VendorOrder, { orderId }, inId)));
      expect(loaded.items).toEqual(plain(await em.find(OrderItem, { orderId }, inId)));
      expect([loaded.payment]).toEqual(plain([await em.findOneOrFail(Payment, { orderId })]));
      for (const { id } of loaded.vendorOrders) {
        const one = await loadVendorOrder(market.orm.em.fork(), id);
        expect([one?.vendorOrder]).toEqual(plain([await em.findOneOrFail(VendorOrder, { id })]));
        expect(one?.items).toEqual(plain(await em.find(OrderItem, { vendorOrderId: id }, inId)));
      }
    }
  });

  it('gives every column of what a payment or a change of a hold reads', async () => {
    for (const orderId of orderIds) {
      const em = market.orm.em.fork();
      const inId = { orderBy: { id: 'asc' } } as const;
      const [order, payment] = [
        await em.findOneOrFail(Order, { id: orderId }),
        await em.findOneOrFail(Payment, { orderId }),
      ];
      expect([await findOrder(em, orderId), await findPayment(em, payment.id)]).toEqual(plain([order, payment]));
      const paid = await findOrderOfPayment(em, orderId, payment.id);
      expect([paid?.order, paid?.payment]).toEqual(plain([order, payment]));
      expect(paid?.vendorOrders).toEqual(plain(await em.find(VendorOrder, { orderId }, inId)));
      const escrows = await em.find(Escrow, { orderId }, inId);
      expect(await findEscrowsOfOrder(em, orderId)).toEqual(plain(escrows));
      for (const escrow of escrows) {
        expect(await loadEscrow(em, escrow.id)).toEqual({ escrow: plain([escrow])[0], disputes: [] });
      }
    }
  });

  it('is planned once a connection, not each time', async () => {
    const [orderId] = orderIds as [(typeof orderIds)[number]];
    const listingId = await listGoods(market, { kind: 'physical' });
    await market.orm.em.fork().transactional(async (em) => {
      // Postgres plans the first five runs of a statement anew, and then compares.
      for (let n = 0; n < 12; n += 1) {
        await loadOrder(em, orderId);
        await findListingsForSale(em, [listingId]);
      }
      const plans = await em.execute<{ generic_plans: number }[]>(
        `select generic_plans::int from pg_prepared_statements
         where statement like '%from orders o where o.id in ($1)' or statement like '%from listing l join%in ($1)'`,
      );
      expect(plans.map(({ generic_plans }) => generic_plans >= 7)).toEqual([true, true]);
    });
  });

  it('shows what has changed since the unit of work has read it', async () => {
    const [orderId] = orderIds as [(typeof orderIds)[number]];
    const em = market.orm.em.fork();
    await loadOrder(em, orderId);
    await market.orm.em.fork().nativeUpdate(Order, { id: orderId }, { closeReason: 'changed meanwhile' });
    expect((await loadOrder(em, orderId))?.order.closeReason).toBe('changed meanwhile');
  });

  it('lists them in the order asked for', async () => {
    const ids = async (order: 'asc' | 'desc') => {
      const query = { order, page: 1, limit: 10 };
      const { rows, total } = await listOrders(market.orm.em.fork(), market.buyerId, query);
      expect(total).toBe(orderIds.length);
      return rows.map((row) => row.order.id);
    };
    expect(await ids('asc')).toEqual(orderIds);
    expect(await ids('desc')).toEqual(orderIds.toReversed());
  });

  it('takes no payment of another order', async () => {
    const [first, second] = orderIds as [(typeof orderIds)[number], (typeof orderIds)[number]];
    const em = market.orm.em.fork();
    const payment = await em.findOneOrFail(Payment, { orderId: first });
    expect(await findOrderOfPayment(em, second, payment.id)).toBeNull();
  });

  it('finds none where there is none', async () => {
    expect(await loadOrder(market.orm.em.fork(), newId('order'))).toBeNull();
    expect(await findOrder(market.orm.em.fork(), newId('order'))).toBeNull();
    expect(await findPayment(market.orm.em.fork(), newId('payment'))).toBeNull();
    expect(await loadEscrow(market.orm.em.fork(), newId('escrow'))).toBeNull();
    expect(await findEscrowsOfOrder(market.orm.em.fork(), newId('order'))).toEqual([]);
    expect(await loadVendorOrder(market.orm.em.fork(), newId('vendorOrder'))).toBeNull();
  });
});
