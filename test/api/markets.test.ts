/** Markets over HTTP on a real database: created once and found by everyone. */

import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { OutcomeUnknownError } from '../../api/errors.ts';
import { close, createMarket, forecast, question } from './support/market-life.ts';
import { createTestApi, type Json, list, type TestApi } from './support/test-api.ts';

let api: TestApi;
let moderator: string;
let admin: string;
let buyer: string;

beforeAll(async () => {
  api = await createTestApi();
  [moderator, admin, buyer] = await Promise.all([api.signIn('moderator'), api.signIn('admin'), api.signIn('buyer')]);
});
afterAll(() => api.close());
beforeEach(() => {
  api.gateway.before = () => {};
});

const create = (body: object, key: string, token = moderator) => api.ask('POST', '/markets', { token, key, body });

describe('POST /markets', () => {
  it('answers with the market, open, every outcome worth the same', async () => {
    const body = question({ outcomes: ['Yes', 'No', 'Drizzle'], maxPointsPerUser: 50, metadata: { station: 3 } });
    const created = await create(body, 'first');
    expect(created.status).toBe(201);
    expect(created.headers.get('Location')).toBe(`/api/v1/markets/${created.body.id}`);
    expect(created.body).toMatchObject({
      slug: 'will-it-rain-in-manila-tomorrow',
      title: body.title,
      channel: 'pilimarket',
      status: 'open',
      closesAt: body.closesAt,
      createdBy: { displayName: 'Mo Moderator' },
      maxPointsPerUser: 50,
      poolPoints: 0,
      forecasts: 0,
      outcomes: ['Yes', 'No', 'Drizzle'].map((name) => ({ name, totalPoints: 0, forecasts: 0, probability: 1 / 3 })),
      proposal: null,
      challenge: null,
      resolution: null,
      next: { kind: 'close', at: body.closesAt },
      metadata: { station: 3 },
      settledAt: null,
      version: 1,
    });
  });

  it('is one market for a key, also when the stored answer is gone, and another for another key', async () => {
    const body = question({ title: 'Is this asked once only?' });
    const first = await create(body, 'once');
    const again = await create(body, 'once');
    expect([again.status, again.headers.get('Idempotent-Replayed')]).toEqual([201, 'true']);
    expect(again.body).toEqual(first.body);
    await api.sql(`delete from idempotency_key`);
    expect((await create(body, 'once')).body.id).toBe(first.body.id);
    const other = await create(body, 'twice');
    expect([other.status, other.body.id === first.body.id]).toEqual([201, false]);
    expect(other.body.slug).not.toBe(first.body.slug);
    expect(other.body.slug.startsWith(first.body.slug)).toBe(true);
    expect((await create(body, 'once', admin)).body.id).not.toBe(first.body.id);
  });

  it('takes the channel’s rules, but for the windows that this market has of its own', async () => {
    const { id } = await createMarket(api, admin, { policy: { challengeWindowMs: 60_000 } });
    const [row] = await api.sql<{ policy: object }>(`select policy from market where id = ?`, [id]);
    expect(row?.policy).toMatchObject({ challengeWindowMs: 60_000, rakeBps: 0, maxOutcomes: 20 });
  });

  it('says where the market will show when its workflow takes long', async () => {
    api.gateway.before = ({ target }) => Promise.reject(new OutcomeUnknownError(`/api/v1/markets/${target}`));
    const unknown = await create(question(), 'slow');
    expect([unknown.status, unknown.body.location]).toEqual([202, unknown.headers.get('Location')]);
    api.gateway.before = () => {};
    expect((await create(question(), 'slow')).headers.get('Location')).toBe(unknown.body.location);
  });
});

