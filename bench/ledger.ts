/** Journals per second on a Postgres of its own: one call per journal, and many in one call. */

import { join } from 'node:path';
import { postJournals } from '../db/ledger/post.ts';
import { migrate } from '../db/migrate.ts';
import { newId } from '../db/new-id.ts';
import { initOrm } from '../db/orm.ts';
import { startEmbeddedPostgres } from '../dev/embedded-postgres.ts';
import { freePort } from '../dev/ports.ts';
import { temporaryHome } from '../dev/stack.ts';
import type { Journal } from '../domain/postings.ts';
import { inFlight } from './in-flight.ts';
import { report } from './report.ts';

const SINGLE = 4_000;
const BATCH = 10_000;
const CONNECTIONS = 4;
const WALLETS = 200;

export async function measureLedger(): Promise<void> {
  const { home, remove } = temporaryHome();
  const { process: server, ...postgres } = await startEmbeddedPostgres({
    dataFolder: join(home, 'postgres'),
    logFolder: join(home, 'logs'),
    port: await freePort(),
    durable: true,
  });
  try {
    await postgres.ensureDatabase('ledger');
    const url = postgres.urlOf('ledger');
    await migrate(url);
    const orm = await initOrm(url, { pool: { max: CONNECTIONS } });
    const wallets = Array.from({ length: WALLETS }, () => `wallet:${newId('user')}`);
    let n = 0;
    const next = (): Journal => deposit(wallets[(n += 1) % WALLETS] ?? '', n);
    await postJournals(orm.em.fork(), Array.from({ length: WALLETS }, next));
    const seconds = await inFlight(SINGLE, CONNECTIONS, async () => {
      await postJournals(orm.em.fork(), [next()]);
    });
    report({
      bench: 'ledger',
      figure: 'single_posts_per_second',
      value: SINGLE / seconds,
      unit: '1/s',
      note: `${CONNECTIONS} connections`,
    });
    const batch = Array.from({ length: BATCH }, next);
    const batchSeconds = await inFlight(1, 1, async () => {
      await postJournals(orm.em.fork(), batch);
    });
    report({
      bench: 'ledger',
      figure: 'batch_seconds',
      value: batchSeconds,
      unit: 's',
      note: `${BATCH} journals in one call`,
    });
    await orm.close();
  } finally {
    await server.stop();
    remove();
  }
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
