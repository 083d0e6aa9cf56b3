/** Leaderboards, profiles and badges over HTTP. */

import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { insertMarket } from '../../bench/markets/market-rows.ts';
import { applySettledBatch } from '../../db/forecasters/apply-settled-batch.ts';
import { refreshLeaderboards } from '../../db/forecasters/refresh-leaderboards.ts';
import { newId } from '../../db/new-id.ts';
import { BADGE_RULES } from '../../domain/forecasters/badges.ts';
import { createPeople, type Person } from './support/people.ts';
import { type Answer, createTestApi, list, type TestApi } from './support/test-api.ts';

let api: TestApi;
let ada: Person;
let ben: Person;
let carl: Person;
beforeAll(async () => {
  api = await createTestApi();
  const { join } = createPeople(api);
  [ada, ben, carl] = await Promise.all([join('Ada'), join('Ben'), join('Carl')]);
  await settle('won', 'lost');
  await settle('won', 'placed');
  await refreshLeaderboards(api.deps.orm.em);
});
afterAll(() => api.close());

/** A sports market with a forecast of Ada's at 20 % and one of Ben's at 40 %, as its settlement leaves them. */
async function settle(adas: string, bens: string): Promise<void> {
  const em = api.deps.orm.em.fork();
  const { marketId, outcomeIds } = await insertMarket(em, { category: 'sports' });
  for (const [user, status, probability, payout, delta] of [
    [ada, adas, 0.2, 500, 80],
    [ben, bens, 0.4, 0, -40],
  ] as const) {
    const isPlaced = status === 'placed';
    await em.execute(
      `insert into forecast (id, market_id, outcome_id, user_id, points, probability, status, payout_points,
         reputation_delta, placed_at, settled_at)
       values (?, ?, ?, ?, 100, ?, ?, ?, ?, now(), case when ? then null else now() end)`,
      [
        newId('forecast'),
        marketId,
        outcomeIds[0],
        user.id,
        probability,
        status,
        isPlaced ? null : payout,
        isPlaced ? null : delta,
        isPlaced,
      ],
    );
  }
  await em.transactional((tx) => applySettledBatch(tx, { marketId, afterSeq: 0, throughSeq: Number.MAX_SAFE_INTEGER }));
}

const get = (path: string, token?: string) => api.ask('GET', path, { ...(token && { token }) });
const codeOf = ({ status, body }: Answer) => [status, body.code];

describe('GET /leaderboard', () => {
  it('shows a period and a category, page by page, and says when it is unchanged', async () => {
    const { status, headers, body } = await get('/leaderboard?period=week&category=sports');
    expect(status).toBe(200);
    expect(body).toEqual({
      period: 'week',
      category: 'sports',
      refreshedAt: expect.stringMatching(/^\d{4}-.*Z$/),
      data: [
        { rank: 1, user: { id: ada.id, displayName: 'Ada' }, score: 160, won: 2, settled: 2, wonPoints: 1_000 },
        { rank: 2, user: { id: ben.id, displayName: 'Ben' }, score: -40, won: 0, settled: 1, wonPoints: 0 },
      ],
      pagination: { page: 1, limit: 20, total: 2, pages: 1 },
    });
    const second = await get('/leaderboard?limit=1&page=2');
    expect(second.body).toMatchObject({
      period: 'all',
      category: 'all',
      data: [{ rank: 2 }],
      pagination: { total: 2 },
    });
    const again = await api.ask('GET', '/leaderboard?period=week&category=sports', {
      headers: { 'If-None-Match': headers.get('ETag') ?? '' },
    });
    expect(again.status).toBe(304);
  });

  it('is empty where nobody stands', async () => {
    const { body } = await get('/leaderboard?category=crypto');
    expect(body).toMatchObject({ refreshedAt: null, data: [], pagination: { total: 0, pages: 0 } });
  });

  it.each(['period=year', 'period=', 'category=weather', 'page=0', 'limit=101', 'limit=1.5', 'since=yesterday'])(
    'refuses ?%s',
    async (query) => {
      expect(codeOf(await get(`/leaderboard?${query}`))).toEqual([422, 'validation_failed']);
    },
  );
});

describe('GET /users/{id}', () => {
  it('shows record, calibration, badges and followers, and nothing private', async () => {
    await api.ask('POST', `/users/${ada.id}/follow`, { token: ben.token });
    const { status, body } = await get(`/users/${ada.id}`);
    expect(status).toBe(200);
    expect(body).toMatchObject({
      id: ada.id,
      displayName: 'Ada',
      reputation: 160,
      record: { settled: 2, won: 2, lost: 0, stakedPoints: 200, wonPoints: 1_000 },
      streaks: { current: 2, best: 2 },
      followers: 1,
      following: 0,
    });
    expect(JSON.stringify(body)).not.toMatch(/email|roles|status/);
    const { calibration, badges } = JSON.parse(JSON.stringify(body)) as Record<string, Record<string, unknown>[]>;
    expect(calibration).toHaveLength(10);
    expect(calibration?.[2]).toEqual({ from: 0.2, below: 0.3, forecasts: 2, won: 2 });
    expect(badges?.map(({ badge }) => badge)).toEqual(['first_forecast', 'first_win', 'underdog', 'reputation_100']);
    expect(badges?.[0]).toMatchObject({ title: 'First forecast', reason: expect.stringMatching(/settled/) });
  });

  it('of a newcomer has nothing in it', async () => {
    const { body } = await get(`/users/${carl.id}`);
    expect(body).toMatchObject({ reputation: 0, record: { settled: 0, meanBrier: null }, badges: [] });
  });

  it.each(['', '/forecasts'])('is not there for nobody, nor for an account that is suspended (%s)', async (what) => {
    expect(codeOf(await get(`/users/${newId('user')}${what}`))).toEqual([404, 'user_not_found']);
    expect((await get(`/users/usr_x${what}`)).status).toBe(404);
    await api.sql(`update user_account set status = 'suspended' where id = ?`, [ben.id]);
    expect(codeOf(await get(`/users/${ben.id}${what}`))).toEqual([404, 'user_not_found']);
    await api.sql(`update user_account set status = 'active' where id = ?`, [ben.id]);
  });
});

describe('GET /users/{id}/forecasts', () => {
  const statuses = async (token?: string) =>
    list((await get(`/users/${ben.id}/forecasts`, token)).body.data).map(
      (forecast) => (JSON.parse(JSON.stringify(forecast)) as { status: string }).status,
    );

  it('shows open ones to nobody but their owner', async () => {
    expect(await statuses()).toEqual(['lost']);
    expect(await statuses(ada.token)).toEqual(['lost']);
    expect(await statuses(ben.token)).toEqual(['placed', 'lost']);
    expect((await get(`/users/${ben.id}/forecasts`, 'forged')).status).toBe(401);
    expect((await get(`/users/${ben.id}/forecasts?page=0`)).status).toBe(422);
  });
});

describe('GET /badges', () => {
  it('tells every rule and its reason', async () => {
    const { status, body } = await get('/badges');
    expect(status).toBe(200);
    expect(body).toEqual({ data: BADGE_RULES });
  });
});
