/** What is refused about markets: by shape, by role, by state and by clock; and nothing has changed then. */

import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { ApiError } from '../../api/errors.ts';
import { newId } from '../../db/new-id.ts';
import type { MarketId } from '../../domain/ids.ts';
import {
  change,
  close,
  closedMarket,
  createMarket,
  decide,
  EVIDENCE,
  forecast,
  outcomeOf,
  propose,
  question,
} from './support/market-life.ts';
import { type Answer, createTestApi, type Json, list, type TestApi } from './support/test-api.ts';

let api: TestApi;
let moderator: string;
let admin: string;
let buyer: string;
let seller: string;

beforeAll(async () => {
  api = await createTestApi();
  [moderator, admin, buyer, seller] = await Promise.all([
    api.signIn('moderator'),
    api.signIn('admin'),
    api.signIn('buyer'),
    api.signIn('seller'),
  ]);
});
afterAll(() => api.close());
const create = (body: unknown, token = moderator, key: string = newId('event')) =>
  api.ask('POST', '/markets', { token, key, body });
const refusalOf = ({ status, body }: Answer) => [status, body.code];
const pathsOf = ({ body }: Answer): string[] => list(body.errors).map(({ path }) => path);
const inDays = (days: number) => new Date(Date.now() + days * 86_400_000).toISOString();
const names = (count: number) => Array.from({ length: count }, (_, index) => `Outcome ${index}`);

describe('creating a market', () => {
  it.each([
    ['one outcome', { outcomes: ['Yes'] }, 'outcomes'],
    ['10,000 outcomes', { outcomes: names(10_000) }, 'outcomes'],
    ['two outcomes of one name', { outcomes: ['Yes', ' yes'] }, 'outcomes'],
    ['an outcome without a name', { outcomes: ['Yes', '  '] }, 'outcomes.1'],
    ['an outcome that fills a page', { outcomes: ['Yes', 'N'.repeat(81)] }, 'outcomes.1'],
    ['a title too short', { title: '  Rain?  ' }, 'title'],
    ['a title too long', { title: 'R'.repeat(201) }, 'title'],
    ['an unknown category', { category: 'weather' }, 'category'],
    ['a time beyond a year', { closesAt: inDays(370) }, 'closesAt'],
    ['a time that is none', { closesAt: 'tomorrow' }, 'closesAt'],
    ['no points at all', { maxPointsPerUser: 0 }, 'maxPointsPerUser'],
    ['half a point', { maxPointsPerUser: 1.5 }, 'maxPointsPerUser'],
    ['a window below zero', { policy: { challengeWindowMs: -1 } }, 'policy.challengeWindowMs'],
    ['no time to resolve', { policy: { resolveByMs: 0 } }, 'policy.resolveByMs'],
    ['a rake of its own', { policy: { rakeBps: 1 } }, 'policy'],
    ['nested metadata', { metadata: { a: {} } }, 'metadata.a'],
    ['a field nobody knows', { status: 'settled' }, ''],
    ['null characters', { description: 'a\u0000b' }, 'description'],
  ])('is refused with %s', async (_what, details, path) => {
    const calls = api.gateway.calls.length;
    const refused = await create(question(details));
    expect([...refusalOf(refused), ...pathsOf(refused)]).toEqual([422, 'validation_failed', path]);
    expect(api.gateway.calls).toHaveLength(calls);
  });

  it.each([
    ['more outcomes than its channel offers', { outcomes: names(21) }, 422, 'validation_failed'],
    ['more points than its channel offers', { maxPointsPerUser: 10_001 }, 422, 'validation_failed'],
    ['a time that has passed', { closesAt: inDays(-1) }, 422, 'closes_at_not_later'],
    ['a channel nobody knows', { channel: 'nowhere' }, 404, 'channel_not_found'],
    ['a channel without markets', { channel: 'fliiply' }, 422, 'markets_not_offered'],
  ])('is refused by rule with %s', async (_what, details, status, code) => {
    expect(refusalOf(await create(question(details)))).toEqual([status, code]);
  });

  it('is for moderators and administrators, with a key', async () => {
    for (const token of [buyer, seller, await api.signIn('verifier')]) {
      expect(refusalOf(await create(question(), token))).toEqual([403, 'forbidden']);
      // Who may not ask at all is told nothing about the shape.
      expect(refusalOf(await create({}, token))).toEqual([403, 'forbidden']);
    }
    const body = question();
    expect(refusalOf(await api.ask('POST', '/markets', { key: 'k', body }))).toEqual([401, 'unauthenticated']);
    const keyless = await api.ask('POST', '/markets', { token: moderator, body });
    expect(refusalOf(keyless)).toEqual([400, 'idempotency_key_required']);
    expect((await create(question(), admin)).status).toBe(201);
  });

  it('is refused for broken JSON, and for another market under a key that was used', async () => {
    const broken = await api.ask('POST', '/markets', { token: moderator, key: 'broken', raw: '{"title":' });
    expect(refusalOf(broken)).toEqual([400, 'malformed_json']);
    expect((await create(question(), moderator, 'mine')).status).toBe(201);
    const other = question({ title: 'Will it snow in Manila?' });
    expect(refusalOf(await create(other, moderator, 'mine'))).toEqual([422, 'idempotency_key_reused']);
    await api.sql(`delete from idempotency_key`);
    expect(refusalOf(await create(other, moderator, 'mine'))).toEqual([422, 'idempotency_key_reused']);
  });

  it('comes again later when nobody can take it in', async () => {
    api.gateway.before = () => Promise.reject(new ApiError('service_unavailable'));
    const refused = await create(question());
    api.gateway.before = () => {};
    expect([...refusalOf(refused), refused.headers.get('Retry-After')]).toEqual([503, 'service_unavailable', '2']);
  });
});

