/** People among each other: following, comments and their moderation, and rewards for bringing real friends. */

import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { readConfig } from '../../api/config.ts';
import { insertMarket } from '../../bench/markets/market-rows.ts';
import { addForecasters } from '../../bench/markets/stakes.ts';
import { flagUnrecoveredChips } from '../../db/fraud/flags.ts';
import { sweep } from '../../db/fraud/sweep.ts';
import { auditLedger } from '../../db/ledger/audit.ts';
import { balanceOf } from '../../db/ledger/balances.ts';
import { newId } from '../../db/new-id.ts';
import { chipsWalletAccount } from '../../domain/accounts.ts';
import type { MarketId, UserId } from '../../domain/ids.ts';
import { insertPurchase, insertStake, insertTrace } from '../support/fraud-rows.ts';
import { type Answer, createTestApi, list, type TestApi } from './support/test-api.ts';

type Person = { id: UserId; token: string; device: string; address: string };

let api: TestApi;
let moderator: string;
let marketId: MarketId;
let ada: Person;
let ben: Person;
beforeAll(async () => {
  // One proxy in front, so that each person has an address of their own.
  const config = readConfig({ NODE_ENV: 'test', LOG_LEVEL: 'silent', HOLDFAST_TRUSTED_PROXIES: '1' });
  api = await createTestApi({ config });
  moderator = await api.signIn('moderator');
  ({ marketId } = await insertMarket(em()));
  [ada, ben] = await Promise.all([join('Ada'), join('Ben')]);
});
afterAll(() => api.close());

const em = () => api.deps.orm.em.fork();
const codeOf = ({ status, body }: Answer) => [status, body.code];
let people = 0;

async function register(displayName: string, from: { device?: string; address?: string; referralCode?: string } = {}) {
  people += 1;
  const { device = `device-of-person-${people}`, address = `203.0.113.${people}`, referralCode } = from;
  const headers = { 'X-Device-Id': device, 'X-Forwarded-For': address };
  const email = `person${people}@example.com`;
  const body = { email, password: 'correct-horse-battery', displayName, referralCode };
  return { answer: await api.ask('POST', '/auth/register', { body, headers }), email, device, address };
}

async function join(displayName: string, from: Parameters<typeof register>[1] = {}): Promise<Person> {
  const { answer, device, address } = await register(displayName, from);
  if (answer.status !== 201) throw new Error(JSON.stringify(answer.body));
  return { id: answer.body.user.id as UserId, token: answer.body.accessToken, device, address };
}

describe('following', () => {
  const follow = (person: Person, id: string, method = 'POST') =>
    api.ask(method, `/users/${id}/follow`, { token: person.token });
  const names = async (id: string, side: string, query = '') => {
    const { status, body } = await api.ask('GET', `/users/${id}/${side}${query}`);
    expect(status).toBe(200);
    return list(body.data).map(({ user }) => (JSON.parse(JSON.stringify(user)) as { displayName: string }).displayName);
  };

  it('shows both sides, once however often, and ends', async () => {
    const carl = await join('Carl');
    const twice = [await follow(ada, ben.id), await follow(ada, ben.id), await follow(carl, ben.id)];
    expect(twice.map(({ status }) => status)).toEqual([204, 204, 204]);
    expect(await names(ben.id, 'followers')).toEqual(['Carl', 'Ada']);
    expect(await names(ben.id, 'followers', '?limit=1&page=2')).toEqual(['Ada']);
    expect(await names(ada.id, 'following')).toEqual(['Ben']);
    expect((await follow(ada, ben.id, 'DELETE')).status).toBe(204);
    expect((await follow(ada, ben.id, 'DELETE')).status).toBe(204);
    expect(await names(ben.id, 'followers')).toEqual(['Carl']);
    // Whoever is suspended is not there.
    await api.sql(`update user_account set status = 'suspended' where id = ?`, [carl.id]);
    expect(await names(ben.id, 'followers')).toEqual([]);
    expect(codeOf(await follow(ada, carl.id))).toEqual([404, 'user_not_found']);
  });

  it('is of others who exist, by somebody signed in', async () => {
    expect(codeOf(await follow(ada, ada.id))).toEqual([409, 'own_account']);
    expect(codeOf(await follow(ada, newId('user')))).toEqual([404, 'user_not_found']);
    expect((await follow(ada, 'usr_x')).status).toBe(404);
    expect((await api.ask('POST', `/users/${ben.id}/follow`)).status).toBe(401);
    expect(codeOf(await api.ask('GET', `/users/${newId('user')}/followers`))).toEqual([404, 'user_not_found']);
    expect((await api.ask('GET', `/users/${ben.id}/following?limit=1000`)).status).toBe(422);
  });
});

