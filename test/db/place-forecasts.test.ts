import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { MikroORM } from '@mikro-orm/postgresql';
import { insertMarket, type MarketRows } from '../../bench/markets/market-rows.ts';
import { addForecasters } from '../../bench/markets/stakes.ts';
import { balanceOf } from '../../db/ledger/balances.ts';
import { BOOKS } from '../../db/ledger/invariants/books.ts';
import { type ForecastAnswer, type ForecastInput, placeForecasts } from '../../db/markets/place-forecasts.ts';
import { newId } from '../../db/new-id.ts';
import { initOrm } from '../../db/orm.ts';
import { chipsMarketAccount, chipsWalletAccount } from '../../domain/accounts.ts';
import type { MarketId, UserId } from '../../domain/ids.ts';
import { probabilityOf } from '../../domain/markets/market.ts';
import { createTestDatabase, type TestDatabase } from '../support/database.ts';

let database: TestDatabase;
let orm: MikroORM;
beforeAll(async () => {
  database = await createTestDatabase();
  orm = await initOrm(database.url, { pool: { max: 20 } });
});
afterAll(async () => {
  await orm.close();
  await database.drop();
});

const em = () => orm.em.fork();
const sql = <Row extends object>(query: string, params: unknown[] = []) => em().execute<Row[]>(query, params);
const market = (options: Parameters<typeof insertMarket>[1] = {}) => insertMarket(em(), options);
const users = (count: number, chips = 1_000) => addForecasters(em(), count, chips);
const wallet = (userId: UserId) => balanceOf(em(), chipsWalletAccount(userId), 'CHIP');

const forecast = (
  { marketId, outcomeIds }: MarketRows,
  userId: UserId,
  points = 10,
  outcome = 0,
  rest: Partial<ForecastInput> = {},
): ForecastInput => ({
  forecastId: newId('forecast'),
  userId,
  marketId,
  outcomeId: outcomeIds[outcome] ?? newId('outcome'),
  points,
  deviceHash: null,
  ipHash: null,
  ...rest,
});
const place = (...inputs: ForecastInput[]) => placeForecasts(em(), inputs);
const placeOne = async (input: ForecastInput): Promise<ForecastAnswer | undefined> => (await place(input))[0];
const codeOf = (answer: ForecastAnswer | undefined) => (answer?.ok ? 'placed' : answer?.code);
function tally(answers: readonly (ForecastAnswer | undefined)[]): Partial<Record<string, number>> {
  const counts: Record<string, number> = {};
  for (const code of answers.map(codeOf)) counts[code ?? ''] = (counts[code ?? ''] ?? 0) + 1;
  return counts;
}

/** What a market's rows, its pool in the ledger and its outcomes say; all must be the same, probabilities as by order. */
async function totalsOf(marketId: MarketId) {
  const [row] = await sql<{ rows: number; row_points: number; outcome_rows: number; outcome_points: number }>(
    `select (select count(*)::int from forecast where market_id = m.id) as rows,
       (select coalesce(sum(points), 0)::int from forecast where market_id = m.id) as row_points,
       sum(o.forecasts)::int as outcome_rows, sum(o.total_points)::int as outcome_points
     from market m join market_outcome o on o.market_id = m.id where m.id = ? group by m.id`,
    [marketId],
  );
  const wrong = await sql(
    `select * from (
       select id, probability, (1 + coalesce(sum(points) over (partition by outcome_id order by seq
           rows between unbounded preceding and 1 preceding), 0))::float8
         / ((select count(*) from market_outcome o where o.market_id = f.market_id) + coalesce(sum(points) over (
           order by seq rows between unbounded preceding and 1 preceding), 0))::float8 as by_order
       from forecast f where market_id = ?) each where probability <> by_order`,
    [marketId],
  );
  expect(wrong).toEqual([]);
  const pool = await balanceOf(em(), chipsMarketAccount(marketId), 'CHIP');
  expect(row).toMatchObject({ rows: row?.outcome_rows, row_points: pool, outcome_points: pool });
  return { forecasts: row?.rows, pool };
}

