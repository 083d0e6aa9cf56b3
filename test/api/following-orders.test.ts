/** What buyer and seller do with an order over HTTP once it is placed. */

import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { ApiError } from '../../api/errors.ts';
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
    await setPaid(order.id);
    const cancelled = await api.ask('POST', `/orders/${order.id}/cancel`, {
      token: buyer,
      body: { reason: 'too late' },
    });
    expect(cancelled.status).toBe(200);
    const escrowId = order.vendorOrders[0]?.escrowId;
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
    expect(api.gateway.calls.at(-1)).toMatchObject({
      name: 'retryPayment',
      arg: { ...body, actor: { role: 'buyer' } },
    });
  });

  it('lets each party of a vendor order do its part, and only that', async () => {
    const order = await place();
    await setPaid(order.id);
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
    await setPaid(order.id);
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
    await setPaid(order.id);
    const opened = await api.ask('POST', path, { token: buyer });
    expect(opened.body.data[0]?.content).toEqual(expect.any(String));
    await api.ask('POST', path, { token: buyer });
    const events = api.gateway.calls.slice(-2).map(({ name, arg }) => [name, (arg as { eventId: string }).eventId]);
    expect(events[0]).toEqual(events[1]);
    expect((await api.ask('POST', path, { token: await api.signIn('seller') })).status).toBe(403);
  });
});
