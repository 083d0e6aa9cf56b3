/** What went back of a purchase: a step of its refunds, or a chargeback. */

import { defineEntity, p } from '@mikro-orm/postgresql';
import { PURCHASE_EVENT_KINDS } from '../statuses.ts';
import { insertedAt, instant, minor } from './columns.ts';
import { Purchase } from './purchase.entity.ts';

const PurchaseEventSchema = defineEntity({
  name: 'PurchaseEvent',
  tableName: 'purchase_event',
  primaryKeys: ['purchaseId', 'event'],
  properties: {
    purchaseId: () => p.manyToOne(Purchase).mapToPk().joinColumn('purchase_id').primary(),
    /** Unique within the purchase: the provider's chargeback, or how far its refunds have come. */
    event: p.text().primary(),
    kind: p.enum(PURCHASE_EVENT_KINDS),
    amountMinor: minor(),
    chips: minor(),
    missing: minor(),
    feeMinor: minor().default(0),
    takenAt: instant().nullable(),
    givenBackAt: instant().nullable(),
    createdAt: insertedAt(),
  },
});

/** A row of `purchase_event`. */
export class PurchaseEvent extends PurchaseEventSchema.class {}
PurchaseEventSchema.setClass(PurchaseEvent);
