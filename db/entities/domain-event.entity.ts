/** A fact that happened: the timeline people read and the outbox others follow. */

import { defineEntity, p } from '@mikro-orm/postgresql';
import { FACT_ACTOR_ROLES } from '../../domain/facts.ts';
import { id, insertedAt, instant } from './columns.ts';

const DomainEventSchema = defineEntity({
  name: 'DomainEvent',
  tableName: 'domain_event',
  properties: {
    seq: p.bigint('number').primary().autoincrement(),
    id: id('event'),
    type: p.text(),
    orderId: id('order').nullable(),
    escrowId: id('escrow').nullable(),
    subjectId: p.text().nullable(),
    actorRole: p.enum(FACT_ACTOR_ROLES),
    actorId: p.text(),
    data: p.json<Record<string, unknown>>().default('{}'),
    /** The transaction that wrote it, so that a reader in order of `seq` can tell what may still come before. */
    xid: p.text().columnType('xid8').defaultRaw('pg_current_xact_id()'),
    /** When it happened, by the workflow's clock. */
    at: instant(),
    createdAt: insertedAt(),
  },
});

/** A row of `domain_event`. */
export class DomainEvent extends DomainEventSchema.class {}
DomainEventSchema.setClass(DomainEvent);
