/** Vendor orders as their parties read them. */

import type { EntityDictionary, EntityManager } from '@mikro-orm/postgresql';
import type { VendorOrderStatus } from '../../domain/escrow.ts';
import type { Id, UserId, VendorOrderId } from '../../domain/ids.ts';
import { Dispute } from '../entities/dispute.entity.ts';
import { Escrow } from '../entities/escrow.entity.ts';
import { OrderItem } from '../entities/order-item.entity.ts';
import { Product } from '../entities/product.entity.ts';
import { VendorOrder } from '../entities/vendor-order.entity.ts';
import { plainRow } from '../plain-rows.ts';
import { prepared } from '../prepared.ts';
import { findDisputesOfEscrows } from './disputes.ts';

/** `escrow`: null until the order is paid. */
export type VendorOrderRows = {
  vendorOrder: VendorOrder;
  items: OrderItem[];
  escrow: Escrow | null;
  disputes: Dispute[];
};

type Row = {
  vendorOrder: EntityDictionary<VendorOrder>;
  items: EntityDictionary<OrderItem>[];
  escrow: EntityDictionary<Escrow> | null;
  disputes: EntityDictionary<Dispute>[];
};

/** One vendor order with its items, hold and disputes, as it stands now. */
export async function loadVendorOrder(em: EntityManager, id: VendorOrderId): Promise<VendorOrderRows | null> {
  const [row] = await prepared<Row>(
    em,
    `select to_json(v) as "vendorOrder",
            (select coalesce(json_agg(i order by i.id), '[]') from order_item i where i.vendor_order_id = v.id) as items,
            (select to_json(e) from escrow e where e.vendor_order_id = v.id) as escrow,
            (select coalesce(json_agg(d order by d.id), '[]') from dispute d where d.vendor_order_id = v.id) as disputes
     from vendor_order v where v.id = ?`,
    [id],
  );
  if (!row) return null;
  return {
    vendorOrder: plainRow(em, VendorOrder, row.vendorOrder),
    items: row.items.map((item) => plainRow(em, OrderItem, item)),
    escrow: row.escrow && plainRow(em, Escrow, row.escrow),
    disputes: row.disputes.map((dispute) => plainRow(em, Dispute, dispute)),
  };
}

/** What decides about a change of a vendor order: whose it is, and whether there is a hold to change. */
export type VendorOrderHead = Pick<VendorOrder, 'vendorId' | 'buyerId' | 'escrowId' | 'status'>;

export async function findVendorOrderHead(em: EntityManager, id: VendorOrderId): Promise<VendorOrderHead | null> {
  const [head] = await prepared<VendorOrderHead>(
    em,
    `select vendor_id as "vendorId", buyer_id as "buyerId", escrow_id as "escrowId", status
     from vendor_order where id = ?`,
    [id],
  );
  return head ?? null;
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
  return { rows: await withParts(em, vendorOrders), total };
}

async function withParts(em: EntityManager, vendorOrders: VendorOrder[]): Promise<VendorOrderRows[]> {
  const vendorOrderId = { $in: vendorOrders.map((row) => row.id) };
  const [items, escrows] = await Promise.all([
    em.find(OrderItem, { vendorOrderId }, { orderBy: { id: 'asc' } }),
    em.find(Escrow, { vendorOrderId }, { refresh: true }),
  ]);
  const disputes = await findDisputesOfEscrows(
    em,
    escrows.map((escrow) => escrow.id),
  );
  return vendorOrders.map((vendorOrder) => ({
    vendorOrder,
    items: items.filter((row) => row.vendorOrderId === vendorOrder.id),
    escrow: escrows.find((row) => row.vendorOrderId === vendorOrder.id) ?? null,
    disputes: disputes.filter((row) => row.vendorOrderId === vendorOrder.id),
  }));
}

/** What buyers of these products get. */
export async function findDigitalContents(
  em: EntityManager,
  productIds: readonly Id<'product'>[],
): Promise<Map<string, string | null>> {
  const products = await em.find(Product, { id: { $in: [...productIds] } });
  return new Map(products.map((product) => [product.id, product.digitalContent ?? null]));
}
