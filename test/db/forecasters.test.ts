/** Forecasters and leaderboards on a real Postgres: it says what the pure rules say, whoever writes at the same time. */

import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import type { MikroORM } from '@mikro-orm/postgresql';
import { insertMarket } from '../../bench/markets/market-rows.ts';
import { addForecasters } from '../../bench/markets/stakes.ts';
import { applySettledBatch } from '../../db/forecasters/apply-settled-batch.ts';
import { readBoard } from '../../db/forecasters/boards.ts';
import { listHistory, loadProfile } from '../../db/forecasters/profiles.ts';
import { refreshLeaderboards } from '../../db/forecasters/refresh-leaderboards.ts';
import { FORECASTERS } from '../../db/ledger/invariants/forecasters.ts';
import { newId } from '../../db/new-id.ts';
import { initOrm } from '../../db/orm.ts';
import { badgesDue } from '../../domain/forecasters/badges.ts';
import { compareStandings, PERIOD_MS } from '../../domain/forecasters/leaderboards.ts';
import {
  afterSettled,
  type ForecasterRecord,
  NEW_FORECASTER,
  reputationDelta,
} from '../../domain/forecasters/reputation.ts';
import type { MarketId, UserId } from '../../domain/ids.ts';
import type { MarketCategory } from '../../domain/markets/market.ts';
import { createTestDatabase, type TestDatabase } from '../support/database.ts';

type Stake = { userId: UserId; status: 'won' | 'lost' | 'returned'; points: number; probability: number };
type SettledMarket = { marketId: MarketId; stakes: Stake[]; seqs: number[] };

let database: TestDatabase;
let orm: MikroORM;
let owner: MikroORM;
beforeAll(async () => {
  database = await createTestDatabase();
  orm = await initOrm(database.url, { pool: { max: 6 } });
  owner = await initOrm(database.url, { asOwner: true, pool: { max: 2 } });
});
beforeEach(async () => {
  await owner.em
    .fork()
    .execute('truncate forecast, forecaster, forecaster_calibration, badge_award, leaderboard_entry, activity');
});
afterAll(async () => {
  await orm.close();
  await owner.close();
  await database.drop();
});

/** Repeatable noise, 0 to under 1. */
function noise(start: number): () => number {
  let state = start;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
}

const payoutOf = ({ status, points }: Stake): number =>
  status === 'won' ? points * 2 : status === 'lost' ? 0 : points;

/** Somebody with this luck: now and then at very long odds. */
function randomStake(roll: () => number, userId: UserId): Stake {
  const status = roll() < 0.1 ? 'returned' : roll() < 0.6 ? 'won' : 'lost';
  return { userId, status, points: 1 + Math.floor(roll() * 500), probability: (1 + Math.floor(roll() * 198)) / 200 };
}

/** Stores forecasts as the settlement leaves them. */
async function settledMarket(
  stakes: Stake[],
  { category, agoMs = 0 }: { category?: MarketCategory; agoMs?: number } = {},
): Promise<SettledMarket> {
  const em = orm.em.fork();
  const { marketId, outcomeIds } = await insertMarket(em, { category });
  const rows = stakes.map((stake) => {
    const delta = stake.status === 'returned' ? null : reputationDelta({ ...stake, won: stake.status === 'won' });
    return { id: newId('forecast'), ...stake, payout: payoutOf(stake), delta };
  });
  const inserted = await em.execute<{ seq: string }[]>(
    `insert into forecast (id, market_id, outcome_id, user_id, points, probability, status, payout_points,
       reputation_delta, placed_at, settled_at)
     select s.id, ?, ?, s."userId", s.points, s.probability, s.status, s.payout, s.delta, now(),
       now() - ?::bigint * interval '1 millisecond'
     from jsonb_to_recordset(?::jsonb) as s(id text, "userId" text, points bigint, probability double precision,
       status text, payout bigint, delta int)
     returning seq`,
    [marketId, outcomeIds[0], agoMs, JSON.stringify(rows)],
  );
  return { marketId, stakes, seqs: inserted.map(({ seq }) => Number(seq)).toSorted((a, b) => a - b) };
}

/** As the settlement does: batch after batch, each in a transaction of its own. */
async function apply({ marketId, seqs }: SettledMarket, size: number): Promise<void> {
  for (let from = 0; from < seqs.length; from += size) {
    const range = { afterSeq: (seqs[from] ?? 0) - 1, throughSeq: seqs[Math.min(from + size, seqs.length) - 1] ?? 0 };
    await orm.em.fork().transactional((em) => applySettledBatch(em, { marketId, ...range }));
  }
}

