/** A ledger of its own for a test file, and short ways to say what moves. */

import type { MikroORM } from '@mikro-orm/postgresql';
import pg from 'pg';
import { LedgerError } from '../../db/ledger/ledger-error.ts';
import { newId } from '../../db/new-id.ts';
import { initOrm } from '../../db/orm.ts';
import type { Currency } from '../../domain/currencies.ts';
import type { Journal } from '../../domain/postings.ts';
import { createTestDatabase } from '../support/database.ts';

export type LedgerFixture = {
  url: string;
  /** The app's connection. */
  orm: MikroORM;
  /** Runs statements as the owner of the tables, in one transaction that is committed. */
  asOwner(...statements: string[]): Promise<void>;
  /** Resolves once a connection waits for a lock inside the posting function. */
  someoneWaits(): Promise<void>;
  close(): Promise<void>;
};

/** Opens a migrated database without rows; `connections` is the size of the app's pool. */
export async function openLedger(connections = 4): Promise<LedgerFixture> {
  const database = await createTestDatabase();
  const orm = await initOrm(database.url, { pool: { max: connections } });
  return {
    url: database.url,
    orm,
    asOwner: (...statements) => inTransaction(database.url, statements),
    someoneWaits: () => someoneWaits(database.url),
    async close() {
      await orm.close();
      await database.drop();
    },
  };
}

async function inTransaction(url: string, statements: string[]): Promise<void> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    await client.query('begin');
    for (const statement of statements) await client.query(statement);
    await client.query('commit');
  } finally {
    await client.end();
  }
}

/** The owner may see what other connections do. */
async function someoneWaits(url: string): Promise<void> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    const waiting = `select from pg_stat_activity
      where datname = current_database() and wait_event_type = 'Lock' and query like '%ledger_post%'`;
    while ((await client.query(waiting)).rowCount === 0);
  } finally {
    await client.end();
  }
}

export const newWallet = (): string => `wallet:${newId('user')}`;
export const newHold = (): string => `hold:${newId('escrow')}`;

let count = 0;

/** A journal that moves an amount between two accounts, under a key of its own unless given. */
export function transfer(
  from: string,
  to: string,
  amountMinor: number,
  options: { key?: string; currency?: Currency; externalRef?: string } = {},
): Journal {
  count += 1;
  const { key = `test/${count}:transfer`, currency = 'USD', externalRef } = options;
  return {
    key,
    kind: 'wallet_deposited',
    externalRef,
    lines: [
      { account: from, amountMinor: -amountMinor, currency },
      { account: to, amountMinor, currency },
    ],
  };
}

/** Money comes in from outside. */
export const deposit = (to: string, amountMinor: number, currency: Currency = 'USD'): Journal =>
  transfer('world:stripe', to, amountMinor, { currency });

/** The code a call was refused with; fails the test if it was not refused by the ledger. */
export async function refusalOf(call: Promise<unknown>): Promise<string> {
  const outcome = await call.then(
    () => 'was accepted',
    (error: unknown) => error,
  );
  if (outcome instanceof LedgerError) return outcome.code;
  throw outcome instanceof Error ? outcome : new Error(`the call ${String(outcome)}`);
}
