/** The row of a purchase, locked: everything that is written of a purchase takes turns here. */

import { LockMode } from '@mikro-orm/postgresql';
import { Purchase } from '../../../db/entities/purchase.entity.ts';
import type { EntityManager } from '../../../db/orm.ts';
import type { PurchaseId } from '../../../domain/ids.ts';

export function lockPurchase(em: EntityManager, id: PurchaseId): Promise<Purchase> {
  return em.findOneOrFail(Purchase, { id }, { lockMode: LockMode.PESSIMISTIC_WRITE });
}
