/** One line of an order, with its price and commission as they were when it was placed. */

import { defineEntity, p } from '@mikro-orm/postgresql';
import { PRODUCT_KINDS } from '../statuses.ts';
import { id, minor } from './columns.ts';
import { Listing } from './listing.entity.ts';
import { Order } from './order.entity.ts';
import { Product } from './product.entity.ts';
import { VendorOrder } from './vendor-order.entity.ts';

const OrderItemSchema = defineEntity({
  name: 'OrderItem',
  tableName: 'order_item',
  properties: {
    id: id('orderItem').primary(),
    orderId: () => p.manyToOne(Order).mapToPk().joinColumn('order_id'),
    vendorOrderId: () => p.manyToOne(VendorOrder).mapToPk().joinColumn('vendor_order_id'),
    listingId: () => p.manyToOne(Listing).mapToPk().joinColumn('listing_id'),
    productId: () => p.manyToOne(Product).mapToPk().joinColumn('product_id'),
    title: p.text(),
    kind: p.enum(PRODUCT_KINDS),
    quantity: p.integer(),
    unitPriceMinor: minor(),
    totalMinor: minor(),
    commissionBps: p.integer(),
    commissionMinor: minor(),
    commissionRule: p.text(),
    /** Units whose money left the hold with its rest, while others of the hold were contested, and that money. */
    settledQuantity: p.integer().default(0),
    settledItemsMinor: minor().default(0),
    settledCommissionMinor: minor().default(0),
    /** Units that never left and are for sale again. */
    restockedQuantity: p.integer().default(0),
  },
});

/** A row of `order_item`. */
export class OrderItem extends OrderItemSchema.class {}
OrderItemSchema.setClass(OrderItem);
