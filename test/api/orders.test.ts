/** Placing and following orders over HTTP, on a real database. */

import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { ApiError, OutcomeUnknownError } from '../../api/errors.ts';
import { createTestApi, list, type TestApi } from './support/test-api.ts';

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
    expect(Number(part?.commission.amountMinor) + Number(part?.net.amountMinor)).toBe(part?.subtotal.amountMinor);
    expect(payment).toMatchObject({ provider: 'stripe', status: 'created', clientSecret: expect.stringMatching(/^pi_/) });
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
    const [stored] = await api.sql<{ response_body: string }>(`select response_body from idempotency_key where key = ?`, [key]);
    expect(JSON.parse(stored?.response_body ?? '').order.id).toBe(repeat.body.order.id);
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
    const own = await api.ask('POST', '/orders', { token: await api.signIn('seller'), key: newKey(), body: orderBody() });
    expect([own.status, own.body.code]).toEqual([409, 'own_listing']);
    const lines = [{ listingId: 'lst_00000000000000000000000000', quantity: 1 }];
    const unknown = await api.ask('POST', '/orders', { token: buyer, key: newKey(), body: { ...orderBody(), lines } });
    expect([unknown.status, unknown.body.code]).toEqual([404, 'listing_not_found']);
  });
});

describe('following an order', () => {
  async function place() {
    const placed = await api.ask('POST', '/orders', { token: buyer, key: newKey(), body: orderBody() });
    return placed.body.order;
  }
  const setPaid = async (orderId: string) => {
    await api.sql(`update orders set status = 'paid_in_escrow', paid_at = now() where id = ?`, [orderId]);
    await api.sql(`update vendor_order set status = 'held' where order_id = ?`, [orderId]);
  };

  it('shows an order, its timeline and lists it, newest first', async () => {
    const order = await place();
    const shown = await api.ask('GET', `/orders/${order.id}`, { token: buyer });
    expect(shown.body).toMatchObject({ ...order, payment: { status: 'created' } });
    const timeline = await api.ask('GET', `/orders/${order.id}/timeline`, { token: buyer });
    expect(timeline.body).toMatchObject({
      status: 'pending_payment',
      data: [{ type: 'order.placed', by: 'buyer' }],
      nextCursor: null,
      next: [{ kind: 'expire', canChange: expect.arrayContaining([{ by: 'buyer', move: 'cancel' }]) }],
    });
    const listed = await api.ask('GET', '/orders?limit=1', { token: buyer });
    expect(listed.body.data[0]?.id).toBe(order.id);
    expect(listed.body.pagination).toMatchObject({ page: 1, limit: 1 });
  });

  it('cancels an unpaid order through its workflow, with or without a reason', async () => {
    const order = await place();
    const answer = await api.ask('POST', `/orders/${order.id}/cancel`, { token: buyer });
    expect(answer.status).toBe(200);
    expect(api.gateway.calls.at(-1)).toMatchObject({
      name: 'cancel',
      target: order.id,
      arg: { actor: { role: 'buyer' }, reason: 'cancelled by the buyer' },
    });
  });

  it('cancels a paid order part by part, and not once a seller has begun', async () => {
    const order = await place();
    await setPaid(String(order.id));
    const cancelled = await api.ask('POST', `/orders/${order.id}/cancel`, { token: buyer, body: { reason: 'too late' } });
    expect(cancelled.status).toBe(200);
    const escrowId = String(order.vendorOrders[0]?.escrowId);
    expect(api.gateway.calls.at(-1)).toMatchObject({ name: 'cancel', target: escrowId, arg: { reason: 'too late' } });
    await api.sql(`update vendor_order set status = 'processing' where order_id = ?`, [order.id]);
    const refused = await api.ask('POST', `/orders/${order.id}/cancel`, { token: buyer });
    expect([refused.status, refused.body.code]).toEqual([409, 'order_not_cancellable']);
  });

  it('asks the workflow for another attempt to pay', async () => {
    const order = await place();
    const body = { provider: 'stripe', method: 'card' };
    const paid = await api.ask('POST', `/orders/${order.id}/payments`, { token: buyer, body });
    expect(paid.status).toBe(201);
    expect(paid.body.order.id).toBe(order.id);
    expect(api.gateway.calls.at(-1)).toMatchObject({ name: 'retryPayment', arg: { ...body, actor: { role: 'buyer' } } });
  });

  it('lets each party of a vendor order do its part, and only that', async () => {
    const order = await place();
    await setPaid(String(order.id));
    const seller = await api.signIn('seller');
    const path = `/vendor-orders/${order.vendorOrders[0]?.id}`;
    const parcel = { carrier: 'DHL', trackingNumber: 'JD01' };
    for (const [verb, name, body] of [
      ['process', 'markProcessing', {}],
      ['ship', 'ship', parcel],
      ['deliver', 'markDelivered', {}],
      ['cancel', 'cancel', { reason: 'broken' }],
    ] as const) {
      const done = await api.ask('POST', `${path}/${verb}`, { token: seller, body });
      expect([verb, done.status]).toEqual([verb, 200]);
      expect(api.gateway.calls.at(-1)).toMatchObject({ name, arg: { actor: { role: 'seller' }, ...body } });
    }
    const confirmed = await api.ask('POST', `${path}/confirm-delivery`, { token: buyer });
    expect(confirmed.status).toBe(200);
    const crossed = [
      await api.ask('POST', `${path}/confirm-delivery`, { token: seller }),
      await api.ask('POST', `${path}/ship`, { token: buyer, body: parcel }),
    ];
    expect(crossed.map(({ status, body }) => [status, body.code])).toEqual([
      [403, 'forbidden'],
      [403, 'forbidden'],
    ]);
    const listed = await api.ask('GET', '/vendor-orders?status=held', { token: seller });
    expect(list(listed.body.data).map(({ orderId }) => orderId)).toContain(order.id);
  });

  it('passes on what a workflow refuses', async () => {
    const order = await place();
    await setPaid(String(order.id));
    api.gateway.before = () => {
      throw new ApiError('already_shipped');
    };
    const path = `/vendor-orders/${order.vendorOrders[0]?.id}/ship`;
    const body = { carrier: 'DHL', trackingNumber: 'JD01' };
    const refused = await api.ask('POST', path, { token: await api.signIn('seller'), body });
    expect([refused.status, refused.body.code]).toEqual([409, 'already_shipped']);
  });

  it('gives digital goods to the buyer who has paid, and tells the hold one fact however often they look', async () => {
    const digital = await api.listing({ kind: 'digital' });
    const body = { lines: [{ listingId: digital.id, quantity: 1 }], payment: { provider: 'stripe' } };
    const { order } = (await api.ask('POST', '/orders', { token: buyer, key: newKey(), body })).body;
    const path = `/vendor-orders/${order.vendorOrders[0]?.id}/access`;
    const early = await api.ask('POST', path, { token: buyer });
    expect([early.status, early.body.code]).toEqual([409, 'illegal_transition']);
    await setPaid(String(order.id));
    const opened = await api.ask('POST', path, { token: buyer });
    expect(opened.body.data[0]?.content).toEqual(expect.any(String));
    await api.ask('POST', path, { token: buyer });
    const events = api.gateway.calls.slice(-2).map(({ name, arg }) => [name, (arg as { eventId: string }).eventId]);
    expect(events[0]).toEqual(events[1]);
    expect((await api.ask('POST', path, { token: await api.signIn('seller') })).status).toBe(403);
  });
});
