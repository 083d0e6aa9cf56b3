/** Brings a database to the newest schema. Several processes may start together: one migrates, the others wait. */

import { pathToFileURL } from 'node:url';
import { Migrator } from '@mikro-orm/migrations';
import { MikroORM } from '@mikro-orm/postgresql';
import pg from 'pg';
import { ormOptions } from './config.ts';
import { MIGRATIONS } from './migrations/index.ts';

/** Any number that nothing else in this database locks on. */
const MIGRATION_LOCK = 4_716_330_701;

/** What went wrong in one sentence, with the cause attached. */
export class MigrationError extends Error {
  override name = 'MigrationError';
}

/**
 * Runs every pending migration, all in one transaction, under an advisory lock; answers the names of those it ran.
 * The login in the URL becomes the owner of what is created and needs to be allowed to create roles.
 * Fails with MigrationError.
 */
export async function migrate(databaseUrl: string): Promise<string[]> {
  const lock = new pg.Client({ connectionString: databaseUrl });
  try {
    await lock.connect();
  } catch (error) {
    throw new MigrationError(`Cannot reach Postgres at ${withoutPassword(databaseUrl)}: ${messageOf(error)}.`, {
      cause: error,
    });
  }
  try {
    await lock.query('select pg_advisory_lock($1)', [MIGRATION_LOCK]);
    return await runPending(databaseUrl);
  } catch (error) {
    throw new MigrationError(`The migration failed and changed nothing: ${messageOf(error)}`, { cause: error });
  } finally {
    await lock.end();
  }
}

async function runPending(databaseUrl: string): Promise<string[]> {
  const orm = await MikroORM.init({
    ...ormOptions(databaseUrl, { pool: { min: 0, max: 1 }, asOwner: true }),
    extensions: [Migrator],
    migrations: { migrationsList: MIGRATIONS, snapshot: false, silent: true },
  });
  try {
    const done = await orm.migrator.up();
    return done.map((migration) => migration.name);
  } finally {
    await orm.close();
  }
}

function messageOf(error: unknown): string {
  if (error instanceof AggregateError) return error.errors.map(messageOf).join('; ');
  return error instanceof Error ? error.message : String(error);
}

function withoutPassword(databaseUrl: string): string {
  try {
    const url = new URL(databaseUrl);
    return `${url.host}${url.pathname}`;
  } catch {
    return 'an address that is not a URL';
  }
}

async function main(): Promise<void> {
  const databaseUrl = process.env.DATABASE_URL;
  if (!databaseUrl) throw new MigrationError('Set DATABASE_URL to the database to migrate.');
  const ran = await migrate(databaseUrl);
  process.stdout.write(ran.length === 0 ? 'The schema is up to date.\n' : `Migrated: ${ran.join(', ')}.\n`);
}

if (process.argv[1] && import.meta.url === pathToFileURL(process.argv[1]).href) {
  main().catch((error: unknown) => {
    process.stderr.write(`${messageOf(error)}\n`);
    process.exitCode = 1;
  });
}
