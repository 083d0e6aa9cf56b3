/** How long it takes to settle a market of a thousand, ten thousand and a hundred thousand forecasts, reputation included. */

import type { MikroORM } from '@mikro-orm/postgresql';
import { settleMarket } from '../../activities/bulk/settle-market.ts';
import { createMarketRecords } from '../../activities/index.ts';
import { auditLedger } from '../../db/ledger/audit.ts';
import { newId } from '../../db/new-id.ts';
import { initOrm } from '../../db/orm.ts';
import { seed } from '../../db/seed.ts';
import { DAY_MS } from '../../domain/durations.ts';
import type { MarketId, UserId } from '../../domain/ids.ts';
import { nextMarketAction } from '../../domain/markets/clocks.ts';
import { createPaymentProviders } from '../../providers/payments/create-providers.ts';
import { interrupted } from '../interrupted.ts';
import { withOwnPostgres } from '../own-postgres.ts';
import { report, say } from '../report.ts';
import { addForecasters, addStakes } from './stakes.ts';

const SIZES = [1_000, 10_000, 100_000] as const;
const OUTCOMES = ['Yes', 'No', 'Perhaps'];
const CHIPS = 10_000;

/** One market of each size on one Postgres, the same people on all of them; ends with an audit of the books. */
export function measureSettlement(): Promise<void> {
  return withOwnPostgres('settlement', measureSizes);
}

async function measureSizes(databaseUrl: string): Promise<void> {
  const owner = await initOrm(databaseUrl, { asOwner: true });
  const orm = await initOrm(databaseUrl, { pool: { max: 4 } });
  try {
    await seed(owner.em.fork());
    const users = await addForecasters(orm.em.fork(), SIZES[2], CHIPS);
    const perForecast: number[] = [];
    for (const size of SIZES) {
      if (interrupted.aborted) return;
      const marketId = await resolvedMarket(orm, users.slice(0, size));
      await owner.em.fork().execute('vacuum analyze');
      perForecast.push((await settleAndReport(orm, marketId, size)) / size);
    }
    const [small = 0, , large = 0] = perForecast;
    report({
      bench: 'markets',
      figure: 'settlement_growth',
      value: large / small,
      unit: 'x',
      note: `time for a forecast in a market of ${SIZES[2]} against one of ${SIZES[0]}; 1 or less is linear or better`,
    });
    const { clean, findings } = await auditLedger(orm.em);
    if (!clean)
      throw new Error(`the books are wrong: ${JSON.stringify(findings.filter((each) => each.violations > 0))}`);
  } finally {
    await orm.close();
    await owner.close();
  }
}

/** Answers in seconds. Memory is read after each batch: what stays of one must not add up. */
async function settleAndReport(orm: MikroORM, marketId: MarketId, size: number): Promise<number> {
  const before = process.memoryUsage().rss;
  let most = before;
  const startedMs = performance.now();
  const { batches } = await settleMarket(
    { orm },
    { marketId },
    {
      afterBatch: () => {
        most = Math.max(most, process.memoryUsage().rss);
      },
    },
  );
  const seconds = (performance.now() - startedMs) / 1_000;
  const grownMb = (most - before) / 1_048_576;
  say(`${size} forecasts in ${batches} batches: ${seconds.toFixed(2)} s, node grew by ${grownMb.toFixed(1)} MB`);
  const note = `${size} forecasts in ${batches} batches, with reputation and badges`;
  report({ bench: 'markets', figure: `settlement_${size}`, value: seconds, unit: 's', note });
  report({ bench: 'markets', figure: `settlement_${size}_rate`, value: size / seconds, unit: 'forecasts/s', note });
  report({
    bench: 'markets',
    figure: `settlement_${size}_memory`,
    value: grownMb,
    unit: 'MB',
    note: 'growth of the process that asks for it',
  });
  return seconds;
}

/** Every user has staked on it, a third of them on what came true. */
async function resolvedMarket(orm: MikroORM, users: readonly UserId[]): Promise<MarketId> {
  const records = createMarketRecords({ orm, timeScale: 1, providers: createPaymentProviders({}) });
  const marketId = newId('market');
  const [moderator] = await addForecasters(orm.em.fork(), 1, 0);
  if (!moderator) throw new Error('a moderator is needed');
  let market = await records.createMarket({
    marketId,
    createdBy: moderator,
    channel: 'pilimarket',
    title: `A market of ${users.length}`,
    description: '',
    category: 'other',
    metadata: {},
    outcomes: OUTCOMES,
    closesAt: new Date(Date.now() + DAY_MS).toISOString(),
    maxPointsPerUser: null,
    overrides: {},
    requestHash: 'bench',
    requestId: 'bench',
  });
  const { outcomeIds } = market;
  const stakes = users.flatMap((userId, n) => {
    const outcomeId = outcomeIds[n % OUTCOMES.length];
    return outcomeId
      ? [{ userId, outcomeId, points: 1 + ((n * 7_919) % 1_000), probability: ((n % 97) + 1) / 100 }]
      : [];
  });
  await addStakes(orm.em.fork(), marketId, stakes);
  const [outcomeId] = outcomeIds;
  if (!outcomeId) throw new Error('a market has outcomes');
  const at = new Date().toISOString();
  const proposal = {
    outcomeId,
    evidenceUrls: ['https://example.org'],
    note: 'bench',
    proposedBy: moderator,
    proposedAt: at,
  };
  const resolution = { outcomeId, decidedBy: null, note: 'bench' };
  const steps = [
    { to: 'closed', fact: 'market.closed' },
    { to: 'proposed', fact: 'market.proposed', proposal },
    { to: 'resolved', fact: 'market.resolved', resolution },
  ] as const;
  for (const step of steps) {
    market = await records.changeMarket({
      marketId,
      version: market.version + 1,
      actor: { role: 'system', id: 'market' },
      reason: null,
      at,
      nextAction: nextMarketAction(step.to, at, market),
      ...step,
    });
  }
  return marketId;
}
