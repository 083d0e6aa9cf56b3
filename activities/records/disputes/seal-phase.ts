/** Seals the evidence of a phase that has ended: its manifest, and the hash of that, chained to the phase before. */

import { createHash } from 'node:crypto';
import type { Dispute } from '../../../db/entities/dispute.entity.ts';
import { DisputeEvidence } from '../../../db/entities/dispute-evidence.entity.ts';
import { DisputeSeal } from '../../../db/entities/dispute-seal.entity.ts';
import type { EntityManager } from '../../../db/orm.ts';
import { evidenceManifest } from '../../../domain/disputes/evidence.ts';

/** `dispute` is locked, and still in the phase that ends. */
export async function sealPhase(em: EntityManager, { id: disputeId, phase }: Dispute, at: string): Promise<void> {
  const last = await em.findOne(DisputeSeal, { disputeId }, { orderBy: { seq: 'desc' } });
  const files = await em.find(DisputeEvidence, { disputeId, phase });
  const described = files.map(({ sha256, authorRole: role, authorId: id, at: addedAt }) => {
    return { sha256, phase, by: { role, id }, at: addedAt.toISOString() };
  });
  const previousSeal = last?.seal ?? null;
  const manifest = evidenceManifest(disputeId, phase, described, previousSeal);
  await em.insert(DisputeSeal, {
    disputeId,
    seq: (last?.seq ?? 0) + 1,
    phase,
    manifest,
    seal: createHash('sha256').update(manifest).digest('hex'),
    previousSeal,
    sealedAt: new Date(at),
  });
}
