/** The settings of every connection to the database, in one place. */

import { defineConfig } from '@mikro-orm/postgresql';
import { ENTITIES } from './entities/index.ts';
import { PreparingClient } from './prepared.ts';

export type OrmSettings = {
  /** Connections; `max` defaults to 10. */
  pool?: { min?: number; max?: number };
  /** Connect as the login in the URL itself, the owner of the schema: for migrations and seeds, never for the app. */
  asOwner?: boolean;
};

/** MikroORM's options. Unless told otherwise every connection takes the role that may not touch the ledger's tables. */
export function ormOptions(databaseUrl: string, settings: OrmSettings = {}) {
  return defineConfig({
    clientUrl: databaseUrl,
    entities: [...ENTITIES],
    pool: { min: 0, max: 10, ...settings.pool },
    driverOptions: {
      ...(settings.asOwner ? {} : { options: '-c role=holdfast_app' }),
      connectionTimeoutMillis: 10_000,
      Client: PreparingClient,
    },
    // Rows go through the caller's own fork; a shared identity map would leak between requests.
    allowGlobalContext: false,
  });
}
