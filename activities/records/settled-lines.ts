/** Which units left the hold with its rest: needed only while other units of the hold are contested. */

import type { EntityManager } from '../../db/orm.ts';

/** Everything of each line that no open dispute holds and no settled one took is settled now. */
export async function settleRestOfLines(em: EntityManager, vendorOrderId: string): Promise<void> {
  await em.execute(
    `update order_item i set settled_quantity = i.quantity - q.quantity, settled_items_minor = i.total_minor - q.items_minor,
       settled_commission_minor = i.commission_minor - q.commission_minor
     from (
       select i.id, coalesce(sum(l.quantity), 0) as quantity, coalesce(sum(l.items_minor), 0) as items_minor,
         coalesce(sum(l.commission_minor), 0) as commission_minor
       from order_item i
       left join (
         dispute_line l join dispute d on d.id = l.dispute_id and (d.settled_at is null or d.settlement <> 'hold_goes_on')
       ) on l.order_item_id = i.id
       where i.vendor_order_id = ?
       group by i.id
     ) q
     where i.id = q.id`,
    [vendorOrderId],
  );
}
