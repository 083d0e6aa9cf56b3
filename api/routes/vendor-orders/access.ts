/** Who may see a vendor order: its seller, its buyer and administrators. For anyone else it does not exist. */

import type { EntityManager } from '@mikro-orm/postgresql';
import {
  findVendorOrderHead,
  loadVendorOrder,
  type VendorOrderHead,
  type VendorOrderRows,
} from '../../../db/repositories/vendor-orders.ts';
import type { Actor } from '../../../domain/escrow.ts';
import type { VendorOrderId } from '../../../domain/ids.ts';
import { isAdmin, type Principal } from '../../context.ts';
import { ApiError } from '../../errors.ts';

/** The vendor order and the part the user plays in it; 404 for everyone else. */
export async function visibleVendorOrder(
  em: EntityManager,
  id: VendorOrderId,
  user: Principal,
): Promise<VendorOrderRows & { actor: Actor }> {
  const rows = await loadVendorOrder(em, id);
  if (!rows) throw new ApiError('vendor_order_not_found');
  return { ...rows, actor: actorOf(rows.vendorOrder, user) };
}

/** The same of what a change has to know, before it is made. */
export async function changeableVendorOrder(
  em: EntityManager,
  id: VendorOrderId,
  user: Principal,
): Promise<VendorOrderHead & { actor: Actor }> {
  const head = await findVendorOrderHead(em, id);
  if (!head) throw new ApiError('vendor_order_not_found');
  return { ...head, actor: actorOf(head, user) };
}

function actorOf({ vendorId, buyerId }: VendorOrderHead, user: Principal): Actor {
  if (vendorId === user.id) return { role: 'seller', id: user.id };
  if (buyerId === user.id) return { role: 'buyer', id: user.id };
  if (isAdmin(user)) return { role: 'admin', id: user.id };
  throw new ApiError('vendor_order_not_found');
}