describe('GET /markets/{idOrSlug}', () => {
  it('shows the same to everyone, by id and by slug, and says when it has not changed', async () => {
    const market = await createMarket(api, moderator, { title: 'Can everybody read this?' });
    const byId = await api.ask('GET', `/markets/${market.id}`);
    expect([byId.status, byId.body]).toEqual([200, market]);
    expect((await api.ask('GET', `/markets/${market.slug}`, { token: buyer })).body).toEqual(market);
    expect(byId.headers.get('Cache-Control')).toBe('public, max-age=2, must-revalidate');
    const etag = byId.headers.get('ETag') ?? '';
    const unchanged = await api.ask('GET', `/markets/${market.id}`, { headers: { 'If-None-Match': etag } });
    expect([unchanged.status, unchanged.headers.get('Cache-Control')]).toEqual([
      304,
      byId.headers.get('Cache-Control'),
    ]);
    await forecast(api, 'buyer', market, 1, 30);
    const changed = await api.ask('GET', `/markets/${market.id}`, { headers: { 'If-None-Match': etag } });
    expect(changed.body).toMatchObject({
      poolPoints: 30,
      forecasts: 1,
      outcomes: [
        { totalPoints: 0, forecasts: 0, probability: 1 / 32 },
        { totalPoints: 30, forecasts: 1, probability: 31 / 32 },
      ],
    });
  });

  it('is closed from the instant it closes on, whatever its workflow has come to', async () => {
    const market = await createMarket(api, moderator);
    await api.sql(`update market set closes_at = now(), next_action_at = now() where id = ?`, [market.id]);
    const { body } = await api.ask('GET', `/markets/${market.id}`);
    expect(body).toMatchObject({ status: 'closed', next: { kind: 'close', text: expect.stringContaining('closing') } });
    expect(list(body.canChange)).toContainEqual({ by: 'moderator', move: 'resolution' });
  });
});

describe('GET /markets', () => {
  const titles = (body: Json): string[] => list(body.data).map(({ title }) => title);
  const found = async (query: string): Promise<string[]> =>
    titles((await api.ask('GET', `/markets?category=sports&${query}`)).body);
  const inHours = (hours: number) => new Date(Date.now() + hours * 3_600_000).toISOString();
  const [first, second, third] = ['Will the Azkals win?', 'Will Gilas win 100% of its games?', 'Who wins the UAAP?'];

  beforeAll(async () => {
    const ask = (title: string, hours: number, more: object = {}) =>
      createMarket(api, moderator, { title, category: 'sports', closesAt: inHours(hours), ...more });
    const markets = [await ask(first, 3), await ask(second, 1), await ask(third, 2, { description: 'A_B' })];
    const points = [20, 300, 50];
    for (const [index, market] of markets.entries()) await forecast(api, 'seller', market, 0, points[index]);
    await close(api, await ask('Did they win?', 4));
  });

  it('are sorted by volume, by closing and by age, either way round', async () => {
    expect((await found('sort=volume')).slice(0, 3)).toEqual([second, third, first]);
    expect((await found('sort=volume&order=asc')).slice(1)).toEqual([first, third, second]);
    expect(await found('sort=closing_soon')).toEqual([second, third, first, 'Did they win?']);
    expect((await found('sort=closing_soon&order=desc'))[0]).toBe(first);
    expect(await found('')).toEqual(['Did they win?', third, second, first]);
    expect(await found('order=asc')).toEqual([first, second, third, 'Did they win?']);
  });

  it('are found by status, channel and words, where no sign stands for any other', async () => {
    expect(await found('status=open&sort=newest')).toEqual([third, second, first]);
    expect(await found('status=closed')).toEqual(['Did they win?']);
    expect(await found('status=suspended')).toEqual([]);
    expect(await found('channel=multi-vendor')).toEqual([]);
    expect(await found('q=GILAS')).toEqual([second]);
    expect(await found('q=%25')).toEqual([second]);
    expect(await found('q=a_b')).toEqual([third]);
  });

  it('come page by page', async () => {
    const { body } = await api.ask('GET', '/markets?category=sports&limit=2&page=2');
    expect(body).toMatchObject({
      data: [{ title: second }, { title: first, poolPoints: 20 }],
      pagination: { page: 2, limit: 2, total: 4, pages: 2 },
    });
  });

  it.each(['?sort=cheapest', '?category=weather', '?status=running', '?page=0', '?order=up', '?mine=true'])(
    'refuse %s',
    async (query) => {
      const refused = await api.ask('GET', `/markets${query}`);
      expect([refused.status, refused.body.code]).toEqual([422, 'validation_failed']);
    },
  );
});
