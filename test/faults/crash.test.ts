/** The promise of the engine: whatever is killed, whenever, each accepted order is one order, paid once. */

import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { waitFor } from '../../dev/client/wait-for.ts';
import type { ManagedProcess } from '../../dev/processes.ts';
import { type E2eStack, STACK_TIMEOUT_MS, startE2eStack } from '../e2e/support/e2e-stack.ts';
import { type Batch, startCheckouts } from './support/checkout.ts';
import { readFacts } from './support/facts.ts';
import {
  HOLDS_RELEASED,
  type Moment,
  ORDERS_APPEAR,
  PAYMENTS_CONFIRMED,
  REQUESTS_SENT,
  WEBHOOKS_RELAYED,
} from './support/moments.ts';
import { brokenPromises } from './support/promise.ts';

const CHECKOUTS = 20;
const STOCK = 25;
const KILLS_TIMEOUT_MS = 240_000;

let e2e: E2eStack;

beforeAll(async () => {
  e2e = await startE2eStack();
}, STACK_TIMEOUT_MS);

afterAll(async () => {
  const { cpSync } = await import('node:fs');
  cpSync(e2e.stack.api.logFile, '/tmp/hf/crash-api.log');
  cpSync(e2e.stack.workers.logFile, '/tmp/hf/crash-workers.log');
  cpSync(e2e.stack.temporal!.logFile, '/tmp/hf/crash-temporal.log');
  await e2e.stop();
}, STACK_TIMEOUT_MS);

/** Starts checkouts, and kills the processes when the moment has come. The clients go on meanwhile. */
async function killAt(moment: Moment, victims: readonly ManagedProcess[]): Promise<Batch> {
  const batch = startCheckouts(e2e, await e2e.offer({ stock: STOCK }), CHECKOUTS);
  // Looked at by whoever awaits it; until then a failure must not end the process.
  batch.ended.catch(() => undefined);
  const em = e2e.orm.em.fork();
  const moments = { timeoutMs: 60_000, pollMs: 2 };
  await waitFor(moment.what, () => moment.hasCome(em, batch), Boolean, moments);
  process.stderr.write(`${Math.round(performance.now())} moment ${moment.what} ${JSON.stringify(batch.reached)}\n`);
  await Promise.all(victims.map((victim) => victim.kill('SIGKILL')));
  void batch.ended.then(() => process.stderr.write(`${Math.round(performance.now())} ended ${moment.what}\n`));
  const iv = setInterval(
    () =>
      process.stderr.write(
        `${Math.round(performance.now())} ${moment.what.slice(0, 20)} ${JSON.stringify(batch.reached)}\n`,
      ),
    3000,
  );
  void batch.ended.finally(() => clearInterval(iv));
  return batch;
}

async function expectPromiseKept(batches: readonly Batch[]): Promise<void> {
  await Promise.all(batches.map(({ ended }) => ended));
  process.stderr.write(`${Math.round(performance.now())} all ended\n`);
  const facts = await readFacts(e2e, batches);
  process.stderr.write(`${Math.round(performance.now())} facts\n`);
  expect(brokenPromises(facts)).toEqual([]);
  expect(facts.orders).toHaveLength(batches.length * CHECKOUTS);
}

describe('kill -9 loses no order and moves no money twice', () => {
  it(
    'of API and workers, at five moments of 20 checkouts each',
    async () => {
      const { api, workers } = e2e.stack;
      const batches: Batch[] = [];
      // Each batch meets the next ones' kills too: nobody waits until it has recovered.
      for (const moment of [REQUESTS_SENT, ORDERS_APPEAR, PAYMENTS_CONFIRMED, WEBHOOKS_RELAYED, HOLDS_RELEASED]) {
        batches.push(await killAt(moment, [api, workers]));
        await Promise.all([api.restart(), workers.restart()]);
        process.stderr.write(`${Math.round(performance.now())} restarted\n`);
      }
      await expectPromiseKept(batches);
    },
    KILLS_TIMEOUT_MS,
  );

  it(
    'of Temporal, which comes back with the same file',
    async () => {
      const { temporal } = e2e.stack;
      if (temporal === null) throw new Error('the stack has a Temporal server of its own');
      const batch = await killAt(ORDERS_APPEAR, [temporal]);
      await temporal.restart();
      await expectPromiseKept([batch]);
    },
    KILLS_TIMEOUT_MS,
  );

  it(
    'of Postgres, which comes back with the same data',
    async () => {
      const { postgres } = e2e.stack;
      if (postgres === null) throw new Error('the stack has a Postgres of its own');
      const batch = await killAt(PAYMENTS_CONFIRMED, [postgres]);
      await postgres.restart();
      await expectPromiseKept([batch]);
    },
    KILLS_TIMEOUT_MS,
  );
});
