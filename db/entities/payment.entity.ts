/** One attempt to pay an order. */

import { defineEntity, p } from '@mikro-orm/postgresql';
import { PAYMENT_PROVIDERS } from '../../domain/policy/policy.ts';
import { PAYMENT_STATUSES } from '../statuses.ts';
import { changedAt, currency, id, insertedAt, instant, minor } from './columns.ts';
import { Order } from './order.entity.ts';

const PaymentSchema = defineEntity({
  name: 'Payment',
  tableName: 'payment',
  properties: {
    id: id('payment').primary(),
    orderId: () => p.manyToOne(Order).mapToPk().joinColumn('order_id'),
    /** From 1. */
    attempt: p.integer(),
    provider: p.enum(PAYMENT_PROVIDERS),
    method: p.text().nullable(),
    /** The provider's own id (`pi_...`). */
    providerObjectId: p.text().nullable(),
    /** The provider's charge (`ch_...`), the source of later transfers. */
    chargeId: p.text().nullable(),
    clientSecret: p.text().nullable(),
    approvalUrl: p.text().nullable(),
    status: p.enum(PAYMENT_STATUSES),
    amountMinor: minor(),
    currency: currency(),
    capturedMinor: minor().default(0),
    refundedMinor: minor().default(0),
    failureCode: p.text().nullable(),
    captureBefore: instant().nullable(),
    createdAt: insertedAt(),
    updatedAt: changedAt(),
  },
});

/** A row of `payment`. */
export class Payment extends PaymentSchema.class {}
PaymentSchema.setClass(Payment);
