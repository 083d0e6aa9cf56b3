/** An order as people read it; its workflow decides what it says. */

import { defineEntity, p } from '@mikro-orm/postgresql';
import { ORDER_STATUSES } from '../../domain/order.ts';
import { PAYMENT_PROVIDERS, type Policy, PRESET_NAMES } from '../../domain/policy/policy.ts';
import { Channel } from './channel.entity.ts';
import { changedAt, currency, id, insertedAt, instant, minor } from './columns.ts';
import { UserAccount } from './user-account.entity.ts';

const OrderSchema = defineEntity({
  name: 'Order',
  tableName: 'orders',
  properties: {
    id: id('order').primary(),
    buyerId: () => p.manyToOne(UserAccount).mapToPk().joinColumn('buyer_id'),
    channelId: () => p.manyToOne(Channel).mapToPk().joinColumn('channel_id'),
    preset: p.enum(PRESET_NAMES),
    status: p.enum(ORDER_STATUSES),
    currency: currency(),
    itemsMinor: minor(),
    buyerFeeMinor: minor(),
    processingMinor: minor(),
    shippingMinor: minor(),
    taxMinor: minor(),
    totalMinor: minor(),
    /** The whole policy that the order was placed under. */
    policy: p.json<Policy>(),
    policyVersion: p.integer(),
    shippingAddress: p.json<Record<string, string>>().nullable(),
    requestHash: p.text(),
    paymentProvider: p.enum(PAYMENT_PROVIDERS),
    paymentMethod: p.text().nullable(),
    paymentExpiresAt: instant(),
    paidAt: instant().nullable(),
    closedAt: instant().nullable(),
    closeReason: p.text().nullable(),
    version: p.integer().default(1),
    createdAt: insertedAt(),
    updatedAt: changedAt(),
  },
});

/** A row of `orders`. */
export class Order extends OrderSchema.class {}
OrderSchema.setClass(Order);
