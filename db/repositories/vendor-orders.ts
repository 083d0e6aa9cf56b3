/** Vendor orders as their parties read them. */

import type { EntityDictionary, EntityManager } from '@mikro-orm/postgresql';
import type { VendorOrderStatus } from '../../domain/escrow.ts';
import type { Id, UserId, VendorOrderId } from '../../domain/ids.ts';
import { OrderItem } from '../entities/order-item.entity.ts';
import { Product } from '../entities/product.entity.ts';
import { VendorOrder } from '../entities/vendor-order.entity.ts';

export type VendorOrderRows = { vendorOrder: VendorOrder; items: OrderItem[] };

type Row = { vendorOrder: EntityDictionary<VendorOrder>; items: EntityDictionary<OrderItem>[] };

/** One vendor order with its items, as it stands now. */
export async function loadVendorOrder(em: EntityManager, id: VendorOrderId): Promise<VendorOrderRows | null> {
  const [row] = await em.execute<Row[]>(
    `select to_json(v) as "vendorOrder",
            (select coalesce(json_agg(i order by i.id), '[]') from order_item i where i.vendor_order_id = v.id) as items
     from vendor_order v where v.id = ?`,
    [id],
  );
  if (!row) return null;
  return {
    vendorOrder: em.map(VendorOrder, row.vendorOrder),
    items: row.items.map((item) => em.map(OrderItem, item)),
  };
}

/** One page of a seller's vendor orders, newest first unless asked otherwise. */
export async function listVendorOrders(
  em: EntityManager,
  vendorId: UserId,
  query: { status?: VendorOrderStatus; order: 'asc' | 'desc'; page: number; limit: number },
): Promise<{ rows: VendorOrderRows[]; total: number }> {
  const [vendorOrders, total] = await em.findAndCount(
    VendorOrder,
    { vendorId, ...(query.status && { status: query.status }) },
    {
      orderBy: { createdAt: query.order, id: query.order },
      limit: query.limit,
      offset: (query.page - 1) * query.limit,
    },
  );
  const vendorOrderId = { $in: vendorOrders.map((row) => row.id) };
  const items = await em.find(OrderItem, { vendorOrderId }, { orderBy: { id: 'asc' } });
  const rows = vendorOrders.map((vendorOrder) => ({
    vendorOrder,
    items: items.filter((item) => item.vendorOrderId === vendorOrder.id),
  }));
  return { rows, total };
}

/** What buyers of these products get. */
export async function findDigitalContents(
  em: EntityManager,
  productIds: readonly Id<'product'>[],
): Promise<Map<string, string | null>> {
  const products = await em.find(Product, { id: { $in: [...productIds] } });
  return new Map(products.map((product) => [product.id, product.digitalContent ?? null]));
}
