/** The facts of a verifier leg in its order's timeline, and how a repeated write recognises its own. */

import { DomainEvent } from '../../../db/entities/domain-event.entity.ts';
import type { EntityManager } from '../../../db/orm.ts';
import type { Actor } from '../../../domain/escrow.ts';
import type { FactType } from '../../../domain/facts.ts';
import type { EscrowId, Id, OrderId } from '../../../domain/ids.ts';
import { tell } from '../tell.ts';

type CaseFact = {
  id: Id<'authenticity'>;
  escrowId: EscrowId;
  orderId: OrderId;
  /** The case's: an escrow counts its own changes. */
  version: number;
  event: Extract<FactType, `authenticity.${string}`>;
  actor: Actor;
  reason: string | null;
  at: string;
};

export async function tellOfCase(em: EntityManager, fact: CaseFact): Promise<void> {
  const { id, escrowId, orderId, version, event, actor, reason, at } = fact;
  const data = { authenticityId: id, caseVersion: version, ...(reason === null ? {} : { reason }) };
  await tell(em, [{ type: event, orderId, escrowId, subjectId: id, actor, at: new Date(at), data }]);
}

/** Was this number taken by this very change? */
export async function wasToldOfCase(
  em: EntityManager,
  { id, escrowId, version, event, actor }: Pick<CaseFact, 'id' | 'escrowId' | 'version' | 'event' | 'actor'>,
): Promise<boolean> {
  const [told] = await em.find(DomainEvent, { escrowId, subjectId: id, data: { caseVersion: version } }, { limit: 1 });
  return told?.type === event && told.actorRole === actor.role && told.actorId === actor.id;
}
