/** The file of a dispute: what was said, what was brought, and how it was sealed. */

import type { EntityManager } from '@mikro-orm/postgresql';
import type { DisputeId } from '../../domain/disputes/dispute.ts';
import type { Id } from '../../domain/ids.ts';
import { DisputeEvidence } from '../entities/dispute-evidence.entity.ts';
import { DisputeMessage } from '../entities/dispute-message.entity.ts';
import { DisputeSeal } from '../entities/dispute-seal.entity.ts';

/** Messages after the one with the id `after` (null: from the first), oldest first. */
export async function listMessages(
  em: EntityManager,
  disputeId: DisputeId,
  { after, limit }: { after: Id<'message'> | null; limit: number },
): Promise<DisputeMessage[]> {
  const last = after && (await em.findOne(DisputeMessage, { id: after, disputeId }));
  if (after && !last) return [];
  return em.find(
    DisputeMessage,
    {
      disputeId,
      ...(last && { $or: [{ at: { $gt: last.at } }, { at: last.at, id: { $gt: last.id } }] }),
    },
    { orderBy: { at: 'asc', id: 'asc' }, limit },
  );
}

/** The files in the order they came, without their bytes, and the seals of the phases that have ended. */
export async function listEvidence(
  em: EntityManager,
  disputeId: DisputeId,
): Promise<{ files: DisputeEvidence[]; seals: DisputeSeal[] }> {
  const files = await em.find(DisputeEvidence, { disputeId }, { orderBy: { at: 'asc', id: 'asc' } });
  const seals = await em.find(DisputeSeal, { disputeId }, { orderBy: { seq: 'asc' } });
  return { files, seals };
}

/** One file of a dispute with its bytes. */
export async function findEvidenceContent(
  em: EntityManager,
  disputeId: DisputeId,
  id: Id<'evidence'>,
): Promise<{ file: DisputeEvidence; bytes: Buffer } | null> {
  const file = await em.findOne(DisputeEvidence, { id, disputeId }, { populate: ['bytes'] });
  return file && { file, bytes: Buffer.from(file.bytes) };
}
