/** Verifier legs as people read them: the case and the goods' way from hand to hand. */

import type { EntityManager, FilterQuery } from '@mikro-orm/postgresql';
import type { AuthenticityPhase } from '../../domain/authenticity/case.ts';
import type { EscrowId, UserId } from '../../domain/ids.ts';
import { AuthenticityCase } from '../entities/authenticity-case.entity.ts';
import { CustodyScan } from '../entities/custody-scan.entity.ts';

/** The scans are in the order they were made. */
export type AuthenticityRows = { row: AuthenticityCase; custody: CustodyScan[] };

/** As it stands now; null where these goods have not been sent to a verifier. */
export async function loadAuthenticity(em: EntityManager, escrowId: EscrowId): Promise<AuthenticityRows | null> {
  const row = await em.findOne(AuthenticityCase, { escrowId }, { refresh: true });
  return row && { row, custody: await custodyOf(em, [row]) };
}

/** One page: those who wait for somebody first, by their deadline, then those that have ended, the latest first. */
export async function listAuthenticity(
  em: EntityManager,
  query: { verifierId?: UserId; phase?: AuthenticityPhase; open?: boolean; page: number; limit: number },
): Promise<{ rows: AuthenticityRows[]; total: number }> {
  const { verifierId, phase, open, page, limit } = query;
  const where: FilterQuery<AuthenticityCase> = {
    ...(verifierId !== undefined && { verifierId }),
    ...(phase !== undefined && { phase }),
    ...(open !== undefined && { closedAt: open ? null : { $ne: null } }),
  };
  const [cases, total] = await em.findAndCount(AuthenticityCase, where, {
    orderBy: [{ deadlineAt: 'asc nulls last' }, { openedAt: 'desc' }, { id: 'desc' }],
    limit,
    offset: (page - 1) * limit,
  });
  const custody = await custodyOf(em, cases);
  return {
    rows: cases.map((row) => ({ row, custody: custody.filter((scan) => scan.authenticityId === row.id) })),
    total,
  };
}

function custodyOf(em: EntityManager, cases: readonly AuthenticityCase[]): Promise<CustodyScan[]> {
  const authenticityId = { $in: cases.map((row) => row.id) };
  return em.find(CustodyScan, { authenticityId }, { orderBy: { seq: 'asc' } });
}
