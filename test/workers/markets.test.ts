/** A market from its first request to its last chip: the bulk worker as it is, Postgres and Temporal. */

import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { WithStartWorkflowOperation } from '@temporalio/client';
import type { Worker } from '@temporalio/worker';
import { addForecasters, addStakes } from '../../bench/markets/stakes.ts';
import { MarketOutcome } from '../../db/entities/market-outcome.entity.ts';
import { auditLedger } from '../../db/ledger/audit.ts';
import { balanceOf } from '../../db/ledger/balances.ts';
import { chipsWalletAccount } from '../../domain/accounts.ts';
import type { UserId } from '../../domain/ids.ts';
import { createPaymentProviders } from '../../providers/payments/create-providers.ts';
import { createBulkWorker } from '../../workers/create-worker.ts';
import {
  cancelMarketUpdate,
  createUpdate,
  MARKET_WORKFLOW_TYPE,
  type MarketInput,
  type MarketResult,
  marketTimelineQuery,
  marketWorkflowId,
  proposeUpdate,
} from '../../workflows/market/contract.ts';
import { TASK_QUEUES } from '../../workflows/task-queues.ts';
import { type MarketPlace, marketInput, openMarketPlace } from '../activities/support/markets.ts';
import { connectTemporal, type TestTemporal, testBundle } from '../support/temporal.ts';
import { refusalCode } from '../workflows/support/history.ts';

/** A bundle, a database, a worker: more than a test usually takes on a busy machine. */
const SLOW_MS = 120_000;
const CHIPS = 1_000;

let place: MarketPlace;
let temporal: TestTemporal;
let worker: Worker;
let running: Promise<void>;
let users: UserId[];

beforeAll(async () => {
  [place, temporal] = await Promise.all([openMarketPlace(), connectTemporal()]);
  const { nativeConnection: connection, namespace } = temporal;
  const deps = { orm: place.orm, providers: createPaymentProviders({}), timeScale: 1 };
  worker = await createBulkWorker({ connection, namespace }, testBundle(), deps);
  running = worker.run();
  users = await addForecasters(place.orm.em.fork(), 3, CHIPS);
}, SLOW_MS);
afterAll(async () => {
  worker.shutdown();
  await running;
  const { findings } = await auditLedger(place.orm.em);
  await place.close();
  await temporal.close();
  expect(findings.filter(({ violations }) => violations > 0)).toEqual([]);
});

/** Created by its first request, with 100 and 50 on the first outcome and 100 on the second. */
async function staked(changes: Partial<MarketInput>) {
  const { client } = temporal;
  const input = marketInput(place.moderators[0], changes);
  const startWorkflowOperation = new WithStartWorkflowOperation<(market: MarketInput) => Promise<MarketResult>>(
    MARKET_WORKFLOW_TYPE,
    {
      workflowId: marketWorkflowId(input.marketId),
      taskQueue: TASK_QUEUES.bulk,
      args: [input],
      workflowIdConflictPolicy: 'USE_EXISTING',
    },
  );
  await client.workflow.executeUpdateWithStart(createUpdate, { startWorkflowOperation });
  const em = place.orm.em.fork();
  const outcomes = await em.find(MarketOutcome, { marketId: input.marketId }, { orderBy: { position: 'asc' } });
  const stakes = [100, 50, 100].flatMap((points, n) => {
    const [userId, outcome] = [users[n], outcomes[n === 2 ? 1 : 0]];
    return userId && outcome ? [{ userId, outcomeId: outcome.id, points }] : [];
  });
  await addStakes(em, input.marketId, stakes);
  return { handle: await startWorkflowOperation.workflowHandle(), outcomeId: outcomes[0]?.id ?? 'out_' };
}

const chips = () => Promise.all(users.map((user) => balanceOf(place.orm.em.fork(), chipsWalletAccount(user), 'CHIP')));

describe('a market', () => {
  it('that is cancelled gives back every stake', async () => {
    const { handle } = await staked({});
    expect(await chips()).toEqual([900, 950, 900]);
    const [moderatorId] = place.moderators;
    await handle.executeUpdate(cancelMarketUpdate, { args: [{ moderatorId, reason: 'called off' }] });
    expect(await handle.result()).toEqual({ status: 'cancelled' });
    expect(await chips()).toEqual([CHIPS, CHIPS, CHIPS]);
  });

  it('that is resolved pays its pool out: 100 and 50 of 250 are 167 and 83', async () => {
    const closesAt = new Date(Date.now() + 4_000).toISOString();
    const { handle, outcomeId } = await staked({ closesAt, overrides: { challengeWindowMs: 0 } });
    const [moderatorId] = place.moderators;
    const proposal = { moderatorId, outcomeId, evidenceUrls: ['https://pagasa.test'], note: 'It rained.' };
    const propose = () => refusalCode(handle.executeUpdate(proposeUpdate, { args: [proposal] }));
    // It closes by itself; until then it says when.
    for (let code = await propose(); code !== null; code = await propose()) expect(code).toBe('market_not_closed');
    expect(await handle.result()).toEqual({ status: 'settled' });
    expect(await chips()).toEqual([CHIPS + 67, CHIPS + 33, CHIPS - 100]);
    const { entries } = await handle.query(marketTimelineQuery);
    expect(entries.map(({ type }) => type)).toEqual([
      'market.created',
      'market.closed',
      'market.proposed',
      'market.resolved',
      'market.settled',
    ]);
  });
});
