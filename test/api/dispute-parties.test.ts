/** Who does what in a dispute, and what becomes of two who act at once. */

import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { FILES, freshDispute, upload } from './support/disputes.ts';
import { createTestApi, list, type TestApi } from './support/test-api.ts';

let api: TestApi;
const tokens: Record<string, string> = {};

beforeAll(async () => {
  api = await createTestApi();
  for (const name of ['buyer', 'seller', 'admin', 'verifier', 'moderator'] as const)
    tokens[name] = await api.signIn(name);
});
afterAll(() => api.close());

const say = (who: string, path: string, body: object = {}) => api.ask('POST', path, { token: tokens[who] ?? '', body });
const fresh = () => freshDispute(api, tokens.buyer ?? '');

const parcel = { carrier: 'DHL', trackingNumber: 'JD01' };

describe('each party', () => {
  it.each([
    ['buyer', 'respond', { text: 'x' }],
    ['admin', 'respond', { text: 'x' }],
    ['seller', 'withdraw', {}],
    ['admin', 'withdraw', {}],
    ['buyer', 'ship-replacement', parcel],
    ['seller', 'send-return', {}],
    ['buyer', 'confirm-return', {}],
    ['verifier', 'offers', { buyerMinor: 1 }],
  ])('does its own part only: a %s may not %s', async (who, verb, body) => {
    const { id } = await fresh();
    const refused = await say(who, `/disputes/${id}/${verb}`, body);
    expect([refused.status, refused.body.code]).toEqual([403, 'forbidden']);
    expect(api.gateway.calls.filter(({ target }) => target === id)).toEqual([]);
  });

  it('is told by the account, whatever the request says', async () => {
    const { id } = await fresh();
    const claims = { text: 'x', actor: { role: 'seller', id: 'usr_x' } };
    const refused = await say('buyer', `/disputes/${id}/respond`, claims);
    expect([refused.status, refused.body.code]).toEqual([422, 'validation_failed']);
    await say('seller', `/disputes/${id}/respond`, { text: 'x' });
    expect(api.gateway.calls.at(-1)).toMatchObject({ name: 'command', arg: { actor: { role: 'seller' } } });
    await say('verifier', `/admin/disputes/${id}/claim`);
    expect(api.gateway.calls.at(-1)).toMatchObject({ name: 'command', arg: { actor: { role: 'verifier' } } });
  });

  it('is nobody who only moderates', async () => {
    const { id } = await fresh();
    const refused = await say('moderator', `/disputes/${id}/messages`, { body: 'x' });
    expect([refused.status, refused.body.code]).toEqual([404, 'dispute_not_found']);
  });
});

describe('of two who act at once', () => {
  it('one reviewer decides, and the other’s words are not kept', async () => {
    const { id } = await fresh();
    await say('seller', `/disputes/${id}/respond`, { text: 'No.' });
    const verdict = { outcome: 'refund', note: 'As the photos show.' };
    const both = await Promise.all(
      ['admin', 'verifier'].map((who) => say(who, `/admin/disputes/${id}/verdict`, verdict)),
    );
    expect(both.map(({ status }) => String(status)).sort()).toEqual(['200', '409']);
    const said = (await api.ask('GET', `/disputes/${id}/messages`, { token: tokens.buyer ?? '' })).body.data;
    expect(list(said).filter(({ body }) => body === verdict.note)).toHaveLength(1);
  });

  it('one file stays of the same bytes, and messages of one key are one', async () => {
    const { id } = await fresh();
    const files = await Promise.all(
      ['buyer', 'seller', 'buyer', 'seller'].map((who) => upload(api, tokens[who] ?? '', id, FILES.png('same'))),
    );
    expect(files.map(({ status }) => String(status)).sort()).toEqual(['200', '200', '200', '201']);
    expect(new Set(files.map(({ body }) => body.evidence.id)).size).toBe(1);
  });

  it('each file is in the seal of its phase, whichever came first, the file or the end of the phase', async () => {
    const { id } = await fresh();
    const files = Array.from({ length: 12 }, (_, i) => upload(api, tokens.buyer ?? '', id, FILES.png(`race ${i}`)));
    const ended = say('seller', `/disputes/${id}/respond`, { text: 'No.' });
    const statuses = (await Promise.all(files)).map(({ status, body }) =>
      status === 409 ? body.code : String(status),
    );
    expect((await ended).status).toBe(200);
    expect(statuses.every((status) => status === '201' || status === 'evidence_sealed')).toBe(true);
    const { evidence, seals } = (await api.ask('GET', `/disputes/${id}/evidence`, { token: tokens.buyer ?? '' })).body;
    const sealed = list(evidence).filter(({ phase }) => phase === 'seller_response');
    expect(seals[0]?.manifest.split('\n').length).toBe(1 + sealed.length);
    for (const { sha256 } of sealed) expect(seals[0]?.manifest).toContain(sha256);
  });
});
