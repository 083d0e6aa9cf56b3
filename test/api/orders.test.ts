/** Placing orders over HTTP on a real database: once per key, whatever breaks in the middle. */

import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { ApiError, OutcomeUnknownError } from '../../api/errors.ts';
import { createTestApi, type TestApi } from './support/test-api.ts';

let api: TestApi;
let buyer: string;
let listingId: string;

const ADDRESS = { name: 'Ada', line1: '1 Analytical Row', city: 'London', postalCode: 'N1 9GU', country: 'GB' };

beforeAll(async () => {
  api = await createTestApi();
  buyer = await api.signIn('buyer');
  listingId = (await api.listing()).id;
});
afterAll(() => api.close());
beforeEach(() => {
  api.gateway.before = () => {};
});

let counter = 0;
const newKey = (): string => `key-${counter++}`;

function orderBody(quantity = 1) {
  return { lines: [{ listingId, quantity }], shippingAddress: ADDRESS, payment: { provider: 'stripe' } };
}

describe('POST /orders', () => {
  it('answers with the order as priced by its channel and what to pay it with', async () => {
    const placed = await api.ask('POST', '/orders', { token: buyer, key: newKey(), body: orderBody(2) });
    expect(placed.status).toBe(201);
    const { order, payment } = placed.body;
    expect(placed.headers.get('Location')).toBe(`/api/v1/orders/${order.id}`);
    expect(order).toMatchObject({ status: 'pending_payment', total: { currency: 'USD' } });
    expect(order.vendorOrders).toHaveLength(1);
    const part = order.vendorOrders[0];
    expect(part?.items[0]).toMatchObject({ listingId, quantity: 2 });
    expect((part?.commission.amountMinor ?? 0) + (part?.net.amountMinor ?? 0)).toBe(part?.subtotal.amountMinor);
    expect(payment).toMatchObject({
      provider: 'stripe',
      status: 'created',
      clientSecret: expect.stringMatching(/^pi_/),
    });
  });

  it('needs an Idempotency-Key of printable characters', async () => {
    const none = await api.ask('POST', '/orders', { token: buyer, body: orderBody() });
    expect([none.status, none.body.code]).toEqual([400, 'idempotency_key_required']);
    const long = await api.ask('POST', '/orders', { token: buyer, key: 'x'.repeat(256), body: orderBody() });
    expect([long.status, long.body.code]).toEqual([400, 'idempotency_key_invalid']);
  });

  it('gives the first answer again for the same key and body, without asking the workflow again', async () => {
    const key = newKey();
    const first = await api.ask('POST', '/orders', { token: buyer, key, body: orderBody() });
    const asked = api.gateway.calls.length;
    const { payment, shippingAddress, lines } = orderBody();
    const again = await api.ask('POST', '/orders', { token: buyer, key, body: { payment, shippingAddress, lines } });
    expect(again.status).toBe(201);
    expect(again.body).toEqual(first.body);
    expect(again.headers.get('Idempotent-Replayed')).toBe('true');
    expect(again.headers.get('Location')).toBe(first.headers.get('Location'));
    expect(again.headers.get('X-Request-Id')).not.toBe(first.headers.get('X-Request-Id'));
    expect(api.gateway.calls).toHaveLength(asked);
  });

  it('refuses another body under the same key and changes nothing', async () => {
    const key = newKey();
    await api.ask('POST', '/orders', { token: buyer, key, body: orderBody(1) });
    const other = await api.ask('POST', '/orders', { token: buyer, key, body: orderBody(2) });
    expect([other.status, other.body.code]).toEqual([422, 'idempotency_key_reused']);
  });

  it('keeps the keys of two buyers apart', async () => {
    const key = newKey();
    const mine = await api.ask('POST', '/orders', { token: buyer, key, body: orderBody() });
    const theirs = await api.ask('POST', '/orders', { token: await api.signIn('moderator'), key, body: orderBody() });
    expect(theirs.status).toBe(201);
    expect(theirs.body.order.id).not.toBe(mine.body.order.id);
  });

  it('makes one order of a key even when the stored answer is gone', async () => {
    const key = newKey();
    const first = await api.ask('POST', '/orders', { token: buyer, key, body: orderBody() });
    await api.sql(`delete from idempotency_key`);
    const again = await api.ask('POST', '/orders', { token: buyer, key, body: orderBody() });
    expect(again.body.order.id).toBe(first.body.order.id);
    await api.sql(`delete from idempotency_key`);
    const other = await api.ask('POST', '/orders', { token: buyer, key, body: orderBody(2) });
    expect([other.status, other.body.code]).toEqual([422, 'idempotency_key_reused']);
  });

  it('says 409 with Retry-After while the first request runs, then gives its answer', async () => {
    const key = newKey();
    const gate = Promise.withResolvers<void>();
    const entered = Promise.withResolvers<void>();
    api.gateway.before = async () => {
      entered.resolve();
      await gate.promise;
    };
    const first = api.ask('POST', '/orders', { token: buyer, key, body: orderBody() });
    await entered.promise;
    const second = await api.ask('POST', '/orders', { token: buyer, key, body: orderBody() });
    expect([second.status, second.body.code]).toEqual([409, 'idempotency_key_in_progress']);
    expect(Number(second.headers.get('Retry-After'))).toBeGreaterThan(0);
    const other = await api.ask('POST', '/orders', { token: buyer, key, body: orderBody(2) });
    expect([other.status, other.body.code]).toEqual([422, 'idempotency_key_reused']);
    gate.resolve();
    expect((await first).status).toBe(201);
    const third = await api.ask('POST', '/orders', { token: buyer, key, body: orderBody() });
    expect([third.status, third.headers.get('Idempotent-Replayed')]).toEqual([201, 'true']);
  });

  it('lets a repeat take over from a process that died in the middle, and ends with one order', async () => {
    const key = newKey();
    const gate = Promise.withResolvers<void>();
    const entered = Promise.withResolvers<void>();
    api.gateway.before = async () => {
      entered.resolve();
      await gate.promise;
    };
    const dead = api.ask('POST', '/orders', { token: buyer, key, body: orderBody() });
    await entered.promise;
    api.gateway.before = () => {};
    await api.sql(`update idempotency_key set locked_until = now() - interval '1 second' where key = ?`, [key]);
    const repeat = await api.ask('POST', '/orders', { token: buyer, key, body: orderBody() });
    expect([repeat.status, repeat.headers.get('Idempotent-Replayed')]).toEqual([201, null]);
    gate.resolve();
    expect((await dead).body.order.id).toBe(repeat.body.order.id);
    const [stored] = await api.sql<{ response_body: string }>(
      `select response_body from idempotency_key where key = ?`,
      [key],
    );
    expect(JSON.parse(stored?.response_body ?? '')).toMatchObject({ order: { id: repeat.body.order.id } });
  });

  it('does not keep answers that say nothing final: outages and unknown outcomes', async () => {
    const key = newKey();
    api.gateway.before = () => {
      throw new ApiError('service_unavailable');
    };
    const down = await api.ask('POST', '/orders', { token: buyer, key, body: orderBody() });
    expect([down.status, down.body.code, down.headers.get('Retry-After')]).toEqual([503, 'service_unavailable', '2']);
    api.gateway.before = ({ target }) => {
      throw new OutcomeUnknownError(`/api/v1/orders/${target}`);
    };
    const unknown = await api.ask('POST', '/orders', { token: buyer, key, body: orderBody() });
    expect(unknown.status).toBe(202);
    expect(unknown.body.location).toBe(unknown.headers.get('Location'));
    api.gateway.before = () => {};
    const done = await api.ask('POST', '/orders', { token: buyer, key, body: orderBody() });
    expect([done.status, done.headers.get('Location')]).toEqual([201, unknown.headers.get('Location')]);
  });

  it('keeps a refusal by rule: the same key gets the same refusal', async () => {
    const key = newKey();
    const body = orderBody(9_999);
    const refused = await api.ask('POST', '/orders', { token: buyer, key, body });
    expect([refused.status, refused.body.code]).toEqual([409, 'out_of_stock']);
    const again = await api.ask('POST', '/orders', { token: buyer, key, body });
    expect([again.status, again.headers.get('Idempotent-Replayed')]).toEqual([409, 'true']);
    expect(again.body).toEqual(refused.body);
    expect(again.headers.get('Content-Type')).toBe('application/problem+json');
  });

  it('sends the workflow the same update id for the same request only', async () => {
    const key = newKey();
    await api.ask('POST', '/orders', { token: buyer, key, body: orderBody() });
    await api.sql(`delete from idempotency_key`);
    await api.ask('POST', '/orders', { token: buyer, key, body: orderBody() });
    await api.ask('POST', '/orders', { token: buyer, key: newKey(), body: orderBody() });
    const [first, second, third] = api.gateway.calls.slice(-3).map((call) => call.updateId);
    expect(first).toBe(second);
    expect(third).not.toBe(second);
  });

  it('does not let sellers buy from themselves, nor anyone name an unknown listing', async () => {
    const own = await api.ask('POST', '/orders', {
      token: await api.signIn('seller'),
      key: newKey(),
      body: orderBody(),
    });
    expect([own.status, own.body.code]).toEqual([409, 'own_listing']);
    const lines = [{ listingId: 'lst_00000000000000000000000000', quantity: 1 }];
    const unknown = await api.ask('POST', '/orders', { token: buyer, key: newKey(), body: { ...orderBody(), lines } });
    expect([unknown.status, unknown.body.code]).toEqual([404, 'listing_not_found']);
  });
});