describe('comments', () => {
  const post = (person: Person, body: unknown, key?: string) =>
    api.ask('POST', `/markets/${marketId}/comments`, { token: person.token, body: { body }, ...(key && { key }) });
  const posted = async (person: Person, text: string) => (await post(person, text)).body.id;
  const read = async (token?: string, query = '') =>
    (await api.ask('GET', `/markets/${marketId}/comments${query}`, { ...(token && { token }) })).body;
  const bodies = async (token?: string) => list((await read(token)).data).map(({ body }) => body);
  const act = (person: { token: string } | null, method: string, path: string, body?: unknown) =>
    api.ask(method, `/comments/${path}`, { ...(person && { token: person.token }), body });
  const reported = async () =>
    list((await api.ask('GET', '/admin/comments?reported=true', { token: moderator })).body.data).map(
      (each) => JSON.parse(JSON.stringify(each)) as { id: string; reports: number; reasons: { reason: string }[] },
    );

  it('are text, exactly as written, newest first and page by page, and told of in the feed', async () => {
    const markup = '<script>alert(1)</script> & "quotes" \u{1F600}\nsecond line';
    const first = await post(ada, `  ${markup}  `);
    expect(first.status).toBe(201);
    expect(first.body).toMatchObject({
      body: markup,
      status: 'visible',
      marketId,
      author: { id: ada.id, displayName: 'Ada' },
    });
    expect(await api.sql('select body from market_comment where id = ?', [first.body.id])).toEqual([{ body: markup }]);
    const second = await posted(ben, 'Second');
    const page = await read(undefined, '?limit=1');
    expect(list(page.data).map(({ id }) => id)).toEqual([second]);
    const rest = await read(undefined, `?limit=1&cursor=${page.nextCursor}`);
    expect([list(rest.data).map(({ id }) => id), rest.nextCursor]).toEqual([[first.body.id], null]);
    expect(
      await api.sql(`select user_id, data from activity where type = 'comment_posted' and market_id = ? order by seq`, [
        marketId,
      ]),
    ).toEqual([
      { user_id: ada.id, data: { commentId: first.body.id } },
      { user_id: ben.id, data: { commentId: second } },
    ]);
  });

  it('are one for each key', async () => {
    const [a, b] = [await post(ada, 'Once', 'key-of-comment'), await post(ada, 'Once', 'key-of-comment')];
    expect([b.body.id, b.headers.get('Idempotent-Replayed')]).toEqual([a.body.id, 'true']);
    expect(codeOf(await post(ada, 'Other', 'key-of-comment'))).toEqual([422, 'idempotency_key_reused']);
  });

  it.each<[string, unknown, number]>([
    ['nothing', '', 422],
    ['blanks', ' \n ', 422],
    ['one character', 'x', 201],
    ['5,000 characters', 'x'.repeat(5_000), 201],
    ['5,001 characters', 'x'.repeat(5_001), 422],
    ['a null character', 'a\0b', 422],
    ['a number', 7, 422],
  ])('of %s', async (_title, body, status) => {
    expect((await post(ada, body)).status).toBe(status);
  });

  it('are of a market that exists, by somebody signed in', async () => {
    const unknown = `/markets/${newId('market')}/comments`;
    expect(codeOf(await api.ask('POST', unknown, { token: ada.token, body: { body: 'x' } }))).toEqual([
      404,
      'market_not_found',
    ]);
    expect(codeOf(await api.ask('GET', unknown))).toEqual([404, 'market_not_found']);
    expect((await api.ask('POST', `/markets/${marketId}/comments`, { body: { body: 'x' } })).status).toBe(401);
    expect((await api.ask('GET', `/markets/${marketId}/comments`, { token: 'not-a-token' })).status).toBe(401);
  });

  it('are deleted by their author alone, and then nobody sees them', async () => {
    const id = await posted(ada, 'To be deleted');
    expect((await act(ben, 'DELETE', id)).body.code).toBe('forbidden');
    expect((await act({ token: moderator }, 'DELETE', id)).body.code).toBe('forbidden');
    expect((await act(null, 'DELETE', id)).status).toBe(401);
    expect((await act(ada, 'DELETE', id)).status).toBe(204);
    expect((await act(ada, 'DELETE', id)).status).toBe(204);
    for (const token of [undefined, ada.token, moderator]) expect(await bodies(token)).not.toContain('To be deleted');
    expect(codeOf(await act(ben, 'DELETE', id))).toEqual([404, 'comment_not_found']);
    expect(codeOf(await act({ token: moderator }, 'POST', `${id}/show`))).toEqual([404, 'comment_not_found']);
    expect(codeOf(await act(ada, 'DELETE', newId('comment')))).toEqual([404, 'comment_not_found']);
  });

  it('are reported once by each, whoever else does, and never by their author', async () => {
    const id = await posted(ada, 'To be reported');
    const report = (person: Person, reason = 'Rude') => act(person, 'POST', `${id}/report`, { reason });
    const answers = await Promise.all([
      ...Array.from({ length: 5 }, () => report(ben)),
      report(await join('Dora'), 'Spam'),
    ]);
    expect(answers.map(({ status }) => status)).toEqual(Array(6).fill(204));
    expect((await reported()).find((each) => each.id === id)).toMatchObject({ reports: 2 });
    expect(codeOf(await report(ada))).toEqual([409, 'own_account']);
    expect((await report(ben, '')).status).toBe(422);
    expect((await act(null, 'POST', `${id}/report`, { reason: 'x' })).status).toBe(401);

    // Found in order: it leaves the queue, and only a new voice brings it back.
    expect((await act({ token: moderator }, 'POST', `${id}/show`)).status).toBe(200);
    expect((await reported()).some((each) => each.id === id)).toBe(false);
    await report(ben);
    expect((await reported()).some((each) => each.id === id)).toBe(false);
    await report(await join('Emil'), 'Rude indeed');
    const [back] = (await reported()).filter((each) => each.id === id);
    expect([back?.reports, back?.reasons[0]?.reason]).toEqual([1, 'Rude indeed']);
  });

  it('are hidden and shown by moderators; meanwhile only their author and moderators see them', async () => {
    const id = await posted(ada, 'To be hidden');
    const hide = (token: string, reason = 'Insults') => act({ token }, 'POST', `${id}/hide`, { reason });
    expect(codeOf(await hide(ben.token))).toEqual([403, 'forbidden']);
    expect((await hide(moderator, '')).status).toBe(422);
    const hidden = await hide(moderator);
    expect(hidden.body).toMatchObject({ status: 'hidden', hiddenReason: 'Insults', body: 'To be hidden' });
    expect((await hide(moderator)).status).toBe(200);
    expect(await bodies()).not.toContain('To be hidden');
    expect(await bodies(ben.token)).not.toContain('To be hidden');
    for (const token of [ada.token, moderator]) {
      const seen = list((await read(token)).data).find((each) => each.id === id);
      expect(seen).toMatchObject({ status: 'hidden', hiddenReason: 'Insults' });
    }
    expect(codeOf(await act(ben, 'POST', `${id}/report`, { reason: 'x' }))).toEqual([404, 'comment_not_found']);
    expect((await act({ token: moderator }, 'POST', `${id}/show`)).body).toMatchObject({
      status: 'visible',
      hiddenReason: null,
    });
    expect(await bodies()).toContain('To be hidden');
    const facts = await api.sql('select type, actor_role, data from domain_event where subject_id = ? order by seq', [
      id,
    ]);
    expect(facts).toEqual([
      { type: 'comment.hidden', actor_role: 'moderator', data: { reason: 'Insults' } },
      { type: 'comment.shown', actor_role: 'moderator', data: {} },
    ]);
  });

  it('are listed for moderators alone', async () => {
    expect(codeOf(await api.ask('GET', '/admin/comments', { token: ben.token }))).toEqual([403, 'forbidden']);
    expect((await api.ask('GET', '/admin/comments')).status).toBe(401);
    const all = await api.ask('GET', '/admin/comments?status=deleted', { token: moderator });
    expect(all.body.pagination.total).toBe(1);
    expect((await api.ask('GET', '/admin/comments?reported=yes', { token: moderator })).status).toBe(422);
  });
});

