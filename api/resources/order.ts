/** An order as its buyer sees it: what it costs, in which part each vendor has it, and how to pay it. */

import { z } from '@hono/zod-openapi';
import type { OrderRows } from '../../db/repositories/orders.ts';
import { sumMinor } from '../../domain/money.ts';
import { ORDER_STATUSES } from '../../domain/order.ts';
import { exampleId, InstantSchema, idSchema, MoneySchema } from '../schemas/values.ts';
import { restMinorOf } from './hold.ts';
import { PaymentSchema, toPayment } from './payment.ts';
import { toVendorOrderSummary, VendorOrderSummarySchema } from './vendor-order.ts';

export const OrderSchema = z
  .strictObject({
    id: idSchema('order'),
    channelId: idSchema('channel'),
    status: z.enum(ORDER_STATUSES),
    itemsTotal: MoneySchema,
    buyerFee: MoneySchema,
    processing: MoneySchema,
    shipping: MoneySchema,
    tax: MoneySchema,
    total: MoneySchema,
    /** Held in dispute. */
    frozen: MoneySchema,
    /** Held, contested by nobody. */
    rest: MoneySchema,
    paymentExpiresAt: InstantSchema,
    paidAt: InstantSchema.nullable(),
    createdAt: InstantSchema,
    updatedAt: InstantSchema,
    vendorOrders: z.array(VendorOrderSummarySchema),
  })
  .openapi('Order', {
    example: {
      id: exampleId('order'),
      channelId: exampleId('channel'),
      status: 'pending_payment',
      itemsTotal: { amountMinor: 6000, currency: 'USD' },
      buyerFee: { amountMinor: 0, currency: 'USD' },
      processing: { amountMinor: 0, currency: 'USD' },
      shipping: { amountMinor: 0, currency: 'USD' },
      tax: { amountMinor: 0, currency: 'USD' },
      total: { amountMinor: 6000, currency: 'USD' },
      frozen: { amountMinor: 0, currency: 'USD' },
      rest: { amountMinor: 0, currency: 'USD' },
      paymentExpiresAt: '2026-03-01T12:30:00.000Z',
      paidAt: null,
      createdAt: '2026-03-01T12:00:00.000Z',
      updatedAt: '2026-03-01T12:00:00.000Z',
      vendorOrders: [],
    },
  });

/** One order with the payment that is (or was last) tried. */
export const OrderWithPaymentSchema = OrderSchema.extend({ payment: PaymentSchema.nullable() }).openapi(
  'OrderWithPayment',
);

/** The answer to placing an order or paying it again. */
export const PlacedOrderSchema = z
  .strictObject({ order: OrderSchema, payment: PaymentSchema.nullable() })
  .openapi('PlacedOrder');

export function toOrder({ order, vendorOrders, items, escrows }: OrderRows): z.infer<typeof OrderSchema> {
  const inCurrency = (amountMinor: number) => ({ amountMinor, currency: order.currency });
  return {
    id: order.id,
    channelId: order.channelId,
    status: order.status,
    itemsTotal: inCurrency(order.itemsMinor),
    buyerFee: inCurrency(order.buyerFeeMinor),
    processing: inCurrency(order.processingMinor),
    shipping: inCurrency(order.shippingMinor),
    tax: inCurrency(order.taxMinor),
    total: inCurrency(order.totalMinor),
    frozen: inCurrency(sumMinor(escrows.map((escrow) => escrow.frozenMinor))),
    rest: inCurrency(sumMinor(escrows.map(restMinorOf))),
    paymentExpiresAt: order.paymentExpiresAt.toISOString(),
    paidAt: order.paidAt?.toISOString() ?? null,
    createdAt: order.createdAt.toISOString(),
    updatedAt: order.updatedAt.toISOString(),
    vendorOrders: vendorOrders
      .filter((vendorOrder) => vendorOrder.orderId === order.id)
      .map((vendorOrder) => {
        const escrow = escrows.find((each) => each.vendorOrderId === vendorOrder.id) ?? null;
        return toVendorOrderSummary(vendorOrder, items, escrow);
      }),
  };
}

export function toOrderWithPayment(rows: OrderRows): z.infer<typeof OrderWithPaymentSchema> {
  return { ...toOrder(rows), payment: rows.payment && toPayment(rows.payment) };
}

export function toPlacedOrder(rows: OrderRows): z.infer<typeof PlacedOrderSchema> {
  return { order: toOrder(rows), payment: rows.payment && toPayment(rows.payment) };
}
