/** Everything malformed gets its problem+json with a code, and changes nothing. */

import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type Ask, createTestApi, type TestApi } from './support/test-api.ts';

let api: TestApi;
let buyer: string;
let seller: string;
let listingId: string;
let shopId: string;

beforeAll(async () => {
  api = await createTestApi();
  buyer = await api.signIn('buyer');
  seller = await api.signIn('seller');
  listingId = (await api.listing()).id;
  const [shop] = await api.sql<{ shop_id: string }>(`select shop_id from listing where id = ?`, [listingId]);
  shopId = String(shop?.shop_id);
});
afterAll(() => api.close());

const TABLES = ['user_account', 'shop', 'product', 'listing', 'orders', 'vendor_order', 'idempotency_key', 'webhook_inbox'];

/** A fingerprint of everything a request could change. */
async function fingerprint(): Promise<string> {
  const hashes: string[] = [];
  for (const table of TABLES) {
    const [row] = await api.sql<{ hash: string | null }>(`select md5(string_agg(t::text, ',' order by t::text)) as hash from ${table} t`);
    hashes.push(row?.hash ?? '');
  }
  return hashes.join();
}

type Case = [title: string, status: number, code: string, method: string, path: string, ask: () => Ask];

const ADDRESS = { name: 'Ada', line1: '1 Analytical Row', city: 'London', postalCode: 'N1 9GU', country: 'GB' };
const order = (changes: object = {}): Ask => ({
  token: buyer,
  key: crypto.randomUUID(),
  body: { lines: [{ listingId, quantity: 1 }], shippingAddress: ADDRESS, payment: { provider: 'stripe' }, ...changes },
});
const product = (changes: object = {}): Ask => ({
  token: seller,
  body: {
    shopId,
    title: 'Mug',
    description: 'A mug',
    kind: 'physical',
    price: { amountMinor: 100, currency: 'USD' },
    stock: 1,
    ...changes,
  },
});
const price = (amountMinor: unknown, currency: unknown = 'USD') => ({ price: { amountMinor, currency } });

const CASES: Case[] = [
  ['malformed JSON', 400, 'malformed_json', 'POST', '/orders', () => ({ ...order(), raw: '{"lines": [' })],
  ['an empty JSON body', 400, 'malformed_json', 'POST', '/shops', () => ({ token: seller, raw: '', headers: { 'Content-Type': 'application/json' } })],
  ['another media type', 415, 'unsupported_media_type', 'POST', '/shops', () => ({ token: seller, raw: 'name=x', headers: { 'Content-Type': 'application/x-www-form-urlencoded' } })],
  ['text that claims to be nothing', 415, 'unsupported_media_type', 'POST', '/shops', () => ({ token: seller, raw: '{"name":"x"}', headers: { 'Content-Type': 'text/plain' } })],
  ['a body over 256 KB', 413, 'payload_too_large', 'POST', '/shops', () => ({ token: seller, body: { name: 'x'.repeat(300_000) } })],
  ['an array for a body', 422, 'validation_failed', 'POST', '/shops', () => ({ token: seller, body: [] })],
  ['an unknown field', 422, 'validation_failed', 'POST', '/orders', () => order({ feeBps: 0 })],
  ['an unknown field inside', 422, 'validation_failed', 'POST', '/orders', () => order({ lines: [{ listingId, quantity: 1, price: 1 }] })],
  ['__proto__', 422, 'validation_failed', 'POST', '/shops', () => ({ token: seller, raw: '{"name":"x","__proto__":{"ownerId":"usr_x"}}' })],
  ['constructor', 422, 'validation_failed', 'POST', '/shops', () => ({ token: seller, body: { name: 'x', constructor: { prototype: {} } } })],
  ['a role of one\'s own choice', 422, 'validation_failed', 'POST', '/auth/register', () => ({ body: { email: 'm@example.com', password: 'long-enough-1', displayName: 'M', roles: ['admin'] } })],
  ['a short password', 422, 'validation_failed', 'POST', '/auth/register', () => ({ body: { email: 'm@example.com', password: 'short', displayName: 'M' } })],
  ['an e-mail that is none', 422, 'validation_failed', 'POST', '/auth/register', () => ({ body: { email: 'm', password: 'long-enough-1', displayName: 'M' } })],
  ['a string for a number', 422, 'validation_failed', 'POST', '/orders', () => order({ lines: [{ listingId, quantity: '1' }] })],
  ['no lines', 422, 'validation_failed', 'POST', '/orders', () => order({ lines: [] })],
  ['a quantity of zero', 422, 'validation_failed', 'POST', '/orders', () => order({ lines: [{ listingId, quantity: 0 }] })],
  ['half a unit', 422, 'validation_failed', 'POST', '/orders', () => order({ lines: [{ listingId, quantity: 0.5 }] })],
  ['an id of another kind', 422, 'validation_failed', 'POST', '/orders', () => order({ lines: [{ listingId: shopId, quantity: 1 }] })],
  ['a payment provider nobody knows', 422, 'validation_failed', 'POST', '/orders', () => order({ payment: { provider: 'cash' } })],
  ['a payment provider the channel has not', 422, 'payment_provider_not_offered', 'POST', '/orders', () => order({ payment: { provider: 'pi' } })],
  ['a negative price', 422, 'validation_failed', 'POST', '/products', () => product(price(-1))],
  ['a price of zero', 422, 'validation_failed', 'POST', '/products', () => product(price(0))],
  ['an unsafe amount', 422, 'validation_failed', 'POST', '/products', () => product(price(2 ** 53))],
  ['an amount too large to be one', 422, 'validation_failed', 'POST', '/products', () => ({ ...product(), raw: JSON.stringify(product().body).replace('100', '1e309') })],
  ['an amount in a string', 422, 'validation_failed', 'POST', '/products', () => product(price('1e3'))],
  ['an unknown currency', 422, 'validation_failed', 'POST', '/products', () => product(price(1, 'XXX'))],
  ['another currency than the channel\'s', 422, 'currency_not_supported', 'POST', '/products', () => product(price(1, 'EUR'))],
  ['nested attributes', 422, 'validation_failed', 'POST', '/products', () => product({ attributes: { a: { b: 1 } } })],
  ['a null character', 422, 'validation_failed', 'POST', '/products', () => product({ description: 'a\u0000b' })],
  ['another seller\'s shop', 404, 'shop_not_found', 'POST', '/products', () => ({ ...product(), token: buyer })],
  ['an unknown channel', 404, 'channel_not_found', 'POST', '/shops', () => ({ token: seller, body: { name: 'x', channel: 'nowhere' } })],
  ['a change without a change', 422, 'validation_failed', 'PATCH', '/listings/{listing}', () => ({ token: seller, body: {} })],
  ['another seller\'s listing', 404, 'listing_not_found', 'PATCH', '/listings/{listing}', () => ({ token: buyer, body: { stock: 1 } })],
  ['stock gone', 409, 'out_of_stock', 'POST', '/orders', () => order({ lines: [{ listingId, quantity: 10_000 }] })],
  ['no token', 401, 'unauthenticated', 'POST', '/orders', () => ({ ...order(), token: undefined })],
  ['no administrator', 403, 'forbidden', 'POST', '/admin/escrows/esc_00000000000000000000000000/release', () => ({ token: seller, body: { reason: 'x' } })],
  ['page zero', 422, 'validation_failed', 'GET', '/products?page=0', () => ({})],
  ['a limit over 100', 422, 'validation_failed', 'GET', '/products?limit=101', () => ({})],
  ['a limit in other digits', 422, 'validation_failed', 'GET', '/products?limit=1e2', () => ({})],
  ['a parameter twice', 422, 'validation_failed', 'GET', '/products?page=1&page=2', () => ({})],
  ['an unknown filter', 422, 'validation_failed', 'GET', '/products?$where=1', () => ({})],
  ['a place off the globe', 422, 'validation_failed', 'GET', '/products?near=91,0', () => ({})],
  ['an unknown path', 404, 'not_found', 'GET', '/nothing', () => ({})],
  ['an unknown path outside the API', 404, 'not_found', 'GET', '//nothing', () => ({})],
  ['an id that cannot be', 404, 'not_found', 'GET', '/products/%00', () => ({})],
  ['another method', 405, 'method_not_allowed', 'DELETE', '/products', () => ({})],
  ['a forged signature', 400, 'signature_invalid', 'POST', '/webhooks/stripe', () => ({ body: { id: 'evt_1' }, headers: { 'Stripe-Signature': 't=1,v1=00' } })],
];