describe('a call', () => {
  it('judges each forecast by itself, and each sees the ones before it', async () => {
    const two = await market();
    const [a, b, c, d] = await users(4);
    const poor = await users(1, 0);
    if (!a || !b || !c || !d || !poor[0]) throw new Error('no users');
    const answers = await place(
      forecast(two, a, 100, 0),
      forecast(two, poor[0], 5),
      forecast(two, b, 50, 1),
      forecast(two, c, 1_001),
      forecast(two, d, 7, 0),
    );
    expect(answers.map(codeOf)).toEqual(['placed', 'insufficient_funds', 'placed', 'insufficient_funds', 'placed']);
    const probabilities = answers.flatMap((answer) => (answer.ok ? [answer.forecast.probability] : []));
    expect(probabilities).toEqual([probabilityOf(0, 0, 2), probabilityOf(0, 100, 2), probabilityOf(100, 150, 2)]);
    expect(answers[3]).toMatchObject({ detail: 'The wallet holds 1000 chips.' });
    expect(await totalsOf(two.marketId)).toEqual({ forecasts: 3, pool: 157 });
    expect(await Promise.all([a, b, c, d].map(wallet))).toEqual([900, 950, 1_000, 993]);
    const history = await sql('select sum(total_points)::int as sum from market_history where market_id = ?', [
      two.marketId,
    ]);
    expect(history).toEqual([{ sum: 157 }]);
    const feed = await sql<{ user_id: string }>('select user_id from activity where market_id = ? order by seq', [
      two.marketId,
    ]);
    expect(feed.map(({ user_id }) => user_id)).toEqual([a, b, d]);
  });

  it('says why not', async () => {
    const [user, limited, suspended, twice] = await users(4, 20_000);
    if (!user || !limited || !suspended || !twice) throw new Error('no users');
    await sql('update user_account set limited_at = now() where id = ?', [limited]);
    await sql(`update user_account set status = 'suspended' where id = ?`, [suspended]);
    const open = await market({ maxPointsPerUser: 500 });
    const other = await market();
    await placeOne(forecast(open, twice));
    const states = await Promise.all(
      (['suspended', 'closed', 'cancelled'] as const).map((status) => market({ status })),
    );
    const codes = async (...inputs: ForecastInput[]) =>
      Promise.all(inputs.map(async (each) => codeOf(await placeOne(each))));
    expect(
      await codes(
        forecast({ ...open, marketId: newId('market') }, user),
        ...states.map((each) => forecast(each, user)),
        forecast({ ...open, outcomeIds: other.outcomeIds }, user),
        forecast(open, user, 501),
        forecast(open, user, 0),
        forecast(open, limited, 101),
        forecast(open, limited, 100),
        forecast(open, suspended),
        forecast(open, twice),
        forecast(other, twice, 9_991),
      ),
    ).toEqual([
      'market_not_found',
      'market_not_open',
      'market_closed',
      'market_closed',
      'outcome_not_in_market',
      'points_out_of_range',
      'points_out_of_range',
      'points_out_of_range',
      'placed',
      'account_not_active',
      'already_forecast',
      'placed',
    ]);
  });

  it('that is repeated answers what stands already, even after the market has closed', async () => {
    const two = await market();
    const [user] = await users(1);
    if (!user) throw new Error('no user');
    const input = forecast(two, user);
    const first = await placeOne(input);
    await sql(`update market set status = 'closed' where id = ?`, [two.marketId]);
    expect(await placeOne(input)).toEqual(first);
    expect(await placeOne(forecast(two, user))).toMatchObject({ code: 'market_closed' });
    expect(await totalsOf(two.marketId)).toEqual({ forecasts: 1, pool: 10 });
  });

  it('with two forecasts of one user is refused as a whole', async () => {
    const [user] = await users(1);
    if (!user) throw new Error('no user');
    const [one, two] = [await market(), await market()];
    await expect(place(forecast(one, user), forecast(two, user))).rejects.toMatchObject({ code: 'HF002' });
  });
});

