/** Postings per second on a Postgres of its own: one call per journal, and many journals in one call. */

import { postJournals } from '../db/ledger/post.ts';
import { newId } from '../db/new-id.ts';
import { initOrm } from '../db/orm.ts';
import type { Journal } from '../domain/postings.ts';
import { inFlight } from './in-flight.ts';
import { withOwnPostgres } from './own-postgres.ts';
import { report } from './report.ts';

const SINGLE = 4_000;
const BATCH = 10_000;
const CONNECTIONS = 4;
const WALLETS = 200;
/** Of each journal. */
const LINES = 2;

export function measureLedger(): Promise<void> {
  return withOwnPostgres('ledger', measurePosting);
}

async function measurePosting(databaseUrl: string): Promise<void> {
  const orm = await initOrm(databaseUrl, { pool: { max: CONNECTIONS } });
  try {
    const wallets = Array.from({ length: WALLETS }, () => `wallet:${newId('user')}`);
    let n = 0;
    const next = (): Journal => deposit(wallets[(n += 1) % WALLETS] ?? '', n);
    await postJournals(orm.em.fork(), Array.from({ length: WALLETS }, next));
    const one = await inFlight(SINGLE, CONNECTIONS, async () => {
      await postJournals(orm.em.fork(), [next()]);
    });
    reportPostings(
      'one_journal_a_call',
      SINGLE,
      one,
      `a journal of two lines in each call, ${CONNECTIONS} connections`,
    );
    const batch = Array.from({ length: BATCH }, next);
    const set = await inFlight(1, 1, async () => {
      await postJournals(orm.em.fork(), batch);
    });
    reportPostings('all_journals_in_one_call', BATCH, set, `${BATCH} journals of two lines in one call`);
  } finally {
    await orm.close();
  }
}

function reportPostings(figure: string, journals: number, seconds: number, note: string): void {
  report({ bench: 'ledger', figure, value: (journals * LINES) / seconds, unit: 'postings/s', note });
}

function deposit(wallet: string, n: number): Journal {
  return {
    key: `deposit/${newId('payment')}:received`,
    kind: 'wallet_deposited',
    lines: [
      { account: 'world:stripe', amountMinor: -n, currency: 'USD' },
      { account: wallet, amountMinor: n, currency: 'USD' },
    ],
  };
}
