import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { insertMarket, type MarketRows } from '../../bench/markets/market-rows.ts';
import { addForecasters } from '../../bench/markets/stakes.ts';
import { balanceOf } from '../../db/ledger/balances.ts';
import { newId } from '../../db/new-id.ts';
import { issueRefreshToken } from '../../db/repositories/refresh-tokens.ts';
import { chipsWalletAccount } from '../../domain/accounts.ts';
import type { UserId } from '../../domain/ids.ts';
import { type Answer, type Ask, createTestApi, list, type TestApi } from './support/test-api.ts';

let api: TestApi;
beforeAll(async () => {
  api = await createTestApi();
});
afterAll(() => api.close());

const em = () => api.deps.orm.em.fork();
const market = (options: Parameters<typeof insertMarket>[1] = {}) => insertMarket(em(), options);
type Forecaster = { userId: UserId; token: string };

/** A signed-in account with so many chips. */
async function forecaster(chips = 1_000): Promise<Forecaster> {
  const [userId] = await addForecasters(em(), 1, chips);
  if (!userId) throw new Error('no user');
  const familyId = crypto.randomUUID();
  const expiresAt = new Date(Date.now() + 60_000);
  await issueRefreshToken(em(), { userId, familyId, tokenHash: familyId, expiresAt });
  return { userId, token: await api.deps.tokens.signAccess({ userId, sessionId: familyId }) };
}

const place = ({ marketId, outcomeIds }: MarketRows, { token }: Forecaster, body: object = {}, ask: Ask = {}) =>
  api.ask('POST', `/markets/${marketId}/forecasts`, {
    token,
    body: { outcomeId: outcomeIds[0], points: 10, ...body },
    ...ask,
  });
const outcomeOf = ({ status, body }: Answer) => [status, body.code];
const mine = (who: Forecaster, query = '') => api.ask('GET', `/forecasts${query}`, { token: who.token });
const wallet = ({ userId }: Forecaster) => balanceOf(em(), chipsWalletAccount(userId), 'CHIP');

