/** A chargeback: a bank takes a payment, or a part of it, back for its customer. */

import { defineEntity, p } from '@mikro-orm/postgresql';
import { CHARGEBACK_STATUSES } from '../../domain/disputes/chargeback.ts';
import type { EvidencePacket } from '../../domain/disputes/evidence-packet.ts';
import { PAYMENT_PROVIDERS } from '../../domain/policy/policy.ts';
import { changedAt, currency, instant, minor } from './columns.ts';
import { Order } from './order.entity.ts';
import { Payment } from './payment.entity.ts';

const ChargebackSchema = defineEntity({
  name: 'Chargeback',
  tableName: 'chargeback',
  properties: {
    /** The provider's own id (`dp_...`). */
    id: p.text().primary(),
    paymentId: () => p.manyToOne(Payment).mapToPk().joinColumn('payment_id'),
    orderId: () => p.manyToOne(Order).mapToPk().joinColumn('order_id'),
    provider: p.enum(PAYMENT_PROVIDERS),
    currency: currency(),
    amountMinor: minor(),
    /** The bank's word for it. */
    reason: p.text(),
    status: p.enum(CHARGEBACK_STATUSES).default('open'),
    /** What the provider has charged for it so far. */
    feeMinor: minor().default(0),
    /** What no hold and no seller can carry: the platform's loss, once the bank has won. */
    absorbedMinor: minor().default(0),
    evidenceDueBy: instant().nullable(),
    /** What the bank was told, as it was sent. */
    evidence: p.json<EvidencePacket>().nullable(),
    evidenceSentAt: instant().nullable(),
    openedAt: instant(),
    /** When the bank's decision was known. */
    closedAt: instant().nullable(),
    /** When it was fixed what holds, sellers and the platform bear of a lost one. */
    claimedAt: instant().nullable(),
    /** When everything that follows from it was done. */
    settledAt: instant().nullable(),
    updatedAt: changedAt(),
  },
});

/** A row of `chargeback`. */
export class Chargeback extends ChargebackSchema.class {}
ChargebackSchema.setClass(Chargeback);
