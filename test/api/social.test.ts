/** People among each other: following, and comments with their moderation. */

import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { insertMarket } from '../../bench/markets/market-rows.ts';
import { newId } from '../../db/new-id.ts';
import type { MarketId } from '../../domain/ids.ts';
import { createPeople, type People, type Person } from './support/people.ts';
import { type Answer, createTestApi, list, type TestApi } from './support/test-api.ts';

let api: TestApi;
let join: People['join'];
let moderator: string;
let marketId: MarketId;
let ada: Person;
let ben: Person;
beforeAll(async () => {
  api = await createTestApi();
  ({ join } = createPeople(api));
  moderator = await api.signIn('moderator');
  ({ marketId } = await insertMarket(api.deps.orm.em));
  [ada, ben] = await Promise.all([join('Ada'), join('Ben')]);
});
afterAll(() => api.close());

const codeOf = ({ status, body }: Answer) => [status, body.code];

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