describe('proposing an outcome', () => {
  let market: Json;
  beforeAll(async () => {
    market = await closedMarket(api, moderator);
  });

  it.each([
    ['no evidence', { evidenceUrls: [] }, 'evidenceUrls'],
    ['words for evidence', { evidenceUrls: ['I was there'] }, 'evidenceUrls.0'],
    ['a script', { evidenceUrls: ['javascript:alert(1)'] }, 'evidenceUrls.0'],
    [
      'a script behind a URL',
      { evidenceUrls: [EVIDENCE[0], 'javascript://news.example/%0aalert(1)'] },
      'evidenceUrls.1',
    ],
    ['a file', { evidenceUrls: ['file:///etc/passwd'] }, 'evidenceUrls.0'],
    ['data', { evidenceUrls: ['data:text/html,x'] }, 'evidenceUrls.0'],
    ['a URL without a host', { evidenceUrls: ['https:news.example'] }, 'evidenceUrls.0'],
    ['a URL with somebody’s password', { evidenceUrls: ['https://me:secret@news.example/'] }, 'evidenceUrls.0'],
    ['a URL over 2,000 characters', { evidenceUrls: [`https://news.example/${'x'.repeat(2_000)}`] }, 'evidenceUrls.0'],
    ['eleven URLs', { evidenceUrls: Array.from({ length: 11 }, () => EVIDENCE[0]) }, 'evidenceUrls'],
    ['an empty note', { note: ' \n ' }, 'note'],
    ['another kind of id', { outcomeId: newId('market') }, 'outcomeId'],
    ['a field nobody knows', { proposedBy: newId('user') }, ''],
  ])('is refused with %s', async (_what, details, path) => {
    const refused = await propose(api, moderator, market, 0, details);
    expect([...refusalOf(refused), ...pathsOf(refused)]).toEqual([422, 'validation_failed', path]);
  });

  it('is refused with another market’s outcome, by who has staked on it, and by who is no moderator', async () => {
    const foreign = await createMarket(api, moderator);
    const wrong = await propose(api, moderator, market, 0, { outcomeId: outcomeOf(foreign) });
    expect(refusalOf(wrong)).toEqual([422, 'outcome_not_in_market']);
    expect(refusalOf(await propose(api, buyer, market))).toEqual([403, 'forbidden']);
    await forecast(api, 'moderator', foreign);
    await close(api, foreign);
    expect(refusalOf(await propose(api, moderator, foreign))).toEqual([403, 'resolver_conflict']);
    const calledOff = await change(api, moderator, foreign, 'cancel', { reason: 'I would lose.' });
    expect(refusalOf(calledOff)).toEqual([403, 'resolver_conflict']);
  });

  it('is refused before closing, and a second time', async () => {
    const open = await createMarket(api, moderator);
    expect(refusalOf(await propose(api, moderator, open))).toEqual([409, 'market_not_closed']);
    const twice = await closedMarket(api, moderator);
    expect((await propose(api, moderator, twice)).status).toBe(200);
    expect(refusalOf(await propose(api, admin, twice, 1))).toEqual([409, 'already_proposed']);
  });
});

