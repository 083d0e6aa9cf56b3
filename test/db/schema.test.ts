import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { EntityMetadata, EntityProperty, MikroORM } from '@mikro-orm/postgresql';
import { ENTITIES } from '../../db/entities/index.ts';
import { initOrm } from '../../db/orm.ts';
import { CURRENCY_CODES } from '../../domain/currencies.ts';
import { createTestDatabase, type TestDatabase } from '../support/database.ts';

type Column = { table: string; name: string; type: string; nullable: boolean };

const TABLES = ENTITIES.map((entity) => entity.name);

let database: TestDatabase;
let orm: MikroORM;
let columns: Column[];
let checks: Map<string, string>;

beforeAll(async () => {
  database = await createTestDatabase();
  orm = await initOrm(database.url);
  const em = orm.em.fork();
  columns = await em.execute(
    `select c.relname as table, a.attname as name, format_type(coalesce(nullif(t.typbasetype, 0), t.oid), -1) as type,
       not a.attnotnull as nullable
     from pg_attribute a join pg_class c on c.oid = a.attrelid join pg_type t on t.oid = a.atttypid
     where c.relnamespace = 'public'::regnamespace and c.relkind = 'r' and a.attnum > 0 and not a.attisdropped`,
  );
  const constraints = await em.execute<{ name: string; definition: string }[]>(
    `select conname as name, pg_get_constraintdef(oid) as definition from pg_constraint where contype = 'c'`,
  );
  checks = new Map(constraints.map(({ name, definition }) => [name, definition]));
});

afterAll(async () => {
  await orm.close();
  await database.drop();
});

const metadataOf = (name: string): EntityMetadata => {
  const found = [...orm.getMetadata().getAll().values()].find((meta) => meta.className === name);
  if (!found) throw new Error(`no entity ${name}`);
  return found;
};

/** MikroORM's names for what Postgres calls otherwise. */
const POSTGRES_TYPES: Readonly<Record<string, string>> = {
  int: 'integer',
  bigserial: 'bigint',
  timestamptz: 'timestamp with time zone',
  'timestamptz(6)': 'timestamp with time zone',
  double: 'double precision',
};

const typeOf = (property: EntityProperty): string => {
  const type = (property.columnTypes[0] ?? '').replace(/^varchar\(255\)$/, 'text');
  return POSTGRES_TYPES[type] ?? type;
};

describe('entities and tables', () => {
  it('are one to one', () => {
    const tables = [...new Set(columns.map(({ table }) => table))].filter((table) => !table.startsWith('mikro_orm_'));
    expect(tables.toSorted()).toEqual(TABLES.map((name) => metadataOf(name).tableName).toSorted());
  });

  it.each(TABLES)('%s has the columns of its table, of their types', (name) => {
    const meta = metadataOf(name);
    const mapped = meta.props.map((property) => ({
      name: property.fieldNames[0],
      type: typeOf(property),
      nullable: property.nullable === true,
    }));
    const stored = columns
      .filter(({ table }) => table === meta.tableName)
      .map(({ table: _table, ...column }) => column);
    const byName = (a: { name?: string }, b: { name?: string }) => ((a.name ?? '') < (b.name ?? '') ? -1 : 1);
    expect(mapped.toSorted(byName)).toEqual(stored.toSorted(byName));
  });
});

describe('what a column may say', () => {
  const listed = (definition: string | undefined) =>
    [...(definition ?? '').matchAll(/'([^']*)'::text/g)].map(([, value]) => String(value)).toSorted();

  it.each(TABLES)('is the same in the entity %s and in its CHECKs', (name) => {
    const meta = metadataOf(name);
    const enums = meta.props.filter((property) => property.items && property.fieldNames[0] !== 'currency');
    for (const property of enums) {
      const constraint = `${meta.tableName}_${property.fieldNames[0]}_known`;
      expect({ constraint, values: listed(checks.get(constraint)) }).toEqual({
        constraint,
        values: (property.items ?? []).map(String).toSorted(),
      });
    }
  });

  it('is, for a currency, one that the domain knows', () => {
    expect(listed(checks.get('currency_code_known'))).toEqual(CURRENCY_CODES.toSorted());
  });
});
