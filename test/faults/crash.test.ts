/** The promise of the engine: whatever is killed, whenever, each accepted order is one order, paid once. */

import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
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
  untilMoment,
  WEBHOOKS_RELAYED,
} from './support/moments.ts';
import { brokenPromises } from './support/promise.ts';

const CHECKOUTS = 20;
/** More than enough: a second order of one key shows as such, not as a refusal. */
const STOCK = 1_000;
const KILLS_TIMEOUT_MS = 240_000;

let e2e: E2eStack;
const over = new AbortController();

beforeAll(async () => {
  e2e = await startE2eStack();
}, STACK_TIMEOUT_MS);

afterAll(async () => {
  over.abort();
  await e2e.stop();
}, STACK_TIMEOUT_MS);

/** Starts checkouts, and kills the processes when the moment has come. The clients go on meanwhile. */
async function killAt(moment: Moment, victims: readonly ManagedProcess[]): Promise<Batch> {
  const batch = startCheckouts(e2e, await e2e.offer({ stock: STOCK }), CHECKOUTS, over.signal);
  await untilMoment(moment, e2e.orm.em.fork(), batch);
  await Promise.all(victims.map((victim) => victim.kill('SIGKILL')));
  return batch;
}

async function expectPromiseKept(batches: readonly Batch[]): Promise<void> {
  await Promise.all(batches.map(({ ended }) => ended));
  const facts = await readFacts(e2e, batches);
  expect(brokenPromises(facts)).toEqual([]);
  expect(facts.orders).toHaveLength(batches.length * CHECKOUTS);
}

describe('kill -9 loses no order and moves no money twice', () => {
  it(
    'of API and workers, at five moments of 20 checkouts each',
    async () => {
      const { api, workers } = e2e.stack;
      const batches: Batch[] = [];
      // Each batch meets the next ones' kills too: nobody waits until it has recovered. The latest moment comes first,
      // because a batch that comes after a crash is slow to get that far.
      for (const moment of [HOLDS_RELEASED, WEBHOOKS_RELAYED, PAYMENTS_CONFIRMED, ORDERS_APPEAR, REQUESTS_SENT]) {
        batches.push(await killAt(moment, [api, workers]));
        await Promise.all([api.restart(), workers.restart()]);
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
