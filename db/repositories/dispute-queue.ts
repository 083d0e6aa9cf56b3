/** The disputes that wait for somebody to decide, for those who do. */

import type { EntityManager, FilterQuery } from '@mikro-orm/postgresql';
import { type DisputeId, type DisputePhase, isTerminalDisputePhase } from '../../domain/disputes/dispute.ts';
import type { UserId } from '../../domain/ids.ts';
import type { PresetName } from '../../domain/policy/policy.ts';
import { Dispute } from '../entities/dispute.entity.ts';
import { type DisputeRows, withLines } from './disputes.ts';

export type QueueQuery = {
  phase?: DisputePhase;
  preset?: PresetName;
  /** Of what is frozen, in minor units; both ends belong to the range. */
  minMinor?: number;
  maxMinor?: number;
  dueBefore?: Date;
  claimed: 'me' | 'none' | 'any';
  page: number;
  limit: number;
};

/** `waitingSince`: when its phase began. */
export type QueuedDispute = DisputeRows & { waitingSince: Date };

/** One page, the nearest deadline first; those that have ended only where their phase is asked for. */
export async function listDisputeQueue(
  em: EntityManager,
  reviewerId: UserId,
  query: QueueQuery,
): Promise<{ rows: QueuedDispute[]; total: number }> {
  const [disputes, total] = await em.findAndCount(Dispute, conditionsOf(reviewerId, query), {
    orderBy: { deadlineAt: 'asc nulls last', id: 'asc' },
    limit: query.limit,
    offset: (query.page - 1) * query.limit,
    refresh: true,
  });
  const began = await findPhaseBegins(em, disputes);
  const rows = await withLines(em, disputes);
  return {
    rows: rows.map((row) => ({ ...row, waitingSince: began.get(row.dispute.id) ?? row.dispute.openedAt })),
    total,
  };
}

function conditionsOf(reviewerId: UserId, query: QueueQuery): FilterQuery<Dispute> {
  const { phase, preset, minMinor, maxMinor, dueBefore, claimed } = query;
  const ended = phase !== undefined && isTerminalDisputePhase(phase);
  return {
    // Nobody decides their own dispute.
    buyerId: { $ne: reviewerId },
    sellerId: { $ne: reviewerId },
    ...(phase && { phase }),
    ...(!ended && { closedAt: null }),
    ...(preset && { preset }),
    ...(dueBefore && { deadlineAt: { $lte: dueBefore } }),
    ...(claimed !== 'any' && { claimedBy: claimed === 'me' ? reviewerId : null }),
    frozenMinor: { $gte: minMinor ?? 0, ...(maxMinor !== undefined && { $lte: maxMinor }) },
  };
}

/** A phase begins when the one before it is sealed; the first has none before it. */
async function findPhaseBegins(em: EntityManager, disputes: readonly Dispute[]): Promise<Map<DisputeId, Date>> {
  if (disputes.length === 0) return new Map();
  const rows = await em.execute<{ id: DisputeId; at: Date }[]>(
    `select dispute_id as id, max(sealed_at) as at from dispute_seal
     where dispute_id = any(string_to_array(?, ',')) group by dispute_id`,
    [disputes.map(({ id }) => id).join(',')],
  );
  return new Map(rows.map(({ id, at }) => [id, new Date(at)]));
}
