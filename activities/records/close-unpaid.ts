/** Ends an order that was never paid and frees what it had reserved. */

import { LockMode } from '@mikro-orm/postgresql';
import { Order } from '../../db/entities/order.entity.ts';
import { VendorOrder } from '../../db/entities/vendor-order.entity.ts';
import type { EntityManager } from '../../db/orm.ts';
import { canMoveOrder, type OrderStatus } from '../../domain/order.ts';
import type { CloseUnpaidInput } from './order-records.ts';
import { tell } from './tell.ts';

/** Does nothing to an order that is not open any more (or never was stored), and answers with what it is. */
export async function closeUnpaid(em: EntityManager, input: CloseUnpaidInput): Promise<{ status: OrderStatus }> {
  const { orderId, reason, actor } = input;
  const order = await em.findOne(Order, { id: orderId }, { lockMode: LockMode.PESSIMISTIC_WRITE });
  if (!order) return { status: 'cancelled' };
  // An order without a payment yet cannot expire; it is cancelled.
  const status = order.status === 'created' ? 'cancelled' : input.status;
  if (!canMoveOrder(order.status, status)) return { status: order.status };
  const now = new Date();
  await em.nativeUpdate(Order, { id: orderId }, { status, closedAt: now, closeReason: reason, updatedAt: now });
  await em.nativeUpdate(VendorOrder, { orderId }, { status, cancelReason: reason, updatedAt: now });
  await em.execute(
    `with bought as (select listing_id, sum(quantity)::int as quantity from order_item where order_id = ? group by listing_id),
          locked as (select l.id, b.quantity from listing l join bought b on b.listing_id = l.id order by l.id for no key update of l)
     update listing l set reserved = l.reserved - locked.quantity, updated_at = now()
     from locked where l.id = locked.id`,
    [orderId],
  );
  await tell(em, [{ type: `order.${status}`, orderId, actor, at: now, data: { reason } }]);
  return { status };
}
