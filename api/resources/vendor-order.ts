/** One vendor's part of an order, as the order shows it and as its own resource. */

import { z } from '@hono/zod-openapi';
import type { Escrow } from '../../db/entities/escrow.entity.ts';
import type { OrderItem } from '../../db/entities/order-item.entity.ts';
import type { VendorOrder } from '../../db/entities/vendor-order.entity.ts';
import type { VendorOrderRows } from '../../db/repositories/vendor-orders.ts';
import { PRODUCT_KINDS } from '../../db/statuses.ts';
import { CONDITIONS } from '../../domain/authenticity/case.ts';
import type { Currency } from '../../domain/currencies.ts';
import { VENDOR_ORDER_STATUSES } from '../../domain/escrow.ts';
import { exampleId, InstantSchema, idSchema, MoneySchema } from '../schemas/values.ts';
import { HoldDisputeSchema, HoldSchema, holdExample, toHold, toHoldDispute } from './hold.ts';

const USD = (amountMinor: number) => ({ amountMinor, currency: 'USD' as const });

export const OrderItemSchema = z
  .strictObject({
    id: idSchema('orderItem'),
    listingId: idSchema('listing'),
    productId: idSchema('product'),
    title: z.string(),
    quantity: z.int(),
    unitPrice: MoneySchema,
    total: MoneySchema,
  })
  .openapi('OrderItem');

const fields = {
  id: idSchema('vendorOrder'),
  escrowId: idSchema('escrow'),
  vendorId: idSchema('user'),
  shopId: idSchema('shop'),
  status: z.enum(VENDOR_ORDER_STATUSES),
  fulfilment: z.enum(PRODUCT_KINDS),
  subtotal: MoneySchema,
  commission: MoneySchema,
  net: MoneySchema,
  /** What the hold consists of; null until the order is paid. */
  hold: HoldSchema.nullable(),
  /** The goods go to a verifier before they go to the buyer. */
  authenticity: z.boolean(),
  /** As the verifier graded it. */
  condition: z.enum(CONDITIONS).nullable(),
  items: z.array(OrderItemSchema),
};

const example = {
  id: exampleId('vendorOrder'),
  escrowId: exampleId('escrow'),
  vendorId: exampleId('user'),
  shopId: exampleId('shop'),
  status: 'held' as const,
  fulfilment: 'physical' as const,
  subtotal: USD(6000),
  commission: USD(600),
  net: USD(5400),
  hold: holdExample,
  authenticity: false,
  condition: null,
  items: [
    {
      id: exampleId('orderItem'),
      listingId: exampleId('listing'),
      productId: exampleId('product'),
      title: 'Stoneware mug, 350 ml',
      quantity: 2,
      unitPrice: USD(3000),
      total: USD(6000),
    },
  ],
};

/** As part of an order. */
export const VendorOrderSummarySchema = z.strictObject(fields).openapi('VendorOrderSummary', { example });

/** On its own: with the order it belongs to, the parties, the parcel and the disputes. */
export const VendorOrderSchema = z
  .strictObject({
    ...fields,
    orderId: idSchema('order'),
    buyerId: idSchema('user'),
    carrier: z.string().nullable(),
    trackingNumber: z.string().nullable(),
    cancelReason: z.string().nullable(),
    disputes: z.array(HoldDisputeSchema),
    createdAt: InstantSchema,
    updatedAt: InstantSchema,
  })
  .openapi('VendorOrder', {
    example: {
      ...example,
      orderId: exampleId('order'),
      buyerId: exampleId('user'),
      carrier: null,
      trackingNumber: null,
      cancelReason: null,
      disputes: [],
      createdAt: '2026-03-01T12:00:00.000Z',
      updatedAt: '2026-03-01T12:00:00.000Z',
    },
  });

export function toVendorOrderSummary(
  row: VendorOrder,
  items: readonly OrderItem[],
  escrow: Escrow | null,
): z.infer<typeof VendorOrderSummarySchema> {
  const inCurrency = (amountMinor: number) => ({ amountMinor, currency: row.currency });
  return {
    id: row.id,
    escrowId: row.escrowId,
    vendorId: row.vendorId,
    shopId: row.shopId,
    status: row.status,
    fulfilment: row.fulfilment,
    subtotal: inCurrency(row.itemsMinor),
    commission: inCurrency(row.commissionMinor),
    net: inCurrency(row.netMinor),
    hold: escrow && toHold(escrow),
    authenticity: row.authenticity,
    condition: row.gradedCondition ?? null,
    items: items.filter((item) => item.vendorOrderId === row.id).map((item) => toItem(item, row.currency)),
  };
}

export function toVendorOrder({
  vendorOrder: row,
  items,
  escrow,
  disputes,
}: VendorOrderRows): z.infer<typeof VendorOrderSchema> {
  return {
    ...toVendorOrderSummary(row, items, escrow),
    orderId: row.orderId,
    buyerId: row.buyerId,
    carrier: row.carrier ?? null,
    trackingNumber: row.trackingNumber ?? null,
    cancelReason: row.cancelReason ?? null,
    disputes: disputes.map(toHoldDispute),
    createdAt: row.createdAt.toISOString(),
    updatedAt: row.updatedAt.toISOString(),
  };
}

function toItem(item: OrderItem, currency: Currency): z.infer<typeof OrderItemSchema> {
  return {
    id: item.id,
    listingId: item.listingId,
    productId: item.productId,
    title: item.title,
    quantity: item.quantity,
    unitPrice: { amountMinor: item.unitPriceMinor, currency },
    total: { amountMinor: item.totalMinor, currency },
  };
}