describe('challenging and deciding', () => {
  it('is for those who have a forecast, while there is something to challenge, and once', async () => {
    const market = await closedMarket(api, moderator);
    const challenge = (token: string) => change(api, token, market, 'challenge', { reason: 'Look again.' });
    expect(refusalOf(await challenge(buyer))).toEqual([409, 'not_challengeable']);
    await propose(api, moderator, market);
    expect(refusalOf(await challenge(seller))).toEqual([403, 'not_a_forecaster']);
    const anonymous = await api.ask('POST', `/markets/${market.id}/challenge`, { body: { reason: 'x' } });
    expect(refusalOf(anonymous)).toEqual([401, 'unauthenticated']);
    expect(refusalOf(await change(api, buyer, market, 'challenge', { reason: '  ' }))).toEqual([
      422,
      'validation_failed',
    ]);
    expect(refusalOf(await decide(api, admin, market))).toEqual([409, 'not_challengeable']);
    expect((await challenge(buyer)).status).toBe(200);
    expect(refusalOf(await challenge(buyer))).toEqual([409, 'already_challenged']);
  });

  it('is too late after the window, for strangers and forecasters alike', async () => {
    const market = await closedMarket(api, moderator);
    await propose(api, moderator, market);
    await api.sql(`update market set next_action_at = now() - interval '1 second' where id = ?`, [market.id]);
    for (const token of [buyer, seller]) {
      const late = await change(api, token, market, 'challenge', { reason: 'Wait!' });
      expect(refusalOf(late)).toEqual([409, 'challenge_window_closed']);
    }
    await api.gateway.markets.passClock(market.id as MarketId);
    const over = await change(api, buyer, market, 'challenge', { reason: 'Wait!' });
    expect(refusalOf(over)).toEqual([409, 'market_over']);
  });

  it('is decided by another moderator, who has nothing staked, and then for good', async () => {
    const market = await createMarket(api, moderator);
    await forecast(api, 'buyer', market);
    await forecast(api, 'admin', market, 1);
    await close(api, market);
    await propose(api, moderator, market);
    await change(api, buyer, market, 'challenge', { reason: 'No.' });
    expect(refusalOf(await decide(api, moderator, market))).toEqual([403, 'same_moderator']);
    expect(refusalOf(await decide(api, admin, market))).toEqual([403, 'resolver_conflict']);
    expect(refusalOf(await decide(api, buyer, market))).toEqual([403, 'forbidden']);

    const other = await closedMarket(api, moderator);
    await propose(api, moderator, other);
    await change(api, buyer, other, 'challenge', { reason: 'No.' });
    expect((await decide(api, admin, other, 1)).status).toBe(200);
    const { body: final } = await api.ask('GET', `/markets/${other.id}`);
    const late = [
      await decide(api, admin, other, 0),
      await propose(api, admin, other, 0),
      await change(api, admin, other, 'cancel', { reason: 'x' }),
    ];
    expect(late.map(refusalOf)).toEqual(late.map(() => [409, 'market_over']));
    expect((await api.ask('GET', `/markets/${other.id}`)).body).toEqual(final);
    const changed = api.sql(`update market_resolution set note = 'x' where market_id = ?`, [other.id]);
    await expect(changed).rejects.toThrow('a resolution is final');
  });
});

