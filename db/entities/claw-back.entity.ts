/** Released money that is claimed back from its seller after a lost chargeback, rung by rung. */

import { defineEntity, p } from '@mikro-orm/postgresql';
import { Chargeback } from './chargeback.entity.ts';
import { changedAt, currency, instant, minor } from './columns.ts';
import { Escrow } from './escrow.entity.ts';
import { Order } from './order.entity.ts';
import { UserAccount } from './user-account.entity.ts';

/** One transfer to the seller, and how much of it is taken back. */
export type PlannedReversal = { transferId: string; amountMinor: number };

const ClawBackSchema = defineEntity({
  name: 'ClawBack',
  tableName: 'claw_back',
  primaryKeys: ['chargebackId', 'escrowId'],
  properties: {
    chargebackId: () => p.manyToOne(Chargeback).mapToPk().joinColumn('chargeback_id').primary(),
    escrowId: () => p.manyToOne(Escrow).mapToPk().joinColumn('escrow_id').primary(),
    orderId: () => p.manyToOne(Order).mapToPk().joinColumn('order_id'),
    sellerId: () => p.manyToOne(UserAccount).mapToPk().joinColumn('seller_id'),
    currency: currency(),
    amountMinor: minor(),
    /** Decided once, so that a repeat asks the provider for the same; null: not looked at yet. */
    reversals: p.json<PlannedReversal[]>().nullable(),
    reversedMinor: minor().default(0),
    walletMinor: minor().default(0),
    owedMinor: minor().default(0),
    writtenOffMinor: minor().default(0),
    claimedAt: instant(),
    /** When the three rungs were booked; they sum to the amount from then on. */
    takenAt: instant().nullable(),
    updatedAt: changedAt(),
  },
});

/** A row of `claw_back`. */
export class ClawBack extends ClawBackSchema.class {}
ClawBackSchema.setClass(ClawBack);
