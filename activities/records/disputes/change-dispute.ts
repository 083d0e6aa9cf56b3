/** One numbered change of a dispute: stored exactly once, and the evidence of a phase that ended is sealed with it. */

import { Dispute } from '../../../db/entities/dispute.entity.ts';
import { DomainEvent } from '../../../db/entities/domain-event.entity.ts';
import type { EntityManager } from '../../../db/orm.ts';
import { nextDisputeAction } from '../../../domain/disputes/deadlines.ts';
import { isTerminalDisputePhase } from '../../../domain/disputes/dispute.ts';
import { instantOf } from '../escrow-row.ts';
import { tell } from '../tell.ts';
import type { DisputeChange, StoredDispute } from './dispute-records.ts';
import { sealPhase } from './seal-phase.ts';

/** Whoever adds a message or a file locks the same row: it is either before the seal, and in it, or refused. */
export async function changeDispute(em: EntityManager, change: DisputeChange): Promise<StoredDispute> {
  const { disputeId, version, event, reason, at, dispute: content } = change;
  await em.execute('select from dispute where id = ? for no key update', [disputeId]);
  const row = await em.findOneOrFail(Dispute, { id: disputeId });
  if (row.version >= version) {
    return { applied: await isSameChange(em, change), version: row.version, dispute: row.content };
  }
  const { phase, claimedBy } = content;
  if (phase !== row.phase) await sealPhase(em, row, at);
  await em.nativeUpdate(
    Dispute,
    { id: disputeId },
    {
      version,
      content,
      phase,
      claimedBy: claimedBy as Dispute['claimedBy'],
      deadlineAt: instantOf(nextDisputeAction(content).at),
      closedAt: isTerminalDisputePhase(phase) ? new Date(at) : null,
      ...(change.chargebackId !== undefined && { chargebackId: change.chargebackId }),
      updatedAt: new Date(),
    },
  );
  const { orderId, escrowId, actor } = change;
  const data = { disputeId, version, phase, ...(reason !== null && { reason }) };
  await tell(em, [{ type: event, orderId, escrowId, subjectId: disputeId, actor, at: new Date(at), data }]);
  return { applied: true, version, dispute: content };
}

async function isSameChange(em: EntityManager, change: DisputeChange): Promise<boolean> {
  const { disputeId: subjectId, escrowId, version, event, actor } = change;
  const told = await em.find(DomainEvent, { escrowId, subjectId, data: { version } });
  return told.some((fact) => fact.type === event && fact.actorRole === actor.role && fact.actorId === actor.id);
}
