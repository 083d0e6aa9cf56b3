/** A purchase of chips, with the one payment it is paid by. */

import { defineEntity, p } from '@mikro-orm/postgresql';
import { type ChipsPolicy, PAYMENT_PROVIDERS } from '../../domain/policy/policy.ts';
import { PURCHASE_STATUSES } from '../../domain/purchase.ts';
import { PAYMENT_STATUSES } from '../statuses.ts';
import { Channel } from './channel.entity.ts';
import { changedAt, currency, id, insertedAt, instant, minor } from './columns.ts';
import { UserAccount } from './user-account.entity.ts';

const PurchaseSchema = defineEntity({
  name: 'Purchase',
  tableName: 'purchase',
  properties: {
    id: id('purchase').primary(),
    userId: () => p.manyToOne(UserAccount).mapToPk().joinColumn('user_id'),
    channelId: () => p.manyToOne(Channel).mapToPk().joinColumn('channel_id'),
    chips: minor(),
    amountMinor: minor(),
    currency: currency(),
    provider: p.enum(PAYMENT_PROVIDERS),
    status: p.enum(PURCHASE_STATUSES).default('pending'),
    paymentId: id('payment'),
    /** The provider's own id of the payment (`pi_...`). */
    providerObjectId: p.text().nullable(),
    chargeId: p.text().nullable(),
    clientSecret: p.text().nullable(),
    approvalUrl: p.text().nullable(),
    paymentStatus: p.enum(PAYMENT_STATUSES).default('created'),
    failureCode: p.text().nullable(),
    /** `PL-000001`, drawn when the money is there. */
    receiptNumber: p.text().nullable(),
    /** What has gone back by refunds and chargebacks, in centavos. */
    refundedMinor: minor().default(0),
    chipsTakenBack: minor().default(0),
    /** Chips that were due for it and not in the wallet. */
    chipsMissing: minor().default(0),
    /** The limits it was begun under. */
    policy: p.json<ChipsPolicy>(),
    requestHash: p.text(),
    expiresAt: instant(),
    completedAt: instant().nullable(),
    version: p.integer().default(1),
    createdAt: insertedAt(),
    updatedAt: changedAt(),
  },
});

/** A row of `purchase`. */
export class Purchase extends PurchaseSchema.class {}
PurchaseSchema.setClass(Purchase);
