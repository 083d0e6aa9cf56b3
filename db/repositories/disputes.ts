/** Disputes as parties and reviewers read them, with the units they are about. */

import type { EntityManager } from '@mikro-orm/postgresql';
import type { DisputeId, DisputePhase, Party } from '../../domain/disputes/dispute.ts';
import type { EscrowId, Id, OrderId, UserId, VendorOrderId } from '../../domain/ids.ts';
import { Dispute } from '../entities/dispute.entity.ts';

/** Units of a line that a dispute is about. */
export type ContestedUnits = { disputeId: DisputeId; itemId: Id<'orderItem'>; title: string; quantity: number };

export type DisputeRows = { dispute: Dispute; lines: ContestedUnits[] };

/** As it stands now: its workflow may have changed the row since this unit of work read it. */
export function findDispute(em: EntityManager, id: DisputeId): Promise<Dispute | null> {
  return em.findOne(Dispute, { id }, { refresh: true });
}

/** One dispute with its lines; null if there is none. */
export async function loadDispute(em: EntityManager, id: DisputeId): Promise<DisputeRows | null> {
  const dispute = await findDispute(em, id);
  if (!dispute) return null;
  const [rows] = await withLines(em, [dispute]);
  return rows ?? null;
}

/** One page of the disputes that a user is a party of, newest first. */
export async function listDisputesOf(
  em: EntityManager,
  userId: UserId,
  query: { role?: Party; phase?: DisputePhase; page: number; limit: number },
): Promise<{ rows: DisputeRows[]; total: number }> {
  const { role, phase, page, limit } = query;
  const parties = [
    ...(role === 'seller' ? [] : [{ buyerId: userId }]),
    ...(role === 'buyer' ? [] : [{ sellerId: userId }]),
  ];
  const [disputes, total] = await em.findAndCount(
    Dispute,
    { $or: parties, ...(phase && { phase }) },
    { orderBy: { openedAt: 'desc', id: 'desc' }, limit, offset: (page - 1) * limit },
  );
  return { rows: await withLines(em, disputes), total };
}

/** All disputes of these holds, in the order they were opened, as they stand now. */
export function findDisputesOfEscrows(em: EntityManager, escrowIds: readonly EscrowId[]): Promise<Dispute[]> {
  return em.find(
    Dispute,
    { escrowId: { $in: [...escrowIds] } },
    { orderBy: { openedAt: 'asc', id: 'asc' }, refresh: true },
  );
}

/** All disputes of an order, in the order they were opened, as they stand now. */
export function findDisputesOfOrder(em: EntityManager, orderId: OrderId): Promise<Dispute[]> {
  return em.find(Dispute, { orderId }, { orderBy: { openedAt: 'asc', id: 'asc' }, refresh: true });
}

/** How many units of each line of a vendor order were in a dispute, except those that were replaced since. */
export async function findContestedUnits(
  em: EntityManager,
  vendorOrderId: VendorOrderId,
): Promise<Map<string, number>> {
  const rows = await em.execute<{ itemId: string; quantity: number }[]>(
    `select l.order_item_id as "itemId", sum(l.quantity)::int as quantity
     from dispute_line l join dispute d on d.id = l.dispute_id
     where d.vendor_order_id = ? and not l.freed group by l.order_item_id`,
    [vendorOrderId],
  );
  return new Map(rows.map(({ itemId, quantity }) => [itemId, quantity]));
}

/** Adds to each dispute the units it is about. */
export async function withLines(em: EntityManager, disputes: readonly Dispute[]): Promise<DisputeRows[]> {
  if (disputes.length === 0) return [];
  const lines = await em.execute<ContestedUnits[]>(
    `select l.dispute_id as "disputeId", l.order_item_id as "itemId", i.title, l.quantity
     from dispute_line l join order_item i on i.id = l.order_item_id
     where l.dispute_id = any(string_to_array(?, ',')) order by l.dispute_id, l.order_item_id`,
    [disputes.map(({ id }) => id).join(',')],
  );
  return disputes.map((dispute) => ({ dispute, lines: lines.filter(({ disputeId }) => disputeId === dispute.id) }));
}
