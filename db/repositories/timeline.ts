/** What happened to an order, fact by fact. */

import type { EntityManager } from '@mikro-orm/postgresql';
import type { OrderId } from '../../domain/ids.ts';
import { DomainEvent } from '../entities/domain-event.entity.ts';

/** The facts after `afterSeq`, oldest first. */
export function listOrderEvents(
  em: EntityManager,
  orderId: OrderId,
  { afterSeq, limit }: { afterSeq: number; limit: number },
): Promise<DomainEvent[]> {
  return em.find(DomainEvent, { orderId, seq: { $gt: afterSeq } }, { orderBy: { seq: 'asc' }, limit });
}
