/** Buying chips over HTTP: what is refused, what a buyer sees of it, and that nobody else sees anything. */

import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { createPurchaseRecords } from '../../activities/records/purchases/create-purchase-records.ts';
import { ApiError } from '../../api/errors.ts';
import { createPaymentProviders } from '../../providers/payments/create-providers.ts';
import { type Ask, createTestApi, list, type TestApi } from './support/test-api.ts';

let api: TestApi;
let buyer: string;
beforeAll(async () => {
  api = await createTestApi();
  buyer = await api.signIn('buyer');
});
afterAll(() => api.close());

let keys = 0;
const buy = (changes: object = {}, ask: Ask = {}) => {
  keys += 1;
  const body = { chips: 100, provider: 'gcash', ...changes };
  return api.ask('POST', '/purchases', { token: buyer, key: `key-${keys}`, body, ...ask });
};
const purchases = () => api.sql<{ id: string }>('select id from purchase');

/** The money arrives, as a webhook would have it. */
async function complete(id: string): Promise<void> {
  const records = createPurchaseRecords({ orm: api.deps.orm, providers: createPaymentProviders({}), timeScale: 1 });
  const [row] = await api.sql<{ payment_id: string; amount_minor: string }>(
    'select payment_id, amount_minor from purchase where id = ?',
    [id],
  );
  const arrival = {
    paymentId: row?.payment_id as `pay_${string}`,
    amountMinor: Number(row?.amount_minor),
    chargeId: null,
  };
  await records.completePurchase({ purchaseId: id as `pur_${string}`, arrival });
}

describe('POST /purchases refuses', () => {
  it.each([
    ['no chips', 422, 'validation_failed', { chips: 0 }],
    ['less than none', 422, 'validation_failed', { chips: -100 }],
    ['a part of a chip', 422, 'validation_failed', { chips: 20.5 }],
    ['chips in words', 422, 'validation_failed', { chips: '100' }],
    ['fewer than are sold', 422, 'chips_out_of_range', { chips: 19 }],
    ['more than a day allows', 422, 'chips_out_of_range', { chips: 10_001 }],
    ['more than anybody has', 422, 'validation_failed', { chips: 1e15 }],
    ['a provider that nobody knows', 422, 'validation_failed', { provider: 'paypal' }],
    ['a provider of other channels', 422, 'payment_provider_not_offered', { provider: 'pi' }],
    ['a channel that sells no chips', 422, 'markets_not_offered', { channel: 'multi-vendor' }],
    ['a channel that is none', 404, 'channel_not_found', { channel: 'nowhere' }],
    ['what it does not know', 422, 'validation_failed', { amountMinor: 1 }],
  ])('%s: %i %s', async (_title, status, code, changes) => {
    const answer = await buy(changes);
    expect([answer.status, answer.body.code]).toEqual([status, code]);
    expect(await purchases()).toEqual([]);
  });

  it('whoever is not signed in, and requests without a key', async () => {
    expect((await buy({}, { token: undefined })).status).toBe(401);
    const answer = await buy({}, { key: undefined });
    expect([answer.status, answer.body.code]).toEqual([400, 'idempotency_key_required']);
    expect(await purchases()).toEqual([]);
  });

  it('what the workflow refuses, and says so when the provider is away', async () => {
    api.gateway.before = () => {
      throw new ApiError('payment_provider_unavailable');
    };
    const answer = await buy();
    api.gateway.before = () => {};
    expect([answer.status, answer.body.code]).toEqual([503, 'payment_provider_unavailable']);
  });
});

describe('a purchase', () => {
  it('is one however often it is asked for, and its key is good for no other', async () => {
    const seller = await api.signIn('seller');
    const ask = { token: seller, key: 'once' };
    const answers = [await buy({}, ask), await buy({}, ask)];
    const [first, again] = answers.map(({ body }) => body);
    expect(answers.map(({ status }) => status)).toEqual([201, 201]);
    expect(again).toEqual(first);
    expect(first).toMatchObject({
      purchase: { chips: 100, price: { amountMinor: 10_000, currency: 'PHP' }, provider: 'gcash', status: 'pending' },
      payment: { provider: 'gcash', status: 'created', approvalUrl: expect.any(String) },
    });
    const other = await buy({ chips: 200 }, ask);
    expect([other.status, other.body.code]).toEqual([422, 'idempotency_key_reused']);
    expect(await purchases()).toHaveLength(1);
  });

  it('fills the wallet when it is paid, and has a receipt then', async () => {
    const { id } = (await buy({ chips: 300 })).body.purchase;
    await complete(id);
    const shown = await api.ask('GET', `/purchases/${id}`, { token: buyer });
    expect(shown.body).toMatchObject({
      status: 'completed',
      chips: 300,
      chipsTakenBack: 0,
      receiptNumber: expect.stringMatching(/^PL-\d{6}$/),
      receipt: { buyer: 'Bea Buyer', paid: { amountMinor: 30_000, currency: 'PHP' }, paidBy: 'gcash' },
    });
    expect(JSON.stringify(shown.body)).not.toContain('secret');
    const wallet = await api.ask('GET', '/wallet', { token: buyer });
    expect(wallet.body).toMatchObject({ balances: [{ amountMinor: 300, currency: 'CHIP' }] });
    const entries = list((await api.ask('GET', '/wallet/entries', { token: buyer })).body.data);
    expect(entries).toMatchObject([{ kind: 'chips_bought', amount: { amountMinor: 300, currency: 'CHIP' } }]);
    const timeline = await api.ask('GET', `/purchases/${id}/timeline?limit=1`, { token: buyer });
    expect(timeline.body).toMatchObject({
      data: [{ type: 'purchase.created', by: 'buyer' }],
      next: { kind: 'none', at: null },
      canChange: [],
    });
    const rest = await api.ask('GET', `/purchases/${id}/timeline?cursor=${timeline.body.nextCursor}`, { token: buyer });
    expect(rest.body).toMatchObject({ data: [{ type: 'purchase.completed', by: 'provider' }], nextCursor: null });
  });

  it('stands in the list of who bought, by its status, and in nobody else’s', async () => {
    const count = async (token: string, query = '') =>
      (await api.ask('GET', `/purchases${query}`, { token })).body.pagination.total;
    expect(await count(buyer)).toBe(1);
    expect([await count(buyer, '?status=completed'), await count(buyer, '?status=failed')]).toEqual([1, 0]);
    expect(await count(await api.signIn('moderator'))).toBe(0);
  });

  it('leaves a trace of the device it was begun on', async () => {
    await buy({ chips: 20 }, { headers: { 'X-Device-Id': 'device-of-the-buyer' } });
    const signals = await api.sql(`select 1 from signal where kind = 'purchase' and device_hash is not null`);
    expect(signals).toHaveLength(1);
  });
});
