/** Units that were paid back before they left go back on the shelf, each once. */

import type { EntityManager } from '../../db/orm.ts';
import type { DisputeId } from '../../domain/disputes/dispute.ts';

/** `returned`: rows of item_id, quantity, for which ? is bound. Only what never left, and what is not back yet. */
const restock = (returned: string): string => `
  with returned as (
         select i.id, i.listing_id, least(r.quantity, i.quantity - i.restocked_quantity)::int as quantity
         from (${returned}) r
         join order_item i on i.id = r.item_id
         join vendor_order v on v.id = i.vendor_order_id
         where v.tracking_number is null and v.fulfilment = 'physical'
           and least(r.quantity, i.quantity - i.restocked_quantity) > 0),
       counted as (
         update order_item i set restocked_quantity = i.restocked_quantity + returned.quantity
         from returned where i.id = returned.id),
       locked as (
         select l.id, r.quantity from listing l
         join (select listing_id, sum(quantity)::int as quantity from returned group by listing_id) r on r.listing_id = l.id
         order by l.id for no key update of l)
  update listing l set stock = l.stock + locked.quantity, sold = l.sold - locked.quantity, updated_at = now()
  from locked where l.id = locked.id`;

/** The rest of the hold was paid back: all units but those that are contested, or were paid for before. */
export async function restockRest(em: EntityManager, vendorOrderId: string): Promise<void> {
  await em.execute(
    restock(`
      select i.id as item_id, i.quantity - i.settled_quantity - coalesce((
        select sum(l.quantity) from dispute_line l join dispute d on d.id = l.dispute_id
        where l.order_item_id = i.id and (d.settled_at is null or d.settlement <> 'hold_goes_on')), 0) as quantity
      from order_item i where i.vendor_order_id = ?`),
    [vendorOrderId],
  );
}

/** A contested part was paid back in full. */
export async function restockContested(em: EntityManager, disputeId: DisputeId): Promise<void> {
  await em.execute(restock('select order_item_id as item_id, quantity from dispute_line where dispute_id = ?'), [
    disputeId,
  ]);
}
