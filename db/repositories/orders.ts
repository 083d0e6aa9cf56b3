/** Orders as people read them, with their vendor orders, items and the latest payment. */

import type { EntityManager } from '@mikro-orm/postgresql';
import type { OrderId, UserId } from '../../domain/ids.ts';
import type { OrderStatus } from '../../domain/order.ts';
import { Escrow } from '../entities/escrow.entity.ts';
import { Order } from '../entities/order.entity.ts';
import { OrderItem } from '../entities/order-item.entity.ts';
import { Payment } from '../entities/payment.entity.ts';
import { VendorOrder } from '../entities/vendor-order.entity.ts';

/** `escrows`: none until the order is paid. */
export type OrderRows = {
  order: Order;
  vendorOrders: VendorOrder[];
  items: OrderItem[];
  escrows: Escrow[];
  payment: Payment | null;
};

export function findOrder(em: EntityManager, id: OrderId): Promise<Order | null> {
  return em.findOne(Order, { id });
}

/** One order with everything shown of it; null if there is none. */
export async function loadOrder(em: EntityManager, id: OrderId): Promise<OrderRows | null> {
  // The rows were written by another process: what this unit of work has read before may be stale.
  const order = await em.findOne(Order, { id }, { refresh: true });
  if (!order) return null;
  const [rows] = await withParts(em, [order]);
  return rows ?? null;
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
      orderBy: { createdAt: query.order, id: query.order },
      limit: query.limit,
      offset: (query.page - 1) * query.limit,
    },
  );
  return { rows: await withParts(em, orders), total };
}

async function withParts(em: EntityManager, orders: Order[]): Promise<OrderRows[]> {
  const orderId = { $in: orders.map((order) => order.id) };
  const [vendorOrders, items, escrows, payments] = await Promise.all([
    em.find(VendorOrder, { orderId }, { orderBy: { id: 'asc' }, refresh: true }),
    em.find(OrderItem, { orderId }, { orderBy: { id: 'asc' } }),
    em.find(Escrow, { orderId }, { orderBy: { id: 'asc' }, refresh: true }),
    em.find(Payment, { orderId }, { orderBy: { attempt: 'desc' }, refresh: true }),
  ]);
  return orders.map((order) => ({
    order,
    vendorOrders: vendorOrders.filter((row) => row.orderId === order.id),
    items: items.filter((row) => row.orderId === order.id),
    escrows: escrows.filter((row) => row.orderId === order.id),
    payment: payments.find((row) => row.orderId === order.id) ?? null,
  }));
}
