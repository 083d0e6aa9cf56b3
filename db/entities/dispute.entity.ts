/** A dispute as people find and read it; its workflow writes it. */

import { defineEntity, p } from '@mikro-orm/postgresql';
import { DISPUTE_PHASES, DISPUTE_REASONS, type DisputeCase } from '../../domain/disputes/dispute.ts';
import { PRESET_NAMES } from '../../domain/policy/policy.ts';
import type { HoldAmounts } from '../../domain/postings.ts';
import { DISPUTE_SETTLEMENTS } from '../statuses.ts';
import { changedAt, currency, id, instant, minor } from './columns.ts';
import { Escrow } from './escrow.entity.ts';
import { Order } from './order.entity.ts';
import { UserAccount } from './user-account.entity.ts';
import { VendorOrder } from './vendor-order.entity.ts';

const DisputeSchema = defineEntity({
  name: 'Dispute',
  tableName: 'dispute',
  properties: {
    id: id('dispute').primary(),
    escrowId: () => p.manyToOne(Escrow).mapToPk().joinColumn('escrow_id'),
    orderId: () => p.manyToOne(Order).mapToPk().joinColumn('order_id'),
    vendorOrderId: () => p.manyToOne(VendorOrder).mapToPk().joinColumn('vendor_order_id'),
    buyerId: () => p.manyToOne(UserAccount).mapToPk().joinColumn('buyer_id'),
    sellerId: () => p.manyToOne(UserAccount).mapToPk().joinColumn('seller_id'),
    preset: p.enum(PRESET_NAMES),
    openedBy: p.enum(['buyer', 'provider'] as const),
    reason: p.enum(DISPUTE_REASONS),
    description: p.text(),
    phase: p.enum(DISPUTE_PHASES),
    currency: currency(),
    frozenMinor: minor(),
    /** The components of the frozen part. */
    part: p.json<HoldAmounts>(),
    /** The case as the domain's rules know it; the columns beside it are what people look for. */
    content: p.json<DisputeCase>(),
    claimedBy: id('user').nullable(),
    deadlineAt: instant().nullable(),
    /** The bank's object, where the bank opened or joined it. */
    chargebackId: p.text().nullable(),
    version: p.integer().default(1),
    /** What became of the part, once its money has moved (or is back in the hold). */
    settlement: p.enum(DISPUTE_SETTLEMENTS).nullable(),
    buyerMinor: minor().nullable(),
    openedAt: instant(),
    closedAt: instant().nullable(),
    settledAt: instant().nullable(),
    updatedAt: changedAt(),
  },
});

/** A row of `dispute`. */
export class Dispute extends DisputeSchema.class {}
DisputeSchema.setClass(Dispute);
