/** Orders as people read them, with their vendor orders, items and the latest payment. */

import type { EntityDictionary, EntityManager } from '@mikro-orm/postgresql';
import type { OrderId, PaymentId, UserId } from '../../domain/ids.ts';
import type { OrderStatus } from '../../domain/order.ts';
import { Escrow } from '../entities/escrow.entity.ts';
import { Order } from '../entities/order.entity.ts';
import { OrderItem } from '../entities/order-item.entity.ts';
import { Payment } from '../entities/payment.entity.ts';
import { VendorOrder } from '../entities/vendor-order.entity.ts';
import { plainRow } from '../plain-rows.ts';
import { placesFor, prepared } from '../prepared.ts';

/** `escrows`: none until the order is paid. */
export type OrderRows = {
  order: Order;
  vendorOrders: VendorOrder[];
  items: OrderItem[];
  escrows: Escrow[];
  payment: Payment | null;
};

/** As it stands now, alone. */
export async function findOrder(em: EntityManager, id: OrderId): Promise<Order | null> {
  const [row] = await prepared<Pick<Row, 'order'>>(em, `select to_json(o) as "order" from orders o where o.id = ?`, [
    id,
  ]);
  return row ? plainRow(em, Order, row.order) : null;
}

/** Keeps everyone else away from the order until the transaction ends, and answers what it is by then. */
export async function lockOrder(em: EntityManager, id: OrderId): Promise<OrderStatus> {
  const [order] = await prepared<{ status: OrderStatus }>(em, `select status from orders where id = ? for update`, [
    id,
  ]);
  if (!order) throw new Error(`there is no order ${id}`);
  return order.status;
}

/** One order with everything shown of it, as it stands now; null if there is none. */
export async function loadOrder(em: EntityManager, id: OrderId): Promise<OrderRows | null> {
  const [rows] = await loadOrders(em, [id]);
  return rows ?? null;
}

/** What the arrival of a payment has to know; null unless the payment is the order's. */
export async function findOrderOfPayment(
  em: EntityManager,
  id: OrderId,
  paymentId: PaymentId,
): Promise<(Pick<OrderRows, 'order' | 'vendorOrders'> & { payment: Payment }) | null> {
  const [row] = await prepared<Pick<Row, 'order' | 'vendorOrders'> & { payment: EntityDictionary<Payment> }>(
    em,
    `select to_json(o) as "order", to_json(p) as payment,
            (select coalesce(json_agg(v order by v.id), '[]') from vendor_order v where v.order_id = o.id) as "vendorOrders"
     from orders o join payment p on p.order_id = o.id where o.id = ? and p.id = ?`,
    [id, paymentId],
  );
  if (!row) return null;
  return {
    order: plainRow(em, Order, row.order),
    vendorOrders: row.vendorOrders.map((vendorOrder) => plainRow(em, VendorOrder, vendorOrder)),
    payment: plainRow(em, Payment, row.payment),
  };
}

/** One page of a buyer's orders, newest first unless asked otherwise. */
export async function listOrders(
  em: EntityManager,
  buyerId: UserId,
  query: { status?: OrderStatus; order: 'asc' | 'desc'; page: number; limit: number },
): Promise<{ rows: OrderRows[]; total: number }> {
  const [orders, total] = await em.findAndCount(
    Order,
    { buyerId, ...(query.status && { status: query.status }) },
    {
      fields: ['id'],
      orderBy: { createdAt: query.order, id: query.order },
      limit: query.limit,
      offset: (query.page - 1) * query.limit,
    },
  );
  const rows = await loadOrders(
    em,
    orders.map(({ id }) => id),
  );
  return { rows, total };
}

type Row = {
  order: EntityDictionary<Order>;
  vendorOrders: EntityDictionary<VendorOrder>[];
  items: EntityDictionary<OrderItem>[];
  escrows: EntityDictionary<Escrow>[];
  payment: EntityDictionary<Payment> | null;
};

/**
 * In the order given. One statement for all parts: an order is shown after every change, and by whoever waits for one.
 * Ids one by one: a list in one value hides from Postgres how few they are, and it plans the statement anew each time.
 */
async function loadOrders(em: EntityManager, ids: readonly OrderId[]): Promise<OrderRows[]> {
  if (ids.length === 0) return [];
  const rows = await prepared<Row>(
    em,
    `select to_json(o) as "order",
            (select coalesce(json_agg(v order by v.id), '[]') from vendor_order v where v.order_id = o.id) as "vendorOrders",
            (select coalesce(json_agg(i order by i.id), '[]') from order_item i where i.order_id = o.id) as items,
            (select coalesce(json_agg(e order by e.id), '[]') from escrow e where e.order_id = o.id) as escrows,
            (select to_json(p) from payment p where p.order_id = o.id order by p.attempt desc limit 1) as payment
     from orders o where o.id in (${placesFor(ids)})`,
    ids,
  );
  return rows
    .map(({ order, vendorOrders, items, escrows, payment }) => ({
      order: plainRow(em, Order, order),
      vendorOrders: vendorOrders.map((row) => plainRow(em, VendorOrder, row)),
      items: items.map((row) => plainRow(em, OrderItem, row)),
      escrows: escrows.map((row) => plainRow(em, Escrow, row)),
      payment: payment && plainRow(em, Payment, payment),
    }))
    .toSorted((a, b) => ids.indexOf(a.order.id) - ids.indexOf(b.order.id));
}
