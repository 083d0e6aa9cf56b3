/** A Postgres for one benchmark: durable, migrated, and gone afterwards. */

import { join } from 'node:path';
import { migrate } from '../db/migrate.ts';
import { startEmbeddedPostgres } from '../dev/embedded-postgres.ts';
import { freePort } from '../dev/ports.ts';
import { temporaryHome } from '../dev/stack.ts';
import { interrupted } from './interrupted.ts';

/** Hands the database's address to the benchmark and stops the server whatever becomes of it. */
export async function withOwnPostgres(name: string, measure: (databaseUrl: string) => Promise<void>): Promise<void> {
  const { home, remove } = temporaryHome();
  try {
    const { process: server, ...postgres } = await startEmbeddedPostgres({
      dataFolder: join(home, 'postgres'),
      logFolder: join(home, 'logs'),
      port: await freePort(),
      durable: true,
      abort: interrupted,
    });
    try {
      await postgres.ensureDatabase(name);
      await migrate(postgres.urlOf(name));
      await measure(postgres.urlOf(name));
    } finally {
      await server.stop();
    }
  } finally {
    remove();
  }
}
