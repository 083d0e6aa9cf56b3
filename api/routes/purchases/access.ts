/** Who may see a purchase: its buyer and administrators. For anyone else it does not exist. */

import type { EntityManager } from '@mikro-orm/postgresql';
import type { Purchase } from '../../../db/entities/purchase.entity.ts';
import { findPurchase } from '../../../db/repositories/purchases.ts';
import type { PurchaseId } from '../../../domain/ids.ts';
import { isAdmin, type Principal } from '../../context.ts';
import { ApiError } from '../../errors.ts';

/** The purchase; 404 for whoever has no part in it. */
export async function visiblePurchase(em: EntityManager, id: PurchaseId, user: Principal): Promise<Purchase> {
  const purchase = await findPurchase(em, id);
  if (!purchase || (purchase.userId !== user.id && !isAdmin(user))) throw new ApiError('purchase_not_found');
  return purchase;
}
