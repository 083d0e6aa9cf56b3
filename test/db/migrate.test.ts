import { randomBytes } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import pg from 'pg';
import { migrate } from '../../db/migrate.ts';
import { MIGRATIONS } from '../../db/migrations/index.ts';
import { initOrm } from '../../db/orm.ts';
import { seed } from '../../db/seed.ts';

const admin = () => new pg.Client({ connectionString: process.env.TEST_DATABASE_ADMIN_URL });
const name = `test_empty_${randomBytes(6).toString('hex')}`;

async function asAdmin(statement: string): Promise<void> {
  const client = admin();
  await client.connect();
  await client.query(statement);
  await client.end();
}

function urlOf(database: string): string {
  const url = new URL(process.env.TEST_DATABASE_ADMIN_URL ?? '');
  url.pathname = `/${database}`;
  return url.href;
}

beforeAll(() => asAdmin(`create database ${name}`));
afterAll(() => asAdmin(`drop database ${name} with (force)`));

describe('migrating', () => {
  it('may be started by several processes together: one does it, the others wait and find it done', async () => {
    const ran = await Promise.all([1, 2, 3].map(() => migrate(urlOf(name))));
    expect(ran.map((names) => names.length).toSorted((a, b) => a - b)).toEqual([0, 0, MIGRATIONS.length]);
  });

  it('says in one sentence that the server cannot be reached, without the password', async () => {
    const attempt = migrate('postgres://someone:secret@127.0.0.1:1/nowhere');
    await expect(attempt).rejects.toThrow(/^Cannot reach Postgres at 127\.0\.0\.1:1\/nowhere: .*ECONNREFUSED.*\.$/);
    await expect(attempt).rejects.not.toThrow(/secret/);
  });
});

describe('seeding', () => {
  it('gives a channel per preset, accounts, shops and products, and adds nothing the second time', async () => {
    const orm = await initOrm(urlOf(name));
    const counts = async () =>
      orm.em.fork().execute(
        `select (select count(*)::int from channel) as channels, (select count(*)::int from user_account) as users,
           (select count(*)::int from seller_account) as sellers, (select count(*)::int from shop) as shops,
           (select count(*)::int from product) as products, (select count(*)::int from listing) as listings`,
      );
    await seed(orm.em);
    const [first] = await counts();
    expect(first).toMatchObject({ channels: 5, users: 6, sellers: 2 });
    expect(first?.products).toBeGreaterThanOrEqual(20);
    expect(first?.listings).toBe(first?.products);
    await seed(orm.em);
    expect(await counts()).toEqual([first]);
    await orm.close();
  });
});
