/** An escrow as people read it: the hold of one vendor order, its deadlines and what became of the money. */

import { defineEntity, p } from '@mikro-orm/postgresql';
import { ESCROW_PHASES, ESCROW_STATUSES, NEXT_ACTIONS } from '../../domain/escrow.ts';
import type { HoldAmounts } from '../../domain/postings.ts';
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
    /** What people see: `disputed` while a part is contested, else the phase. */
    status: p.enum(ESCROW_STATUSES),
    /** How far the hold itself has come. */
    phase: p.enum(ESCROW_PHASES),
    currency: currency(),
    heldMinor: minor(),
    frozenMinor: minor().default(0),
    refundedMinor: minor().default(0),
    releasedMinor: minor().default(0),
    chargedBackMinor: minor().default(0),
    /** The components of what nobody contests and nobody was paid yet; null: all that was paid in. */
    rest: p.json<HoldAmounts>().nullable(),
    openDisputes: p.integer().default(0),
    /** Since when everything that is left is contested: no clock of the hold runs. */
    frozenSince: instant().nullable(),
    /** How many releases there were: a part that came back after one is released by another. */
    releases: p.integer().default(0),
    /** How many refunds of the rest there were. */
    refunds: p.integer().default(0),
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
