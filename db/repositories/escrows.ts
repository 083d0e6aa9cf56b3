/** Escrows as their parties read them, and as their writes find them. */

import type { EntityDictionary, EntityManager } from '@mikro-orm/postgresql';
import type { EscrowId, OrderId } from '../../domain/ids.ts';
import { Dispute } from '../entities/dispute.entity.ts';
import { Escrow } from '../entities/escrow.entity.ts';
import { plainRow } from '../plain-rows.ts';
import { prepared } from '../prepared.ts';

type EscrowRow = { escrow: EntityDictionary<Escrow> };

/** One per vendor order, in the order of their ids; none until the order is paid. */
export async function findEscrowsOfOrder(em: EntityManager, orderId: OrderId): Promise<Escrow[]> {
  const rows = await prepared<EscrowRow>(
    em,
    `select to_json(e) as escrow from escrow e where e.order_id = ? order by e.id`,
    [orderId],
  );
  return rows.map(({ escrow }) => plainRow(em, Escrow, escrow));
}

/** With its disputes in the order they were opened, as all stand now. */
export async function loadEscrow(
  em: EntityManager,
  id: EscrowId,
): Promise<{ escrow: Escrow; disputes: Dispute[] } | null> {
  const [row] = await prepared<EscrowRow & { disputes: EntityDictionary<Dispute>[] }>(
    em,
    `select to_json(e) as escrow,
            (select coalesce(json_agg(d order by d.opened_at, d.id), '[]') from dispute d where d.escrow_id = e.id) as disputes
     from escrow e where e.id = ?`,
    [id],
  );
  if (!row) return null;
  return {
    escrow: plainRow(em, Escrow, row.escrow),
    disputes: row.disputes.map((dispute) => plainRow(em, Dispute, dispute)),
  };
}
