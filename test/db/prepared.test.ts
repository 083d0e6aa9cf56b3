/** Prepared statements: kept once a connection, with values that are never read as SQL. */

import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type MikroORM, UniqueConstraintViolationException } from '@mikro-orm/postgresql';
import { initOrm } from '../../db/orm.ts';
import { MAX_STATEMENTS, prepared } from '../../db/prepared.ts';
import { createTestDatabase, type TestDatabase } from '../support/database.ts';

describe('a prepared statement', () => {
  let database: TestDatabase;
  let orm: MikroORM;
  beforeAll(async () => {
    database = await createTestDatabase();
    orm = await initOrm(database.url, { pool: { max: 1 } });
  });
  afterAll(async () => {
    await orm.close();
    await database.drop();
  });

  const kept = async (like: string): Promise<number> => {
    const [row] = await orm.em
      .fork()
      .execute<{ count: number }[]>(
        `select count(*)::int as count from pg_prepared_statements where statement like ?`,
        [like],
      );
    return row?.count ?? 0;
  };

  it('is kept, once, whatever the values', async () => {
    for (const value of ['a', "b'; drop table orders; --", '$1 ? \\', null]) {
      const rows = await prepared(orm.em.fork(), `select ?::text as once`, [value]);
      expect(rows).toEqual([{ once: value }]);
    }
    expect(await kept('%as once')).toBe(1);
  });

  it('is one of so many at most, and runs all the same', async () => {
    for (let n = 0; n < MAX_STATEMENTS + 10; n += 1) {
      expect(await prepared(orm.em.fork(), `select ?::int + ${n} as sum`, [1])).toEqual([{ sum: n + 1 }]);
    }
    expect(await kept('%')).toBe(MAX_STATEMENTS);
  });

  it('belongs to the transaction it runs in', async () => {
    const key = `insert into idempotency_key (scope, key, request_hash, locked_until) values (?, ?, ?, now())`;
    const failed = orm.em.fork().transactional(async (em) => {
      await prepared(em, key, ['here', 'k', 'h']);
      throw new Error('undone');
    });
    await expect(failed).rejects.toThrow('undone');
    const found = `select key from idempotency_key where scope = ?`;
    expect(await prepared(orm.em.fork(), found, ['here'])).toEqual([]);
    await prepared(orm.em.fork(), key, ['here', 'k', 'h']);
    expect(await prepared(orm.em.fork(), found, ['here'])).toEqual([{ key: 'k' }]);
  });

  it('fails as other statements do', async () => {
    const key = `insert into idempotency_key (scope, key, request_hash, locked_until) values (?, ?, 'h', now())`;
    await prepared(orm.em.fork(), key, ['twice', 'k']);
    await expect(prepared(orm.em.fork(), key, ['twice', 'k'])).rejects.toThrow(UniqueConstraintViolationException);
  });
});
