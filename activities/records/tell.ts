/** Appends facts to the timeline (which is the outbox as well), in the transaction of the change they tell of. */

import { raw } from '@mikro-orm/postgresql';
import { newId } from '../../db/new-id.ts';
import type { EntityManager } from '../../db/orm.ts';
import type { Write } from '../../db/write-together.ts';
import type { FactActor, FactType } from '../../domain/facts.ts';
import type { EscrowId, OrderId } from '../../domain/ids.ts';

export type Fact = {
  type: FactType;
  /** None for facts about markets and purchases: those name their subject. */
  orderId?: OrderId;
  escrowId?: EscrowId;
  /** What it is about, where that is neither the escrow nor the order: a dispute, say. */
  subjectId?: string;
  actor: FactActor;
  at: Date;
  data?: Record<string, string | number | boolean | null>;
};

/** In one statement, in order. The subject is what the fact names, else the escrow where there is one, else the order. */
export async function tell(em: EntityManager, facts: readonly Fact[]): Promise<void> {
  await em.execute(toldFacts(facts));
}

/** The same as a write to be made together with others. In SQL of our own: every step of every order comes by here. */
export function toldFacts(facts: readonly Fact[]): Write {
  const rows = facts.map(({ type, orderId, escrowId, subjectId, actor, at, data }) => ({
    id: newId('event'),
    type,
    order_id: orderId,
    escrow_id: escrowId,
    subject_id: subjectId ?? escrowId ?? orderId,
    actor_role: actor.role,
    actor_id: actor.id,
    data: data ?? {},
    at,
  }));
  return raw(
    `insert into domain_event (id, type, order_id, escrow_id, subject_id, actor_role, actor_id, data, at)
     select id, type, order_id, escrow_id, subject_id, actor_role, actor_id, data, at
     from jsonb_populate_recordset(null::domain_event, ?::jsonb)`,
    [JSON.stringify(rows)],
  );
}