describe('POST /markets/{id}/forecasts', () => {
  it('stakes chips on an outcome, by id or slug, and shows it to its owner only', async () => {
    const two = await market();
    const [ana, ben] = [await forecaster(), await forecaster()];
    const placed = await place(two, ana, { points: 250 });
    expect(placed.status).toBe(201);
    expect(placed.body).toEqual({
      id: placed.body.id,
      marketId: two.marketId,
      outcomeId: two.outcomeIds[0],
      points: 250,
      probability: 0.5,
      status: 'placed',
      payoutPoints: null,
      reputationDelta: null,
      placedAt: expect.any(String),
      settledAt: null,
    });
    expect(await wallet(ana)).toBe(750);
    const bySlug = await api.ask('POST', `/markets/${two.marketId.replace('_', '-')}/forecasts`, {
      token: ben.token,
      body: { outcomeId: two.outcomeIds[1], points: 1 },
    });
    expect(bySlug.body).toMatchObject({ marketId: two.marketId, probability: 1 / 252 });
    expect((await mine(ana)).body).toMatchObject({ data: [placed.body], pagination: { total: 1 } });
    expect((await mine(ana, `?market=${newId('market')}`)).body.data).toEqual([]);
    expect((await mine(ana, '?status=won')).body.data).toEqual([]);
    expect(list((await mine(ben)).body.data).map(({ id }) => id)).toEqual([bySlug.body.id]);
    expect((await api.ask('GET', '/forecasts')).status).toBe(401);
  });

  it('refuses what no forecast can be', async () => {
    const two = await market();
    const ana = await forecaster(20_000);
    const bodies: object[] = [
      { points: 0 },
      { points: -5 },
      { points: 0.5 },
      { points: '10' },
      { points: null },
      { points: 2 ** 53 },
      { outcomeId: two.marketId },
      { outcomeId: undefined },
      { userId: ana.userId },
      { probability: 0.01 },
    ];
    for (const body of bodies)
      expect([body, ...outcomeOf(await place(two, ana, body))]).toEqual([body, 422, 'validation_failed']);
    expect(outcomeOf(await place(two, ana, {}, { raw: '{"points": ' }))).toEqual([400, 'malformed_json']);
    expect(outcomeOf(await place(two, ana, {}, { raw: 'x', headers: { 'Content-Type': 'text/plain' } }))).toEqual([
      415,
      'unsupported_media_type',
    ]);
    expect(await wallet(ana)).toBe(20_000);
  });

  it('refuses what the market and the wallet do not allow', async () => {
    const [open, other, suspended, closed, closing] = [
      await market({ maxPointsPerUser: 100 }),
      await market(),
      await market({ status: 'suspended' }),
      await market({ status: 'closed' }),
      await market({ closesInMs: 0 }),
    ];
    const ana = await forecaster(50);
    const outcomeId = other.outcomeIds[0];
    expect(outcomeOf(await place(open, ana, { points: 51 }))).toEqual([409, 'insufficient_funds']);
    expect(outcomeOf(await place(open, ana, { points: 101 }))).toEqual([422, 'points_out_of_range']);
    expect(outcomeOf(await place(open, ana, { outcomeId }))).toEqual([422, 'outcome_not_in_market']);
    expect(outcomeOf(await place(suspended, ana))).toEqual([409, 'market_not_open']);
    expect(outcomeOf(await place(closed, ana))).toEqual([409, 'market_closed']);
    expect(outcomeOf(await place(closing, ana))).toEqual([409, 'market_closed']);
    expect(outcomeOf(await place({ ...open, marketId: newId('market') }, ana))).toEqual([404, 'market_not_found']);
    const nowhere = await api.ask('POST', '/markets/no-such-slug/forecasts', {
      token: ana.token,
      body: { outcomeId, points: 1 },
    });
    expect(outcomeOf(nowhere)).toEqual([404, 'market_not_found']);
    expect(await wallet(ana)).toBe(50);
  });

  it('is there once: a repetition is refused, and with its key it is the first answer again', async () => {
    const two = await market();
    const ana = await forecaster();
    const key = crypto.randomUUID();
    const [first, second] = [await place(two, ana, {}, { key }), await place(two, ana, {}, { key })];
    expect([first.status, second.status, second.headers.get('Idempotent-Replayed')]).toEqual([201, 201, 'true']);
    expect(second.body).toEqual(first.body);
    expect(outcomeOf(await place(two, ana))).toEqual([409, 'already_forecast']);
    expect(outcomeOf(await place(two, ana, { points: 11 }, { key }))).toEqual([422, 'idempotency_key_reused']);
    expect(await wallet(ana)).toBe(990);
  });

  it('places each once of many that come together', async () => {
    const two = await market();
    const forecasters = await Promise.all(Array.from({ length: 20 }, () => forecaster(100)));
    const answers = await Promise.all([...forecasters, ...forecasters].map((each) => place(two, each)));
    const statuses = answers.map(({ status }) => status);
    expect([201, 409].map((status) => statuses.filter((each) => each === status).length)).toEqual([20, 20]);
  });

  it('is for active accounts, and a limited one stakes little', async () => {
    const two = await market();
    const [visitor, suspended, limited] = [await forecaster(), await forecaster(), await forecaster()];
    expect(outcomeOf(await place(two, { ...visitor, token: 'x' }))).toEqual([401, 'unauthenticated']);
    await api.sql(`update user_account set status = 'suspended' where id = ?`, [suspended.userId]);
    expect((await place(two, suspended)).status).toBe(401);
    await api.sql('update user_account set limited_at = now() where id = ?', [limited.userId]);
    expect((await place(two, limited, { points: 101 })).body).toMatchObject({
      code: 'points_out_of_range',
      detail: 'A forecast here takes 1 to 100 points.',
    });
    expect((await place(two, limited, { points: 100 })).status).toBe(201);
  });
});

