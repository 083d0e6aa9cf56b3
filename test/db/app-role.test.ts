import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { MikroORM } from '@mikro-orm/postgresql';
import { initOrm } from '../../db/orm.ts';
import { createTestDatabase, type TestDatabase } from '../support/database.ts';

const LEDGER_TABLES = ['ledger_account', 'ledger_journal', 'ledger_posting', 'ledger_balance', 'ledger_rollup'];

let database: TestDatabase;
let app: MikroORM;
beforeAll(async () => {
  database = await createTestDatabase();
  app = await initOrm(database.url);
});
afterAll(async () => {
  await app.close();
  await database.drop();
});

/** The SQLSTATE that a statement of the app is refused with. */
const sqlstate = (statement: string): Promise<string> =>
  app.em
    .fork()
    .execute(statement)
    .then(
      () => 'accepted',
      (error: { code: string }) => error.code,
    );

describe('the role of the running app', () => {
  it('is holdfast_app, owns nothing and may create nothing', async () => {
    const [role] = await app.em
      .fork()
      .execute<{ name: string; owned: number }[]>(
        `select current_user as name, (select count(*)::int from pg_class where relowner = current_user::regrole) as owned`,
      );
    expect(role).toEqual({ name: 'holdfast_app', owned: 0 });
    expect(await sqlstate('create table mine (id int)')).toBe('42501');
  });

  it.each(LEDGER_TABLES)('reads %s and writes nothing into it', async (table) => {
    expect(await sqlstate(`select * from ${table}`)).toBe('accepted');
    expect(await sqlstate(`insert into ${table} select * from ${table}`)).not.toBe('accepted');
    const column = table === 'ledger_journal' ? 'kind' : 'currency';
    for (const statement of [
      `insert into ${table} (${column}) values ('x')`,
      `update ${table} set ${column} = ${column}`,
      `delete from ${table}`,
      `truncate ${table}`,
      `alter table ${table} disable trigger all`,
      `drop table ${table}`,
    ]) {
      expect({ statement, sqlstate: await sqlstate(statement) }).toEqual({ statement, sqlstate: '42501' });
    }
  });

  it('has two doors into the ledger, and nothing of what is behind them', async () => {
    expect(await sqlstate(`select ledger_post('[]')`)).toBe('accepted');
    expect(await sqlstate('select ledger_roll_up()')).toBe('accepted');
    expect(await sqlstate(`select ledger_content_hash('{}')`)).toBe('42501');
    expect(await sqlstate(`select nextval('ledger_journal_id_seq')`)).toBe('42501');
  });

  it('appends to the timeline, and changes nothing in it', async () => {
    const event = `insert into domain_event (id, type, actor_role, actor_id, at) values ('evt_1', 'x', 'system', 'x', now())`;
    expect(await sqlstate(event)).toBe('accepted');
    expect(await sqlstate(`update domain_event set type = 'y'`)).toBe('42501');
    expect(await sqlstate('delete from domain_event')).toBe('42501');
  });

  it('has what it needs on every other table', async () => {
    const lacking = await app.em.fork().execute(
      `select c.relname from pg_class c
       where c.relnamespace = 'public'::regnamespace and c.relkind = 'r'
         and c.relname !~ '^(ledger_|mikro_orm_)' and c.relname <> 'domain_event'
         and not has_table_privilege('holdfast_app', c.oid, 'select, insert, update, delete')`,
    );
    expect(lacking).toEqual([]);
  });
});
