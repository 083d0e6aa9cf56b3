/** Runs a record in one transaction of its own. */

import type { MikroORM } from '@mikro-orm/postgresql';
import type { EntityManager } from '../../db/orm.ts';

/**
 * Records write with statements of their own, guarded by what they expect to find. The entities they have read are let go
 * before the commit, so that the unit of work does not compare them once more with what was read.
 */
export function inTransaction<Result>(orm: MikroORM, record: (em: EntityManager) => Promise<Result>): Promise<Result> {
  return orm.em.fork().transactional(async (em) => {
    const result = await record(em);
    em.clear();
    return result;
  });
}
