/** The moderation queue: who sees it, how it is filtered and sorted, and that all that is done to a case is audited. */

import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { freshDispute } from './support/disputes.ts';
import { createTestApi, type Json, list, type TestApi } from './support/test-api.ts';

let api: TestApi;
let buyer: string;
let admin: string;
let verifier: string;
/** In the order of their deadlines. */
const ids: string[] = [];
let frozen: number[] = [];

beforeAll(async () => {
  api = await createTestApi();
  [buyer, admin, verifier] = await Promise.all([api.signIn('buyer'), api.signIn('admin'), api.signIn('verifier')]);
  const [first, second, third, ended] = [
    await freshDispute(api, buyer),
    await freshDispute(api, buyer, { channel: 'fliiply' }),
    await freshDispute(api, buyer, { channel: 'multi-vendor' }),
    await freshDispute(api, buyer),
  ];
  await api.ask('POST', `/disputes/${ended.id}/withdraw`, { token: buyer, body: {} });
  ids.push(third.id, first.id, second.id, ended.id);
  frozen = [third, first, second].map((dispute) => dispute.frozen.amountMinor);
  const days = ['2030-01-01', '2030-01-02', '2030-01-03'];
  for (const [index, day] of days.entries()) {
    const at = `${day}T00:00:00.000Z`;
    await api.sql(
      `update dispute set deadline_at = ?::timestamptz, content = jsonb_set(content, '{deadlineAt}', to_jsonb(?::text)) where id = ?`,
      [at, at, ids[index]],
    );
  }
});
afterAll(() => api.close());

const queue = (token: string, query = '') => api.ask('GET', `/admin/disputes${query}`, { token });
const found = async (query: string, token = admin): Promise<string[]> => {
  const { body } = await queue(token, query);
  return list(body.data).map(({ id }: Json) => id);
};

describe('the queue', () => {
  it('shows open disputes, the nearest deadline first, page by page, to administrators and verifiers', async () => {
    for (const token of [admin, verifier]) expect(await found('', token)).toEqual(ids.slice(0, 3));
    const second = await queue(admin, '?limit=2&page=2');
    expect(second.body).toMatchObject({
      data: [
        { id: ids[2], preset: 'fliiply', phase: 'seller_response', claimedBy: null, waitingSince: expect.any(String) },
      ],
      pagination: { page: 2, limit: 2, total: 3, pages: 2 },
    });
  });

  it('is not there for anybody else', async () => {
    for (const token of [buyer, await api.signIn('seller'), await api.signIn('moderator')]) {
      const refused = await queue(token);
      expect([refused.status, refused.body.code]).toEqual([403, 'forbidden']);
    }
    expect((await api.ask('GET', '/admin/disputes')).status).toBe(401);
  });

  it('shows nobody a dispute of their own', async () => {
    await api.sql(
      `update user_account set roles = '{user,admin}' where email in ('buyer@holdfast.test', 'seller@holdfast.test')`,
    );
    for (const token of [buyer, await api.signIn('seller')]) expect(await found('', token)).toEqual([]);
    await api.sql(
      `update user_account set roles = '{user}' where email in ('buyer@holdfast.test', 'seller@holdfast.test')`,
    );
  });

  it('is filtered by phase, preset, amount and deadline', async () => {
    expect(await found('?preset=multi-vendor')).toEqual([ids[0]]);
    expect(await found('?phase=mediation')).toEqual([]);
    expect(await found('?phase=withdrawn')).toEqual([ids[3]]);
    expect(await found('?dueBefore=2030-01-02T00:00:00Z')).toEqual(ids.slice(0, 2));
    expect(await found('?dueBefore=2030-01-02T01:00:00%2B02:00')).toEqual([ids[0]]);
    const least = Math.min(...frozen);
    expect(await found(`?maxMinor=${least}`)).toEqual(ids.slice(0, 3).filter((_, index) => frozen[index] === least));
    expect(await found(`?minMinor=${Math.max(...frozen) + 1}`)).toEqual([]);
  });

  it('is filtered by who has claimed what', async () => {
    await api.ask('POST', `/admin/disputes/${ids[1]}/claim`, { token: verifier, body: {} });
    expect(await found('?claimed=me', verifier)).toEqual([ids[1]]);
    expect(await found('?claimed=me')).toEqual([]);
    expect(await found('?claimed=none')).toEqual([ids[0], ids[2]]);
    expect(await found('?claimed=any')).toHaveLength(3);
  });

  it.each([
    '?phase=open',
    '?preset=none',
    '?minMinor=-1',
    '?maxMinor=1e3',
    '?dueBefore=tomorrow',
    '?claimed=you',
    '?limit=101',
    '?reviewer=usr_1',
  ])('refuses %s', async (query) => {
    const refused = await queue(admin, query);
    expect([refused.status, refused.body.code]).toEqual([422, 'validation_failed']);
  });

  it('counts the waiting from the start of the phase', async () => {
    const id = ids[0] ?? '';
    const before = (await queue(admin, '?preset=multi-vendor')).body.data[0];
    await api.ask('POST', `/disputes/${id}/respond`, { token: await api.signIn('seller'), body: { text: 'No.' } });
    const after = (await queue(admin, '?preset=multi-vendor')).body.data[0];
    expect(after).toMatchObject({ phase: 'mediation' });
    expect(String(after?.waitingSince) > String(before?.waitingSince)).toBe(true);
  });
});

describe('what is done to a case', () => {
  it('is on record with who, when and what', async () => {
    const { id } = await freshDispute(api, buyer);
    await api.ask('POST', `/disputes/${id}/respond`, { token: await api.signIn('seller'), body: { text: 'No.' } });
    await api.ask('POST', `/admin/disputes/${id}/claim`, { token: verifier, body: {} });
    await api.ask('POST', `/admin/disputes/${id}/verdict`, {
      token: verifier,
      body: { outcome: 'refund', note: 'Yes.' },
    });
    const facts = await api.sql(
      `select e.type, e.actor_role, u.email from domain_event e left join user_account u on u.id = e.actor_id
       where e.subject_id = ? order by e.seq`,
      [id],
    );
    expect(facts).toEqual([
      { type: 'dispute.opened', actor_role: 'buyer', email: 'buyer@holdfast.test' },
      { type: 'dispute.responded', actor_role: 'seller', email: 'seller@holdfast.test' },
      { type: 'dispute.claimed', actor_role: 'verifier', email: 'verifier@holdfast.test' },
      { type: 'dispute.decided', actor_role: 'verifier', email: 'verifier@holdfast.test' },
    ]);
  });
});
