/** Several writes in one statement: one round trip to Postgres for all of them, where each would cost one of its own. */

import type { EntityManager, RawQueryFragment } from '@mikro-orm/postgresql';
import { prepared } from './prepared.ts';

/** A query builder's `toRaw()`, or `raw(sql, params)`. */
export type Write = RawQueryFragment;

/**
 * Runs the writes, all or none. Each sees the rows as they were before the statement, and their order is Postgres's
 * choice: so no two of them may touch the same row, and none may read what another one writes. Foreign keys are checked
 * after the last. `answer` is the query after them; it may read what the n-th write (from 0) returns as `step_n`.
 */
export function writeTogether<Row>(em: EntityManager, writes: readonly Write[], answer = 'select'): Promise<Row[]> {
  const steps = writes.map(({ sql }, n) => `step_${n} as (${sql})`);
  const params = writes.flatMap((write) => write.params);
  return prepared<Row>(em, `with ${steps.join(',\n')}\n${answer}`, params);
}
