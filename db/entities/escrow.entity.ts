/** An escrow as people read it: the hold of one vendor order, its deadlines and what became of the money. */

import { defineEntity, p } from '@mikro-orm/postgresql';
import { ESCROW_STATUSES, NEXT_ACTIONS } from '../../domain/escrow.ts';
import { PAYOUT_STATUSES } from '../statuses.ts';
import { changedAt, currency, id, insertedAt, instant, minor } from './columns.ts';
import { Order } from './order.entity.ts';
import { UserAccount } from './user-account.entity.ts';
import { VendorOrder } from './vendor-order.entity.ts';

const EscrowSchema = defineEntity({
  name: 'Escrow',
  tableName: 'escrow',
  properties: {
    id: id('escrow').primary(),
    orderId: () => p.manyToOne(Order).mapToPk().joinColumn('order_id'),
    vendorOrderId: () => p.manyToOne(VendorOrder).mapToPk().joinColumn('vendor_order_id'),
    buyerId: () => p.manyToOne(UserAccount).mapToPk().joinColumn('buyer_id'),
    sellerId: () => p.manyToOne(UserAccount).mapToPk().joinColumn('seller_id'),
    status: p.enum(ESCROW_STATUSES),
    currency: currency(),
    heldMinor: minor(),
    frozenMinor: minor().default(0),
    refundedMinor: minor().default(0),
    releasedMinor: minor().default(0),
    /** The buyer has been charged; false while there is only an authorisation. */
    captured: p.boolean(),
    shipBy: instant().nullable(),
    deliveredBy: instant().nullable(),
    releaseAt: instant().nullable(),
    captureAt: instant().nullable(),
    pausedAt: instant().nullable(),
    nextActionKind: p.enum(NEXT_ACTIONS),
    nextActionAt: instant().nullable(),
    payoutStatus: p.enum(PAYOUT_STATUSES).default('none'),
    /** The buyer's first access to digital goods. */
    accessedAt: instant().nullable(),
    version: p.integer().default(1),
    createdAt: insertedAt(),
    updatedAt: changedAt(),
  },
});

/** A row of `escrow`. */
export class Escrow extends EscrowSchema.class {}
EscrowSchema.setClass(Escrow);
