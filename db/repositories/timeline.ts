/** What happened to an order, a dispute or a market, fact by fact. */

import type { EntityManager } from '@mikro-orm/postgresql';
import type { DisputeId } from '../../domain/disputes/dispute.ts';
import type { ActorRole } from '../../domain/escrow.ts';
import type { EscrowId, MarketId, OrderId } from '../../domain/ids.ts';
import { DomainEvent } from '../entities/domain-event.entity.ts';

type Feed = { afterSeq: number; limit: number };

/** What everyone with a part in an order may know of the whole of it; how the buyer pays is theirs alone. */
const FACTS_FOR_SELLERS = ['order.placed', 'order.paid', 'order.cancelled', 'order.expired'];

/** What a seller owes after a claw-back is not their buyer's to know. */
const NOT_FOR_BUYERS = 'claw_back.%';

/**
 * The facts after `afterSeq`, oldest first. `viewer`: an admin sees all, a buyer all but their sellers' debts, a seller those of
 * their own holds (`escrowIds`) and of the order as a whole.
 */
export function listOrderEvents(
  em: EntityManager,
  orderId: OrderId,
  { afterSeq, limit, viewer, escrowIds }: Feed & { viewer: ActorRole; escrowIds: readonly EscrowId[] },
): Promise<DomainEvent[]> {
  const ofTheirs = [{ escrowId: { $in: [...escrowIds] } }, { escrowId: null, type: { $in: FACTS_FOR_SELLERS } }];
  const scope =
    viewer === 'seller' ? { $or: ofTheirs } : viewer === 'buyer' && { $not: { type: { $like: NOT_FOR_BUYERS } } };
  return em.find(DomainEvent, { orderId, seq: { $gt: afterSeq }, ...scope }, { orderBy: { seq: 'asc' }, limit });
}

/** The facts of a dispute after `afterSeq`, oldest first. */
export function listDisputeEvents(
  em: EntityManager,
  { id, orderId }: { id: DisputeId; orderId: OrderId },
  { afterSeq, limit }: Feed,
): Promise<DomainEvent[]> {
  const ofDispute = { orderId, subjectId: id, seq: { $gt: afterSeq } };
  return em.find(DomainEvent, ofDispute, { orderBy: { seq: 'asc' }, limit });
}

/** The facts of a market after `afterSeq`, oldest first. */
export function listMarketEvents(
  em: EntityManager,
  marketId: MarketId,
  { afterSeq, limit }: Feed,
): Promise<DomainEvent[]> {
  const ofMarket = { orderId: null, subjectId: marketId, seq: { $gt: afterSeq } };
  return em.find(DomainEvent, ofMarket, { orderBy: { seq: 'asc' }, limit });
}
