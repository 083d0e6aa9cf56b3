/** One hash over everything the business keeps in Postgres: equal before and after means that nothing has changed. */

import { createHash } from 'node:crypto';
import type { EntityManager } from '../../../db/orm.ts';

/** Sign-ins and their traces, answers kept for repetition and what schedules refresh by themselves are no business. */
const NOT_BUSINESS = ['refresh_token', 'signal', 'idempotency_key', 'leaderboard_entry', 'mikro_orm_migrations'];

/** Reads every row of every business table. */
export async function hashOfBusinessTables(em: EntityManager): Promise<string> {
  const tables = await em.execute<{ name: string }[]>(
    `select tablename as name from pg_tables where schemaname = 'public' and not tablename = any (?) order by 1`,
    [`{${NOT_BUSINESS.join(',')}}`],
  );
  const hash = createHash('sha256');
  for (const { name } of tables) {
    const [row] = await em.execute<{ rows: string | null }[]>(
      `select string_agg(t::text, e'\\n' order by t::text) as rows from "${name}" t`,
    );
    hash.update(`${name}\n${row?.rows ?? ''}\n`);
  }
  return hash.digest('hex');
}