/** Names of the invariants that do not hold. */
async function broken(): Promise<string[]> {
  const em = orm.em.fork();
  const names: string[] = [];
  for (const { name, violations } of FORECASTERS) {
    if ((await em.execute(violations)).length > 0) names.push(name);
  }
  return names;
}

/** What the pure rules make of a user's settled forecasts. */
function expected(stakes: readonly Stake[]): { record: ForecasterRecord; badges: string[] } {
  let record = NEW_FORECASTER;
  const badges: string[] = [];
  for (const stake of stakes) {
    if (stake.status === 'returned') continue;
    const forecast = { ...stake, won: stake.status === 'won', payoutPoints: payoutOf(stake) };
    record = afterSettled(record, forecast);
    badges.push(...badgesDue(record, forecast).filter((badge) => !badges.includes(badge)));
  }
  return { record, badges };
}

describe('settled batches', () => {
  it('make of everybody what the pure rules do, in batches of any size', async () => {
    const roll = noise(7);
    const users = await addForecasters(orm.em.fork(), 6, 0);
    const markets: SettledMarket[] = [];
    for (let n = 0; n < 60; n += 1) {
      const market = await settledMarket(users.filter(() => roll() < 0.8).map((user) => randomStake(roll, user)));
      await apply(market, 1 + Math.floor(roll() * 6));
      markets.push(market);
    }
    for (const user of users) {
      const own = markets.flatMap(({ stakes }) => stakes.filter(({ userId }) => userId === user));
      const profile = await loadProfile(orm.em.fork(), user);
      const { record, badges } = expected(own);
      expect(profile?.record).toEqual(record);
      expect(profile?.badges.map(({ badge }) => badge)).toEqual(badges);
      const { total } = await listHistory(orm.em.fork(), user, { includingOpen: false, page: 1, limit: 1 });
      expect(total).toBe(own.length);
    }
    expect(await broken()).toEqual([]);
  });

  it('of several markets with the same people, all at once, lose nothing and do not wait for each other forever', async () => {
    const roll = noise(11);
    const users = await addForecasters(orm.em.fork(), 200, 0);
    const shuffled = () => users.map((user) => ({ user, at: roll() })).toSorted((a, b) => a.at - b.at);
    const markets: SettledMarket[] = [];
    for (let n = 0; n < 6; n += 1) {
      const stakes = shuffled().map(({ user }) => ({ ...randomStake(roll, user), status: 'won' as const }));
      markets.push(await settledMarket(stakes));
    }
    await Promise.all(markets.map((market) => apply(market, 40)));
    const rows = await orm.em
      .fork()
      .execute<{ settled: number; current_streak: number; users: number }[]>(
        'select settled, current_streak, count(*)::int as users from forecaster group by 1, 2',
      );
    expect(rows).toEqual([{ settled: 6, current_streak: 6, users: 200 }]);
    expect(await broken()).toEqual([]);
  });

  it('change nothing when their transaction is undone', async () => {
    const [user = 'usr_'] = await addForecasters(orm.em.fork(), 1, 0);
    const market = await settledMarket([{ userId: user, status: 'won', points: 5, probability: 0.5 }]);
    const undone = orm.em.fork().transactional(async (em) => {
      await applySettledBatch(em, { marketId: market.marketId, afterSeq: 0, throughSeq: Number.MAX_SAFE_INTEGER });
      throw new Error('killed');
    });
    await expect(undone).rejects.toThrow('killed');
    await apply(market, 1);
    expect((await loadProfile(orm.em.fork(), user))?.record).toMatchObject({ reputation: 50, settled: 1 });
    expect(await broken()).toEqual([]);
  });

  it.each([
    ['update forecaster set won_points = won_points + 1', 'the record of a forecaster'],
    ['update forecaster set reputation = 51', 'a reputation is between'],
    ['update forecaster_calibration set forecasts = 2', 'the deciles of a forecaster'],
    [`delete from badge_award where badge = 'first_win'`, 'the badges of a forecaster'],
  ])('are what the audit holds them against: %s', async (tampering, found) => {
    const [user = 'usr_'] = await addForecasters(orm.em.fork(), 1, 0);
    await apply(await settledMarket([{ userId: user, status: 'won', points: 5, probability: 0.5 }]), 1);
    await owner.em.fork().execute(tampering);
    expect(await broken()).toEqual([expect.stringContaining(found)]);
  });
});