describe('the instant of closing', () => {
  it('divides forecasts that race with it: what was accepted was placed before it, and nothing after', async () => {
    const forecasters = await users(1_500);
    const short = await market({ closesInMs: 300 });
    const answers: (ForecastAnswer | undefined)[] = [];
    // Fifty are under way at any time, from well before the instant until each has seen that it is over.
    await Promise.all(
      Array.from({ length: 50 }, async () => {
        for (let open = true; open; ) {
          const userId = forecasters.pop();
          if (!userId) throw new Error('too few forecasters');
          const answer = await placeOne(forecast(short, userId));
          answers.push(answer);
          open = answer?.ok ?? false;
        }
      }),
    );
    const { placed, market_closed: late, ...others } = tally(answers);
    expect({ others, late }).toEqual({ others: {}, late: 50 });
    expect(await totalsOf(short.marketId)).toEqual({ forecasts: placed, pool: (placed ?? 0) * 10 });
    expect(placed).toBeGreaterThan(0);
    const after = 'select f.id from forecast f join market m on m.id = f.market_id where f.placed_at >= m.closes_at';
    expect(await sql(after)).toEqual([]);
  });

  it('counts when the locks are there, not when the call came', async () => {
    const [user] = await users(1);
    if (!user) throw new Error('no user');
    const short = await market({ closesInMs: 150 });
    const holder = em();
    await holder.begin();
    await holder.execute('select from market where id = ? for no key update', [short.marketId]);
    const late = placeOne(forecast(short, user));
    await holder.execute('select pg_sleep_until(closes_at) from market where id = ?', [short.marketId]);
    await holder.commit();
    expect(await late).toMatchObject({ code: 'market_closed' });
  });

  it('of a market that is suspended meanwhile is that of the suspension: it waits for forecasts under way, later ones see it', async () => {
    const [early, late] = await users(2);
    if (!early || !late) throw new Error('no users');
    const two = await market();
    const placing = em();
    await placing.begin();
    await placeForecasts(placing, [forecast(two, early)]);
    let suspended = false;
    const suspension = sql(`update market set status = 'suspended' where id = ?`, [two.marketId]).then(() => {
      suspended = true;
    });
    await someoneWaits('update market');
    const waiting = placeOne(forecast(two, late));
    await someoneWaits('place_forecasts');
    expect(suspended).toBe(false);
    await placing.commit();
    await suspension;
    expect(['placed', 'market_not_open']).toContain(codeOf(await waiting));
    expect(await placeOne(forecast(two, late))).not.toMatchObject({ ok: true });
  });
});

/** Resolves once a connection to this database waits for a lock in a statement like this. */
async function someoneWaits(statement: string): Promise<void> {
  const owner = await initOrm(database.url, { asOwner: true, pool: { max: 1 } });
  try {
    const waiting = `select from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock' and query like ?`;
    while ((await owner.em.fork().execute(waiting, [`%${statement}%`])).length === 0);
  } finally {
    await owner.close();
  }
}

describe('many at once', () => {
  it('leave one forecast of fifty tries of a user', async () => {
    const [user] = await users(1);
    if (!user) throw new Error('no user');
    const two = await market();
    const answers = await Promise.all(Array.from({ length: 50 }, (_, n) => placeOne(forecast(two, user, 10, n % 2))));
    expect(tally(answers)).toEqual({ placed: 1, already_forecast: 49 });
    expect(await wallet(user)).toBe(990);
    expect(await totalsOf(two.marketId)).toEqual({ forecasts: 1, pool: 10 });
  });

  it('never take more than the wallet holds, over however many markets', async () => {
    const [user] = await users(1, 100);
    if (!user) throw new Error('no user');
    const markets = await Promise.all(Array.from({ length: 20 }, () => market()));
    const answers = await Promise.all(markets.map((each) => placeOne(forecast(each, user, 30))));
    expect(tally(answers)).toEqual({ placed: 3, insufficient_funds: 17 });
    expect(await wallet(user)).toBe(10);
  });

  it('cross over five markets in any order, while others suspend and cancel one of them, without a deadlock', async () => {
    const markets = await Promise.all(Array.from({ length: 5 }, () => market({ outcomes: ['a', 'b', 'c'] })));
    const forecasters = await users(30);
    const [, , target] = markets;
    if (!target) throw new Error('no market');
    const changes = async () => {
      for (const status of ['suspended', 'open', 'suspended', 'open']) {
        await em().transactional(async (tx) => {
          await tx.execute('select from market where id = ? for no key update', [target.marketId]);
          await tx.execute('update market set status = ? where id = ?', [status, target.marketId]);
        });
      }
      await sql(`update market set status = 'cancelled', cancel_reason = 'off' where id = ?`, [target.marketId]);
    };
    const calls = Array.from({ length: 30 }, (_, call) => {
      // Every call has every user, each on another market than in the call before.
      const shuffled = forecasters.map((userId, n) => ({ userId, each: markets[(n + call) % 5] ?? target, n }));
      const ordered = call % 2 === 0 ? shuffled : shuffled.toReversed();
      return place(...ordered.map(({ userId, each, n }) => forecast(each, userId, 1 + (n % 9), n % 3)));
    });
    const [, ...answers] = await Promise.all([changes(), ...calls]);
    const codes = new Set(answers.flat().map(codeOf));
    expect(
      [...codes].filter(
        (code) => !['placed', 'already_forecast', 'market_not_open', 'market_closed'].includes(code ?? ''),
      ),
    ).toEqual([]);
    for (const { marketId } of markets) {
      const { forecasts } = await totalsOf(marketId);
      if (marketId !== target.marketId) expect(forecasts).toBe(30);
    }
  });

  it('leave books without a fault', async () => {
    for (const { name, violations } of BOOKS)
      expect({ name, found: await sql(violations) }).toEqual({ name, found: [] });
  });
});
