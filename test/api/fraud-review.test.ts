/** Reviewing fraud: flags come by themselves, and only a person, who is not concerned, ever decides about an account. */

import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { insertMarket } from '../../bench/markets/market-rows.ts';
import { addForecasters } from '../../bench/markets/stakes.ts';
import { flagUnrecoveredChips } from '../../db/fraud/flags.ts';
import { newId } from '../../db/new-id.ts';
import { waitFor } from '../../dev/client/wait-for.ts';
import type { UserId } from '../../domain/ids.ts';
import { BEHIND_A_PROXY, createPeople, type People } from './support/people.ts';
import { createTestApi, list, type TestApi } from './support/test-api.ts';

type Flag = { id: string; rule: string; severity: string; status: string };

let api: TestApi;
let people: People;
let moderator: string;
let admin: string;
beforeAll(async () => {
  api = await createTestApi(BEHIND_A_PROXY);
  people = createPeople(api);
  [moderator, admin] = await Promise.all([api.signIn('moderator'), api.signIn('admin')]);
});
afterAll(() => api.close());

const em = () => api.deps.orm.em.fork();
const first = <Item>(items: readonly Item[]): Item => {
  const [item] = items;
  if (item === undefined) throw new Error('nothing there');
  return item;
};
const latestFlag = async (userId: UserId) =>
  first(await api.sql<Flag>('select * from fraud_flag where user_id = ? order by id desc', [userId])).id;

describe('the check behind a forecast', () => {
  it('sees the devices of two requests', async () => {
    const market = await insertMarket(em());
    const headers = { 'X-Device-Id': 'the-one-phone-of-both' };
    const ids: UserId[] = [];
    for (const outcomeId of market.outcomeIds) {
      const { id: userId, token } = await people.join('Ada', { headers });
      await api.sql(`select ledger_post(?::jsonb)`, [JSON.stringify([gift(userId)])]);
      const body = { outcomeId, points: 10 };
      const answer = await api.ask('POST', `/markets/${market.marketId}/forecasts`, { token, body, headers });
      expect(answer.status).toBe(201);
      ids.push(userId);
    }
    const found = await waitFor(
      'the forecasts are judged',
      () => api.sql<{ user_id: UserId }>(`select user_id from fraud_flag where rule = 'both_sides_of_market'`),
      (flags) => flags.length > 0,
    );
    expect(new Set(found.map((flag) => flag.user_id))).toEqual(new Set(ids));
  });
});

