/** Which units of an order's line a dispute is about, and what they are worth. */

import { defineEntity, p } from '@mikro-orm/postgresql';
import { minor } from './columns.ts';
import { Dispute } from './dispute.entity.ts';
import { OrderItem } from './order-item.entity.ts';

const DisputeLineSchema = defineEntity({
  name: 'DisputeLine',
  tableName: 'dispute_line',
  properties: {
    disputeId: () => p.manyToOne(Dispute).mapToPk().joinColumn('dispute_id').primary(),
    orderItemId: () => p.manyToOne(OrderItem).mapToPk().joinColumn('order_item_id').primary(),
    quantity: p.integer(),
    itemsMinor: minor(),
    commissionMinor: minor(),
    /** A replacement was sent for them: they may be disputed again. */
    freed: p.boolean().default(false),
  },
});

/** A row of `dispute_line`. */
export class DisputeLine extends DisputeLineSchema.class {}
DisputeLineSchema.setClass(DisputeLine);
