/** One vendor's part of an order. `grossMinor` is what its hold contains; `netMinor` what the vendor gets at full release. */

import { defineEntity, p } from '@mikro-orm/postgresql';
import { CONDITIONS } from '../../domain/authenticity/case.ts';
import { VENDOR_ORDER_STATUSES } from '../../domain/escrow.ts';
import { PRODUCT_KINDS } from '../statuses.ts';
import { changedAt, currency, id, insertedAt, minor } from './columns.ts';
import { Order } from './order.entity.ts';
import { Shop } from './shop.entity.ts';
import { UserAccount } from './user-account.entity.ts';

const VendorOrderSchema = defineEntity({
  name: 'VendorOrder',
  tableName: 'vendor_order',
  properties: {
    id: id('vendorOrder').primary(),
    orderId: () => p.manyToOne(Order).mapToPk().joinColumn('order_id'),
    /** Reserved when the order is placed; the escrow's row comes with the payment. */
    escrowId: id('escrow'),
    shopId: () => p.manyToOne(Shop).mapToPk().joinColumn('shop_id'),
    vendorId: () => p.manyToOne(UserAccount).mapToPk().joinColumn('vendor_id'),
    buyerId: () => p.manyToOne(UserAccount).mapToPk().joinColumn('buyer_id'),
    fulfilment: p.enum(PRODUCT_KINDS),
    status: p.enum(VENDOR_ORDER_STATUSES),
    currency: currency(),
    itemsMinor: minor(),
    commissionMinor: minor(),
    buyerFeeMinor: minor(),
    processingMinor: minor(),
    shippingMinor: minor(),
    taxMinor: minor(),
    grossMinor: minor(),
    netMinor: minor(),
    carrier: p.text().nullable(),
    trackingNumber: p.text().nullable(),
    cancelReason: p.text().nullable(),
    /** The goods go to a verifier first. */
    authenticity: p.boolean().default(false),
    /** As the verifier graded it. */
    gradedCondition: p.enum(CONDITIONS).nullable(),
    version: p.integer().default(1),
    createdAt: insertedAt(),
    updatedAt: changedAt(),
  },
});

/** A row of `vendor_order`. */
export class VendorOrder extends VendorOrderSchema.class {}
VendorOrderSchema.setClass(VendorOrder);