describe('a market', () => {
  const CHANGES = [
    ['suspend', { reason: 'x' }],
    ['reopen', {}],
    ['cancel', { reason: 'x' }],
    ['resolution', { outcomeId: newId('outcome'), evidenceUrls: EVIDENCE, note: 'x' }],
    ['challenge', { reason: 'x' }],
    ['decision', { outcomeId: newId('outcome'), note: 'x' }],
  ] as const;

  it.each(CHANGES)('that is not there is not there for %s', async (what, body) => {
    for (const id of [newId('market'), 'mkt_x', newId('order')]) {
      const { status } = await api.ask('POST', `/markets/${id}/${what}`, { token: moderator, body });
      expect([id, status]).toEqual([id, 404]);
    }
  });

  it.each(CHANGES.filter(([what]) => what !== 'challenge'))('is not for everyone to %s', async (what, body) => {
    const id = newId('market');
    for (const token of [buyer, await api.signIn('verifier')]) {
      expect(refusalOf(await api.ask('POST', `/markets/${id}/${what}`, { token, body }))).toEqual([403, 'forbidden']);
    }
  });

  it.each(['nobody-knows-this', newId('market'), 'No', '%00', '..%2f', 'x'.repeat(121)])(
    'is not found as %s',
    async (name) => {
      expect((await api.ask('GET', `/markets/${name}`)).status).toBe(404);
      expect((await api.ask('GET', `/markets/${name}/timeline`)).status).toBe(404);
    },
  );

  it('is suspended with a reason, once, and reopened only then, until its time has come', async () => {
    const market = await createMarket(api, moderator);
    expect(refusalOf(await change(api, moderator, market, 'suspend'))).toEqual([422, 'validation_failed']);
    expect(refusalOf(await change(api, moderator, market, 'reopen'))).toEqual([409, 'market_not_suspended']);
    await change(api, moderator, market, 'suspend', { reason: 'x' });
    const again = await change(api, admin, market, 'suspend', { reason: 'x' });
    expect(refusalOf(again)).toEqual([409, 'illegal_transition']);
    await api.sql(`update market set closes_at = now(), next_action_at = now() where id = ?`, [market.id]);
    expect(refusalOf(await change(api, moderator, market, 'reopen'))).toEqual([409, 'market_closed']);
  });

  it('does not show its timeline to a token that is worth nothing', async () => {
    const { id } = await createMarket(api, moderator);
    const refused = await api.ask('GET', `/markets/${id}/timeline`, { token: 'x.y.z' });
    expect(refused.status).toBe(401);
  });
});

describe('the OpenAPI document', () => {
  it('has every route of markets, each body with an example', async () => {
    const { body } = await api.ask('GET', '//openapi.json');
    const document = JSON.parse(JSON.stringify(body)) as {
      paths: Record<string, object>;
      components: { schemas: Record<string, { example?: unknown }> };
    };
    const changes = CHANGES_OF_A_MARKET.map((what) => `/api/v1/markets/{id}/${what}`);
    const paths = ['/api/v1/markets', '/api/v1/markets/{idOrSlug}', '/api/v1/markets/{id}/timeline', ...changes];
    for (const path of [...paths, '/api/v1/admin/markets']) expect(document.paths).toHaveProperty([path]);
    for (const name of [
      'Market',
      'MarketTimeline',
      'CreateMarket',
      'ProposeResolution',
      'DecideChallenge',
      ...REASONS,
    ]) {
      expect([name, document.components.schemas[name]?.example]).toEqual([name, expect.anything()]);
    }
  });
});

const CHANGES_OF_A_MARKET = ['suspend', 'reopen', 'cancel', 'resolution', 'challenge', 'decision'];
const REASONS = ['SuspendMarket', 'CancelMarket', 'ChallengeResolution'];
