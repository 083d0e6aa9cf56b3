/** Everything malformed gets its problem+json with a code, and changes nothing. */

import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { BAD_INPUT, type KnownThings, order } from './support/bad-input.ts';
import { createTestApi, type TestApi } from './support/test-api.ts';

let api: TestApi;

beforeAll(async () => {
  api = await createTestApi();
  known.buyer = await api.signIn('buyer');
  known.seller = await api.signIn('seller');
  known.listingId = (await api.listing()).id;
  const [shop] = await api.sql<{ shop_id: string }>(`select shop_id from listing where id = ?`, [known.listingId]);
  known.shopId = shop?.shop_id ?? '';
});
afterAll(() => api.close());

const TABLES = [
  'user_account',
  'shop',
  'product',
  'listing',
  'orders',
  'vendor_order',
  'idempotency_key',
  'webhook_inbox',
];

/** A fingerprint of everything a request could change. */
async function fingerprint(): Promise<string> {
  const hashes: string[] = [];
  for (const table of TABLES) {
    const [row] = await api.sql<{ hash: string | null }>(
      `select md5(string_agg(t::text, ',' order by t::text)) as hash from ${table} t`,
    );
    hashes.push(row?.hash ?? '');
  }
  return hashes.join();
}

/** What the cases name: known once the database is there. */
const known: KnownThings = { buyer: '', seller: '', listingId: '', shopId: '' };

describe('bad input', () => {
  it.each(BAD_INPUT)('%s is refused with %i %s', async (_title, status, code, method, path, toAsk) => {
    // The account signs in before: the fingerprint holds no tokens, but stays the same anyway.
    const before = await fingerprint();
    const { body: problem, ...answer } = await api.ask(
      method,
      path.replace('{listing}', known.listingId),
      toAsk(known),
    );
    expect([answer.status, problem.code]).toEqual([status, code]);
    expect(answer.headers.get('Content-Type')).toBe('application/problem+json');
    expect(Object.keys(problem).sort()).toEqual(
      ['code', 'detail', 'errors', 'instance', 'requestId', 'status', 'timestamp', 'title', 'type'].sort(),
    );
    expect(problem).toMatchObject({
      type: `urn:holdfast:problem:${code}`,
      status,
      requestId: answer.headers.get('X-Request-Id'),
    });
    expect(new Date(problem.timestamp).toISOString()).toBe(problem.timestamp);
    if (code === 'validation_failed')
      expect(problem.errors[0]).toMatchObject({ path: expect.any(String), code: expect.any(String) });
    if (code !== 'out_of_stock' && code !== 'payment_provider_not_offered') expect(await fingerprint()).toBe(before);
  });

  it('names the wrong field by its path', async () => {
    const answer = await api.ask(
      'POST',
      '/orders',
      order(known, { lines: [{ listingId: known.listingId, quantity: -1 }] }),
    );
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
    const request = new Request('http://localhost/api/v1/auth/login', {
      method: 'POST',
      headers,
      body,
      duplex: 'half',
    });
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
    const answer = await api.ask('POST', '/orders', order(known));
    expect([answer.status, answer.body.code]).toEqual([500, 'internal_error']);
    expect(JSON.stringify(answer.body)).not.toMatch(/secret|select|\.ts/);
  });
});
