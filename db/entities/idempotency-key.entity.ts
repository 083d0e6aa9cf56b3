/** A request that may be repeated under its key, and the answer it got. */

import { defineEntity, p } from '@mikro-orm/postgresql';
import { IDEMPOTENCY_STATUSES } from '../statuses.ts';
import { insertedAt, instant } from './columns.ts';

const IdempotencyKeySchema = defineEntity({
  name: 'IdempotencyKey',
  tableName: 'idempotency_key',
  primaryKeys: ['scope', 'key'],
  properties: {
    /** Principal and route. */
    scope: p.text().primary(),
    key: p.text().primary(),
    requestHash: p.text(),
    status: p.enum(IDEMPOTENCY_STATUSES).default('running'),
    httpStatus: p.integer().nullable(),
    responseHeaders: p.json<Record<string, string>>().nullable(),
    responseBody: p.text().nullable(),
    lockedUntil: instant(),
    createdAt: insertedAt(),
  },
});

/** A row of `idempotency_key`. */
export class IdempotencyKey extends IdempotencyKeySchema.class {}
IdempotencyKeySchema.setClass(IdempotencyKey);