describe('what everybody sees of a market', () => {
  it('is its history at equal steps, carried on, with an ETag', async () => {
    const two = await market();
    const [yes, no] = two.outcomeIds;
    await api.sql(`update market set created_at = now() - interval '1 day' where id = ?`, [two.marketId]);
    await api.sql(
      `insert into market_history (market_id, minute, outcome_id, total_points)
       values (?, date_trunc('minute', now() - interval '12 hours'), ?, 30),
         (?, date_trunc('minute', now() - interval '6 hours'), ?, 10)`,
      [two.marketId, yes, two.marketId, no],
    );
    const path = `/markets/${two.marketId}/history`;
    const answer = await api.app.request(`/api/v1${path}?points=5`);
    expect(answer.status).toBe(200);
    const { outcomes } = (await answer.json()) as { outcomes: { points: { totalPoints: number }[] }[] };
    const totals = outcomes.map(({ points }) => points.map(({ totalPoints }) => totalPoints));
    expect(totals).toEqual([
      [0, 0, expect.any(Number), 30, 30],
      [0, 0, 0, expect.any(Number), 10],
    ]);
    const again = await api.ask('GET', `${path}?points=5`, {
      headers: { 'If-None-Match': answer.headers.get('ETag') ?? '' },
    });
    expect(again.status).toBe(304);
    expect((await api.ask('GET', `${path}?points=501`)).status).toBe(422);
    expect((await api.ask('GET', `/markets/${newId('market')}/history`)).status).toBe(404);
  });

  it('is the feed, newest first, by market, by user and of whom one follows', async () => {
    const two = await market();
    const [ana, ben, eve] = [await forecaster(), await forecaster(), await forecaster()];
    await place(two, ana);
    await place(two, ben);
    await api.sql('insert into follow (follower_id, followed_id) values (?, ?)', [eve.userId, ana.userId]);
    const feed = async (query: string, token?: string) => {
      const { body } = await api.ask('GET', `/activities?${query}`, token === undefined ? {} : { token });
      return { users: list(body.data).map(({ user }) => user.id), next: body.nextCursor };
    };
    const first = await feed(`market=${two.marketId}&limit=1`);
    expect(first.users).toEqual([ben.userId]);
    expect(await feed(`market=${two.marketId}&limit=1&cursor=${first.next}`)).toEqual({
      users: [ana.userId],
      next: null,
    });
    expect((await feed(`user=${ana.userId}`)).users).toEqual([ana.userId]);
    expect((await feed('following=true', eve.token)).users).toEqual([ana.userId]);
    expect((await api.ask('GET', '/activities?following=true')).status).toBe(401);
    expect((await api.ask('GET', '/activities?market=x')).status).toBe(422);
  });
});

type MarketEvent = { id: number; event: string; data: object };

/** Reads events one after the other; null once there are no more. */
async function listen(marketId: string, headers: Record<string, string> = {}) {
  const { body, headers: answered } = await api.app.request(`/api/v1/stream?market=${marketId}`, { headers });
  if (!body) throw new Error('no stream');
  const reader: ReadableStreamDefaultReader<Uint8Array> = body.getReader();
  return {
    type: answered.get('Content-Type'),
    async next(): Promise<MarketEvent | null> {
      const { value } = await reader.read();
      if (!value) return null;
      const [, event = '', id = '', data = ''] =
        /^event: (.*)\nid: (.*)\ndata: (.*)\n\n$/.exec(new TextDecoder().decode(value)) ?? [];
      return { id: Number(id), event, data: JSON.parse(data) as object };
    },
    close: () => reader.cancel(),
  };
}

describe('GET /stream', () => {
  it('tells of a market now and whenever it changes, and goes on where a client stopped', async () => {
    const two = await market();
    const ana = await forecaster();
    const stream = await listen(two.marketId);
    expect(stream.type).toBe('text/event-stream');
    const first = await stream.next();
    expect(first).toMatchObject({ event: 'market', data: { id: two.marketId, status: 'open', poolPoints: 0 } });
    await place(two, ana, { points: 98 });
    const second = await stream.next();
    expect(second?.data).toEqual({
      id: two.marketId,
      status: 'open',
      poolPoints: 98,
      outcomes: [
        { id: two.outcomeIds[0], totalPoints: 98, probability: 0.99 },
        { id: two.outcomeIds[1], totalPoints: 0, probability: 0.01 },
      ],
    });
    expect(second?.id).toBeGreaterThan(first?.id ?? 0);
    await stream.close();
    const resumed = await listen(two.marketId, { 'Last-Event-ID': String(second?.id) });
    await api.sql(`update market set status = 'suspended', version = version + 1 where id = ?`, [two.marketId]);
    expect(await resumed.next()).toMatchObject({ data: { status: 'suspended' } });
    const behind = await listen(two.marketId, { 'Last-Event-ID': String(first?.id) });
    expect(await behind.next()).toMatchObject({ data: { status: 'suspended' } });
    // As a shutdown does.
    api.deps.live.close();
    expect([await resumed.next(), await behind.next()]).toEqual([null, null]);
    expect((await api.ask('GET', `/stream?market=${two.marketId}`)).body.code).toBe('service_unavailable');
    expect((await api.ask('GET', `/stream?market=${newId('market')}`)).body.code).toBe('market_not_found');
  });
});