describe('a review', () => {
  const decide = (
    id: string,
    outcome: string,
    { token = moderator, note = 'Looked into it.', key = undefined as string | undefined } = {},
  ) => api.ask('POST', `/admin/fraud-flags/${id}/decision`, { token, body: { outcome, note }, ...(key && { key }) });
  const flagged = async (userId?: UserId) => {
    const user = userId ?? first(await addForecasters(em(), 1, 0));
    const purchaseId = newId('purchase');
    await flagUnrecoveredChips(em(), { userId: user, purchaseId, missing: 5, event: 'dp_x' });
    return { user, id: await latestFlag(user) };
  };
  const account = async (user: UserId) =>
    first(
      await api.sql<{ status: string; limited: boolean }>(
        'select status, limited_at is not null as limited from user_account where id = ?',
        [user],
      ),
    );

  it('limits, answers a repeat alike, refuses another decision, and lifts', async () => {
    const { user, id } = await flagged();
    const limited = await decide(id, 'limit');
    expect(limited.status).toBe(200);
    expect(limited.body).toMatchObject({
      status: 'limited',
      decision: { note: 'Looked into it.' },
      decisions: [{ outcome: 'limit' }],
      user: { id: user, status: 'active' },
    });
    expect(await account(user)).toEqual({ status: 'active', limited: true });
    expect((await decide(id, 'limit')).body).toEqual(limited.body);
    const again = await decide(id, 'suspend');
    expect([again.status, again.body.code]).toEqual([409, 'already_decided']);

    // Another flag that is cleared leaves what the first has led to.
    const { id: second } = await flagged(user);
    expect((await decide(second, 'clear')).status).toBe(200);
    expect(await account(user)).toEqual({ status: 'active', limited: true });
    expect((await decide(id, 'lift', { note: 'It was her sister.' })).body).toMatchObject({
      status: 'cleared',
      decisions: [{ outcome: 'limit' }, { outcome: 'lift' }],
      otherFlags: [{ id: second, status: 'cleared' }],
    });
    expect(await account(user)).toEqual({ status: 'active', limited: false });
  });

  it('suspends at the next request, and lifts that too', async () => {
    const { id: userId, token, refreshToken } = await people.join('Ben');
    const { id } = await flagged(userId);
    expect((await api.ask('GET', '/me', { token })).status).toBe(200);
    expect((await decide(id, 'suspend')).status).toBe(200);
    expect((await api.ask('GET', '/me', { token })).status).toBe(401);
    expect((await api.ask('POST', '/auth/refresh', { body: { refreshToken } })).status).toBe(401);
    expect((await decide(id, 'lift')).status).toBe(200);
    expect(await account(userId)).toEqual({ status: 'active', limited: false });
    // Signed out is signed out: the old token stays worthless.
    expect((await api.ask('GET', '/me', { token })).status).toBe(401);
  });

  it('by ten moderators at once is one', async () => {
    const { id, user } = await flagged();
    const outcomes = ['clear', 'limit', 'suspend'];
    const answers = await Promise.all(
      Array.from({ length: 10 }, (_, n) => decide(id, outcomes[n % 3] ?? '', { note: `Number ${n}` })),
    );
    expect(answers.filter(({ status }) => status === 200)).toHaveLength(1);
    expect(answers.filter(({ body }) => body.code === 'already_decided')).toHaveLength(9);
    expect(await api.sql('select * from fraud_decision where user_id = ?', [user])).toHaveLength(1);
  });

  it('is for moderators, about others, and only admins decide about them', async () => {
    const { id } = await flagged();
    const [buyer, own] = await Promise.all([api.signIn('buyer'), idOf('moderator')]);
    const routes = [
      ['GET', '/admin/fraud-flags'],
      ['GET', `/admin/fraud-flags/${id}`],
      ['POST', `/admin/fraud-flags/${id}/decision`],
    ] as const;
    for (const [method, path] of routes) {
      const body = method === 'POST' ? { outcome: 'clear', note: 'x' } : undefined;
      expect((await api.ask(method, path, { token: buyer, body })).status).toBe(403);
      expect((await api.ask(method, path, { body })).status).toBe(401);
    }
    const { id: mine } = await flagged(own);
    expect((await decide(mine, 'clear')).body.code).toBe('forbidden');
    const { id: ofAdmin } = await flagged(await idOf('admin'));
    expect((await decide(ofAdmin, 'suspend')).body.code).toBe('forbidden');
    expect((await decide(ofAdmin, 'suspend', { token: admin })).body.code).toBe('forbidden');
    expect((await decide(mine, 'clear', { token: admin })).status).toBe(200);
  });

  it('is decided once with its key, and says what is wrong', async () => {
    const { id } = await flagged();
    const unknown = newId('flag');
    expect((await decide(unknown, 'clear')).body.code).toBe('flag_not_found');
    expect((await api.ask('GET', `/admin/fraud-flags/${unknown}`, { token: moderator })).body.code).toBe(
      'flag_not_found',
    );
    expect((await api.ask('GET', '/admin/fraud-flags/flg_x', { token: moderator })).status).toBe(404);
    expect((await decide(id, 'ban')).status).toBe(422);
    expect((await decide(id, 'clear', { note: '  ' })).status).toBe(422);
    const firstTime = await decide(id, 'clear', { key: 'key-of-the-review' });
    const replay = await decide(id, 'clear', { key: 'key-of-the-review' });
    expect([firstTime.status, replay.headers.get('Idempotent-Replayed')]).toEqual([200, 'true']);
  });

  it('begins with a list: open ones first, severe ones before, by status, rule and severity', async () => {
    const all = await api.ask('GET', '/admin/fraud-flags?limit=100', { token: moderator });
    expect(all.status).toBe(200);
    const order = list(all.body.data).map((flag) => JSON.parse(JSON.stringify(flag)) as Flag);
    const rank = ({ status, severity }: Flag) =>
      (status === 'open' ? 0 : 10) + ['high', 'medium', 'low'].indexOf(severity);
    expect(order.map(rank)).toEqual(order.map(rank).toSorted((a, b) => a - b));
    const some = await api.ask('GET', '/admin/fraud-flags?status=cleared&rule=unrecovered_chips&severity=medium', {
      token: moderator,
    });
    const expected = order.filter((flag) => flag.status === 'cleared' && flag.rule === 'unrecovered_chips');
    expect(expected.length).toBeGreaterThan(1);
    expect(list(some.body.data).map(({ id }) => id)).toEqual(expected.map(({ id }) => id));
    for (const wrong of ['status=new', 'rule=x', 'severity=1', 'page=0', 'x=1']) {
      expect((await api.ask('GET', `/admin/fraud-flags?${wrong}`, { token: moderator })).status).toBe(422);
    }
    expect(JSON.stringify(all.body)).not.toMatch(/passwordHash|@forecasters/);
  });
});

async function idOf(name: string): Promise<UserId> {
  const rows = await api.sql<{ id: UserId }>('select id from user_account where email = ?', [`${name}@holdfast.test`]);
  return first(rows).id;
}

function gift(userId: UserId) {
  const line = (accountName: string, amountMinor: number) => ({ account: accountName, currency: 'CHIP', amountMinor });
  return {
    key: `gift/${userId}`,
    kind: 'chips_bought',
    lines: [line('chips:issued', -100), line(`chips:wallet:${userId}`, 100)],
  };
}