describe('leaderboards', () => {
  const whole = { page: 1, limit: 100 };
  const HOUR_MS = 3_600_000;

  it('rank by what was settled in the period and the category, as the pure rules do', async () => {
    const roll = noise(3);
    const users = await addForecasters(orm.em.fork(), 12, 0);
    const settled: (Stake & { category: MarketCategory; agoMs: number })[] = [];
    for (const agoMs of [1, 23, 25, 160, 170, 700, 730].map((hours) => hours * HOUR_MS)) {
      for (const category of ['sports', 'crypto'] as const) {
        const stakes = users
          .filter(() => roll() < 0.7)
          // Few probabilities and points: many scores are equal.
          .map((user) => ({ ...randomStake(roll, user), probability: 0.5, points: 1 + Math.floor(roll() * 2) }));
        await settledMarket(stakes, { category, agoMs });
        settled.push(...stakes.map((stake) => ({ ...stake, category, agoMs })));
      }
    }
    await refreshLeaderboards(orm.em);
    for (const period of ['day', 'week', 'month', 'all'] as const) {
      for (const category of ['all', 'sports', 'crypto', 'other'] as const) {
        const counted = settled.filter(
          ({ status, ...each }) =>
            status !== 'returned' &&
            each.agoMs < (PERIOD_MS[period] ?? Number.POSITIVE_INFINITY) &&
            (category === 'all' || each.category === category),
        );
        const standings = users.flatMap((userId) => {
          const own = counted.filter((stake) => stake.userId === userId);
          const score = own.reduce((sum, stake) => sum + reputationDelta({ ...stake, won: stake.status === 'won' }), 0);
          return own.length === 0
            ? []
            : [{ userId, score, wonPoints: own.reduce((sum, each) => sum + payoutOf(each), 0) }];
        });
        const board = await readBoard(orm.em.fork(), { period, category, ...whole });
        expect(board.places.map(({ user, score, wonPoints }) => ({ userId: user.id, score, wonPoints }))).toEqual(
          standings.toSorted(compareStandings),
        );
        expect(board.places.map(({ rank }) => rank)).toEqual(board.places.map((_, place) => place + 1));
        expect(board.total).toBe(standings.length);
      }
    }
  });

  it('hold a thousand places, none of them for an account that is suspended', async () => {
    const users = (await addForecasters(orm.em.fork(), 1_050, 0)).toSorted();
    await settledMarket(
      users.map((userId, n) => ({ userId, status: 'won', points: 1, probability: n < 30 ? 0.2 : 0.5 })),
    );
    await orm.em.fork().execute(`update user_account set status = 'suspended' where id = ?`, [users[0]]);
    await refreshLeaderboards(orm.em);
    const last = await readBoard(orm.em.fork(), { period: 'day', category: 'all', page: 50, limit: 20 });
    expect(last.total).toBe(1_000);
    // 29 stand above; the others are equal, so the older accounts have the places.
    expect(last.places.at(-1)).toMatchObject({ rank: 1_000, user: { id: users[1_000] } });
    const beyond = await readBoard(orm.em.fork(), { period: 'day', category: 'all', page: 51, limit: 20 });
    expect(beyond).toMatchObject({ places: [], total: 1_000, refreshedAt: expect.any(Date) });
  });

  it('are replaced at one stroke: who reads meanwhile sees all of one refresh', async () => {
    const users = await addForecasters(orm.em.fork(), 50, 0);
    await settledMarket(users.map((userId) => ({ userId, status: 'won', points: 1, probability: 0.5 })));
    await refreshLeaderboards(orm.em);
    const refreshes = Promise.all([1, 2, 3, 4].map(() => refreshLeaderboards(orm.em)));
    let isOver = false;
    const over = refreshes.then(() => {
      isOver = true;
    });
    const seen = new Set<number>();
    while (!isOver)
      seen.add((await readBoard(orm.em.fork(), { period: 'all', category: 'all', ...whole })).places.length);
    await over;
    expect([...seen]).toEqual([50]);
    // Four periods; of one category, and of all.
    expect(await refreshes).toEqual([400, 400, 400, 400]);
  });
});