describe('a referral', () => {
  type Mine = { code: string; friends: { displayName: string; status: string }[]; totals: object; reward: object };
  const mine = async (person: Person) => {
    const { status, body } = await api.ask('GET', '/referral', { token: person.token });
    expect(status).toBe(200);
    return JSON.parse(JSON.stringify(body)) as Mine;
  };
  const chipsOf = (person: Person) => balanceOf(em(), chipsWalletAccount(person.id), 'CHIP');
  /** A purchase and forecasts on markets of their own. */
  const becomeReal = async (friend: Person, { forecasts = 3, completed = true } = {}) => {
    await insertPurchase(em(), friend.id, { completed });
    for (let n = 0; n < forecasts; n += 1) await insertStake(em(), await insertMarket(em()), friend.id, 0);
  };
  const couple = async (from: Parameters<typeof register>[1] = {}) => {
    const referrer = await join('Referrer');
    const { code } = await mine(referrer);
    return { referrer, friend: await join('Friend', { ...from, referralCode: code }) };
  };

  it('begins with a code that stays, and a friend who types it somehow', async () => {
    const referrer = await join('Referrer');
    const [{ code }, again] = await Promise.all([mine(referrer), mine(referrer)]);
    expect(code).toMatch(/^[2-9A-HJKMNP-TW-Z]{8}$/);
    expect(again.code).toBe(code);
    await join('Frieda', { referralCode: ` ${code.slice(0, 4).toLowerCase()}-${code.slice(4)} ` });
    expect(await mine(referrer)).toMatchObject({
      reward: { chips: 50, afterPurchases: 1, afterForecasts: 3 },
      friends: [{ displayName: 'Frieda', status: 'waiting' }],
      totals: { friends: 1, rewarded: 0, chips: 0 },
    });
    expect((await api.ask('GET', '/referral')).status).toBe(401);
  });

  it('with a code that nobody has makes no account', async () => {
    const { answer, email } = await register('Lost', { referralCode: 'ZZZZZZZZ' });
    expect(codeOf(answer)).toEqual([422, 'referral_code_unknown']);
    expect(await api.sql('select id from user_account where email = ?', [email])).toEqual([]);
    const suspended = await join('Suspended');
    const { code } = await mine(suspended);
    await api.sql(`update user_account set status = 'suspended' where id = ?`, [suspended.id]);
    expect(codeOf((await register('Lost', { referralCode: code })).answer)).toEqual([422, 'referral_code_unknown']);
    expect((await register('Lost', { referralCode: '' })).answer.status).toBe(422);
  });

  it('is rewarded once, by ten sweeps at once and any later one, and the books say so', async () => {
    const { referrer, friend } = await couple();
    await becomeReal(friend);
    const sweeps = await Promise.all(Array.from({ length: 10 }, () => sweep(em())));
    expect(sweeps.reduce((sum, { referralsRewarded }) => sum + referralsRewarded, 0)).toBe(1);
    expect((await sweep(em())).referralsRewarded).toBe(0);
    expect(await chipsOf(referrer)).toBe(50);
    expect(await mine(referrer)).toMatchObject({
      friends: [{ displayName: 'Friend', status: 'rewarded', chips: 50 }],
      totals: { friends: 1, rewarded: 1, chips: 50 },
    });
  });

  it.each<[string, (pair: { referrer: Person; friend: Person }) => Promise<unknown>]>([
    ['has bought nothing', ({ friend }) => becomeReal(friend, { completed: false })],
    ['has two forecasts', ({ friend }) => becomeReal(friend, { forecasts: 2 })],
    [
      'was on the device of the referrer',
      async ({ referrer, friend }) => {
        await becomeReal(friend);
        const [{ device_hash: device } = { device_hash: null }] = await api.sql<{ device_hash: string | null }>(
          'select device_hash from signal where user_id = ?',
          [referrer.id],
        );
        await insertTrace(em(), friend.id, 'login', { device });
      },
    ],
    [
      'is flagged',
      async ({ friend }) => {
        await becomeReal(friend);
        await flagUnrecoveredChips(em(), { userId: friend.id, purchaseId: newId('purchase'), missing: 1, event: 'x' });
      },
    ],
    [
      'has a referrer who is flagged',
      async ({ referrer, friend }) => {
        await becomeReal(friend);
        await flagUnrecoveredChips(em(), {
          userId: referrer.id,
          purchaseId: newId('purchase'),
          missing: 1,
          event: 'x',
        });
      },
    ],
    [
      'is suspended',
      async ({ friend }) => {
        await becomeReal(friend);
        await api.sql(`update user_account set status = 'suspended' where id = ?`, [friend.id]);
      },
    ],
  ])('is not rewarded for a friend who %s', async (_title, happen) => {
    const pair = await couple();
    await happen(pair);
    expect((await sweep(em())).referralsRewarded).toBe(0);
    expect(await chipsOf(pair.referrer)).toBe(0);
  });

  it('is not rewarded for a friend at the same address, and that is flagged', async () => {
    const referrer = await join('Referrer');
    const { code } = await mine(referrer);
    const friend = await join('Friend', { address: referrer.address, referralCode: code });
    await becomeReal(friend);
    expect((await sweep(em())).referralsRewarded).toBe(0);
    expect(await api.sql('select rule, severity, status from fraud_flag where user_id = ?', [referrer.id])).toEqual([
      { rule: 'self_referral', severity: 'low', status: 'open' },
    ]);
  });

  it('is rewarded once its flag is cleared', async () => {
    const { referrer, friend } = await couple();
    await becomeReal(friend);
    await flagUnrecoveredChips(em(), { userId: friend.id, purchaseId: newId('purchase'), missing: 1, event: 'x' });
    expect((await sweep(em())).referralsRewarded).toBe(0);
    const [flag] = await api.sql<{ id: string }>('select id from fraud_flag where user_id = ?', [friend.id]);
    const body = { outcome: 'clear', note: 'A mistake of the bank.' };
    await api.ask('POST', `/admin/fraud-flags/${flag?.id}/decision`, { token: moderator, body });
    expect((await sweep(em())).referralsRewarded).toBe(1);
    expect(await chipsOf(referrer)).toBe(50);
  });

  it('and its journal belong together, or the audit finds out', async () => {
    const wrong = async () =>
      (await auditLedger(em())).findings
        .filter(({ name }) => name.includes('referral'))
        .map(({ violations }) => violations);
    expect(await wrong()).toEqual([0, 0]);
    await api.sql(`update referral set chips = 51 where friend_id = (
      select friend_id from referral where rewarded_at is not null limit 1)`);
    expect(await wrong()).toEqual([1, 0]);
    await api.sql(`update referral set rewarded_at = null, chips = null where chips = 51`);
    expect(await wrong()).toEqual([1, 1]);
    // Not even then is it paid twice: the journal of the reward is there.
    const [stranger] = await addForecasters(em(), 1, 0);
    expect(stranger).toBeDefined();
    expect((await sweep(em())).referralsRewarded).toBe(1);
    expect(await wrong()).toEqual([0, 0]);
  });
});
