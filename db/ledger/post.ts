/** Posting journals: one round trip to the function in Postgres that does it all or nothing. */

import type { EntityManager } from '@mikro-orm/postgresql';
import type { Journal } from '../../domain/postings.ts';
import { toLedgerError } from './ledger-error.ts';

/** `replayed`: the journal was there already, with the same content; nothing moved. */
export type PostedJournal = { id: number; key: string; replayed: boolean };

type Row = { id: string; key: string; replayed: boolean };

/**
 * Posts the journals, all or none, within the entity manager's transaction if it is in one (READ COMMITTED). Answers
 * in the order given. Posting the same journal again answers it as replayed; two callers with the same key at the
 * same time: the second waits for the first. Fails with LedgerError; after a deadlock or a lost connection, call
 * again with the same journals.
 */
export async function postJournals(em: EntityManager, journals: readonly Journal[]): Promise<PostedJournal[]> {
  if (journals.length === 0) return [];
  const rows = await callPost(em, JSON.stringify(journals));
  const byKey = new Map(rows.map((row) => [row.key, row]));
  return journals.map(({ key }) => {
    const row = byKey.get(key);
    if (row === undefined) throw new Error(`the ledger did not answer for journal ${key}`);
    return { id: Number(row.id), key, replayed: row.replayed };
  });
}

async function callPost(em: EntityManager, journals: string): Promise<Row[]> {
  try {
    return await em.execute<Row[]>(
      'select journal_id as id, journal_key as key, replayed from ledger_post(?::jsonb)',
      [journals],
    );
  } catch (error) {
    throw toLedgerError(error);
  }
}
