/** Referrals: a reward for each friend who is real and somebody else, once, whoever looks and however many at once. */

import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { insertMarket } from '../../bench/markets/market-rows.ts';
import { flagUnrecoveredChips } from '../../db/fraud/flags.ts';
import { sweep } from '../../db/fraud/sweep.ts';
import { auditLedger } from '../../db/ledger/audit.ts';
import { balanceOf } from '../../db/ledger/balances.ts';
import { newId } from '../../db/new-id.ts';
import { chipsWalletAccount } from '../../domain/accounts.ts';
import { insertPurchase, insertStake } from '../support/fraud-rows.ts';
import { BEHIND_A_PROXY, createPeople, PASSWORD, type People, type Person } from './support/people.ts';
import { type Answer, createTestApi, type TestApi } from './support/test-api.ts';

let api: TestApi;
let join: People['join'];
let register: People['register'];
let moderator: string;
beforeAll(async () => {
  api = await createTestApi(BEHIND_A_PROXY);
  ({ join, register } = createPeople(api));
  moderator = await api.signIn('moderator');
});
afterAll(() => api.close());

const em = () => api.deps.orm.em.fork();
const codeOf = ({ status, body }: Answer) => [status, body.code];

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
  const couple = async () => {
    const referrer = await join('Referrer');
    const { code } = await mine(referrer);
    return { referrer, friend: await join('Friend', { referralCode: code }) };
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
        const headers = { 'X-Device-Id': referrer.headers['X-Device-Id'] ?? '' };
        await api.ask('POST', '/auth/login', { body: { email: friend.email, password: PASSWORD }, headers });
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
    const friend = await join('Friend', {
      headers: { 'X-Forwarded-For': referrer.headers['X-Forwarded-For'] ?? '' },
      referralCode: code,
    });
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
    expect((await sweep(em())).referralsRewarded).toBe(1);
    expect(await wrong()).toEqual([0, 0]);
  });
});
