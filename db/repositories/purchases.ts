/** Purchases of chips as their buyers read them. */

import type { EntityManager } from '@mikro-orm/postgresql';
import type { PurchaseId, UserId } from '../../domain/ids.ts';
import type { PurchaseStatus } from '../../domain/purchase.ts';
import { DomainEvent } from '../entities/domain-event.entity.ts';
import { Purchase } from '../entities/purchase.entity.ts';

/** As it stands now; null if there is none. */
export function findPurchase(em: EntityManager, id: PurchaseId): Promise<Purchase | null> {
  return em.findOne(Purchase, { id }, { refresh: true });
}

/** One page of a user's purchases, newest first. */
export async function listPurchases(
  em: EntityManager,
  userId: UserId,
  query: { status?: PurchaseStatus; page: number; limit: number },
): Promise<{ rows: Purchase[]; total: number }> {
  const { status, page, limit } = query;
  const [rows, total] = await em.findAndCount(
    Purchase,
    { userId, ...(status && { status }) },
    { orderBy: { createdAt: 'desc', id: 'desc' }, limit, offset: (page - 1) * limit },
  );
  return { rows, total };
}

/** The facts of a purchase after `afterSeq`, oldest first. */
export function listPurchaseEvents(
  em: EntityManager,
  id: PurchaseId,
  { afterSeq, limit }: { afterSeq: number; limit: number },
): Promise<DomainEvent[]> {
  const facts = { subjectId: id, orderId: null, seq: { $gt: afterSeq } };
  return em.find(DomainEvent, facts, { orderBy: { seq: 'asc' }, limit });
}