describe('bad input', () => {
  it.each(CASES)('%s is refused with %i %s', async (_title, status, code, method, path, toAsk) => {
    // The account signs in before: the fingerprint holds no tokens, but stays the same anyway.
    const before = await fingerprint();
    const { body: problem, ...answer } = await api.ask(method, path.replace('{listing}', listingId), toAsk());
    expect([answer.status, problem.code]).toEqual([status, code]);
    expect(answer.headers.get('Content-Type')).toBe('application/problem+json');
    expect(Object.keys(problem).sort()).toEqual(
      ['code', 'detail', 'errors', 'instance', 'requestId', 'status', 'timestamp', 'title', 'type'].sort(),
    );
    expect(problem).toMatchObject({ type: `urn:holdfast:problem:${code}`, status, requestId: answer.headers.get('X-Request-Id') });
    expect(new Date(String(problem.timestamp)).toISOString()).toBe(problem.timestamp);
    if (code === 'validation_failed') expect(problem.errors[0]).toMatchObject({ path: expect.any(String), code: expect.any(String) });
    if (code !== 'out_of_stock' && code !== 'payment_provider_not_offered') expect(await fingerprint()).toBe(before);
  });

  it('names the wrong field by its path', async () => {
    const answer = await api.ask('POST', '/orders', order({ lines: [{ listingId, quantity: -1 }] }));
    expect(answer.body.errors).toEqual([{ path: 'lines.0.quantity', code: 'too_small', message: expect.any(String) }]);
  });

  it('lists the methods a path has', async () => {
    const answer = await api.ask('DELETE', '/products');
    expect(answer.headers.get('Allow')?.split(', ').sort()).toEqual(['GET', 'HEAD', 'POST']);
  });

  it('limits a body that does not say its length', async () => {
    const body = new ReadableStream({
      start: (controller) => {
        for (let i = 0; i < 40; i += 1) controller.enqueue(new TextEncoder().encode(' '.repeat(10_000)));
        controller.close();
      },
    });
    const headers = { 'Content-Type': 'application/json', 'Transfer-Encoding': 'chunked' };
    const request = new Request('http://localhost/api/v1/auth/login', { method: 'POST', headers, body, duplex: 'half' });
    const response = await api.app.request(request);
    expect(response.status).toBe(413);
  });

  it('survives deep nesting', async () => {
    const raw = `${'['.repeat(100_000)}${']'.repeat(100_000)}`;
    expect((await api.ask('POST', '/auth/login', { raw })).status).toBe(422);
  });

  it('shows nothing of an error inside', async () => {
    api.gateway.before = () => {
      throw new Error('secret: select * from user_account');
    };
    const answer = await api.ask('POST', '/orders', order());
    expect([answer.status, answer.body.code]).toEqual([500, 'internal_error']);
    expect(JSON.stringify(answer.body)).not.toMatch(/secret|select|\.ts/);
  });
});
