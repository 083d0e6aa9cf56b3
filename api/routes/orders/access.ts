/**
 * Who may see an order: its buyer and administrators; its sellers as far as their own part goes. For anyone else it does not
 * exist.
 */

import type { EntityManager } from '@mikro-orm/postgresql';
import type { Order } from '../../../db/entities/order.entity.ts';
import { findOrder, loadOrder, type OrderRows } from '../../../db/repositories/orders.ts';
import type { Actor } from '../../../domain/escrow.ts';
import type { OrderId } from '../../../domain/ids.ts';
import { isAdmin, type Principal } from '../../context.ts';
import { ApiError } from '../../errors.ts';

export type VisibleOrder = { order: Order; actor: Actor };

/** The order and the part the user plays in it; 404 for everyone else. */
export async function visibleOrder(em: EntityManager, id: OrderId, user: Principal): Promise<VisibleOrder> {
  const order = await findOrder(em, id);
  if (!order) throw new ApiError('order_not_found');
  return { order, actor: actorOf(order, user) };
}

/** The order with everything shown of it; 404 for whoever plays no part in it. */
export async function visibleOrderRows(em: EntityManager, id: OrderId, user: Principal): Promise<OrderRows> {
  const rows = await reloadOrder(em, id);
  actorOf(rows.order, user);
  return rows;
}

function actorOf(order: Order, user: Principal): Actor {
  if (order.buyerId === user.id) return { role: 'buyer', id: user.id };
  if (isAdmin(user)) return { role: 'admin', id: user.id };
  throw new ApiError('order_not_found');
}

/** An order that is known to exist, with everything shown of it. */
export async function reloadOrder(em: EntityManager, id: OrderId): Promise<OrderRows> {
  const rows = await loadOrder(em, id);
  if (!rows) throw new ApiError('order_not_found');
  return rows;
}

/** The order with the parts of it that the user may follow: a seller's own, all of them for its buyer and administrators. */
export async function visibleParts(
  em: EntityManager,
  id: OrderId,
  user: Principal,
): Promise<OrderRows & { actor: Actor }> {
  const rows = await loadOrder(em, id);
  const { buyerId } = rows?.order ?? {};
  if (rows && buyerId === user.id) return { ...rows, actor: { role: 'buyer', id: user.id } };
  if (rows && isAdmin(user)) return { ...rows, actor: { role: 'admin', id: user.id } };
  const vendorOrders = rows?.vendorOrders.filter(({ vendorId }) => vendorId === user.id) ?? [];
  if (!rows || vendorOrders.length === 0) throw new ApiError('order_not_found');
  const escrows = rows.escrows.filter(({ sellerId }) => sellerId === user.id);
  return { ...rows, vendorOrders, escrows, actor: { role: 'seller', id: user.id } };
}
