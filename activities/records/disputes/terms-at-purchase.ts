/** The deal as it was made: what a dispute about it is judged by, whatever was changed in the shop or channel since. */

import type { Order } from '../../../db/entities/order.entity.ts';
import type { OrderItem } from '../../../db/entities/order-item.entity.ts';
import type { VendorOrder } from '../../../db/entities/vendor-order.entity.ts';

/** JSON-safe; amounts are minor units of the order's currency, instants RFC 3339. */
export function termsAtPurchase(order: Order, vendorOrder: VendorOrder, items: readonly OrderItem[]) {
  const { itemsMinor, commissionMinor, buyerFeeMinor, processingMinor, shippingMinor, taxMinor } = vendorOrder;
  const { grossMinor, netMinor } = vendorOrder;
  return {
    orderId: order.id,
    vendorOrderId: vendorOrder.id,
    placedAt: order.createdAt.toISOString(),
    paidAt: order.paidAt?.toISOString() ?? null,
    preset: order.preset,
    policyVersion: order.policyVersion,
    currency: order.currency,
    fulfilment: vendorOrder.fulfilment,
    amounts: {
      itemsMinor,
      commissionMinor,
      buyerFeeMinor,
      processingMinor,
      shippingMinor,
      taxMinor,
      grossMinor,
      netMinor,
    },
    items: items.map(({ id: itemId, title, kind, quantity, unitPriceMinor, totalMinor, commissionBps, ...item }) => ({
      itemId,
      listingId: item.listingId,
      title,
      kind,
      quantity,
      unitPriceMinor,
      totalMinor,
      commissionBps,
      commissionMinor: item.commissionMinor,
      commissionRule: item.commissionRule,
    })),
    policy: order.policy,
  };
}
