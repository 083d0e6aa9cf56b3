/** Posting journals: one round trip to the function in Postgres that does it all or nothing. */

import type { EntityManager } from '@mikro-orm/postgresql';
import type { Journal, PostingLine } from '../../domain/postings.ts';
import { prepared } from '../prepared.ts';
import { toLedgerError } from './ledger-error.ts';

/** `replayed`: the journal was there already, with the same content; nothing moved. */
export type PostedJournal = { id: number; key: string; replayed: boolean };

type Row = { id: string; key: string; replayed: boolean };

/**
 * Posts the journals, all or none, within the entity manager's transaction if it is in one (READ COMMITTED). Answers
 * in the order given. Posting the same journal again (whatever its memo and the order of its lines) answers it as
 * replayed; of two callers with the same key at the same time, the second waits for the first. Fails with LedgerError;
 * after a deadlock with other locks of the transaction, or a lost connection, call again with the same journals.
 */
export async function postJournals(em: EntityManager, journals: readonly Journal[]): Promise<PostedJournal[]> {
  if (journals.length === 0) return [];
  const rows = await callPost(em, JSON.stringify(journals.map(withSortedLines)));
  return rows.map(({ id, key, replayed }) => ({ id: Number(id), key, replayed }));
}

async function callPost(em: EntityManager, journals: string): Promise<Row[]> {
  try {
    return await prepared<Row>(em, 'select journal_id as id, journal_key as key, replayed from ledger_post(?::jsonb)', [
      journals,
    ]);
  } catch (error) {
    throw toLedgerError(error);
  }
}

/** Postgres compares the content of journals as they are sent. */
function withSortedLines(journal: Journal): Journal {
  return { ...journal, lines: journal.lines.toSorted(byAccount) };
}

function byAccount(a: PostingLine, b: PostingLine): number {
  return compare(a.account, b.account) || compare(a.currency, b.currency) || a.amountMinor - b.amountMinor;
}

function compare(a: string, b: string): number {
  if (a === b) return 0;
  return a < b ? -1 : 1;
}
