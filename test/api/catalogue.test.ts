/** Channels, shops, products and listings: what sellers enter and everyone reads. */

import { gunzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { createTestApi, list, type TestApi } from './support/test-api.ts';

let api: TestApi;
let seller: string;

beforeAll(async () => {
  api = await createTestApi();
  seller = await api.signIn('seller');
});
afterAll(() => api.close());

async function shop(name: string, location?: object, channel = 'multi-vendor') {
  return (await api.ask('POST', '/shops', { token: seller, body: { name, channel, location } })).body;
}

async function product(shopId: unknown, changes: object = {}) {
  const price = { amountMinor: 1_999, currency: 'USD' };
  const body = { shopId, title: 'Mug', description: 'A mug', kind: 'physical', price, stock: 5, ...changes };
  return await api.ask('POST', '/products', { token: seller, body });
}

describe('selling', () => {
  it('opens a shop in the default channel and lists a product in it', async () => {
    const opened = await api.ask('POST', '/shops', { token: seller, body: { name: ' Clay & Co ' } });
    expect(opened.status).toBe(201);
    expect(opened.body).toMatchObject({ name: 'Clay & Co', location: null });
    const created = await product(opened.body.id, { attributes: { color: 'sand', weight: 0.4, handmade: true } });
    expect(created.status).toBe(201);
    expect(created.body).toMatchObject({
      listingId: expect.stringMatching(/^lst_/),
      price: { amountMinor: 1_999, currency: 'USD' },
      available: 5,
      status: 'ACTIVE',
      attributes: { color: 'sand', weight: 0.4, handmade: true },
    });
    expect((await api.ask('GET', `/products/${created.body.id}`)).body).toEqual(created.body);
    expect((await api.ask('GET', `/shops/${opened.body.id}`)).body).toEqual(opened.body);
  });

  it('never shows what a digital product contains', async () => {
    const { id } = await shop('Sounds');
    const created = await product(id, { kind: 'digital', digitalContent: 'the-licence-key' });
    expect(created.status).toBe(201);
    const shown = [
      created.body,
      (await api.ask('GET', `/products/${created.body.id}`)).body,
      (await api.ask('GET', '/products')).body,
    ];
    expect(JSON.stringify(shown)).not.toContain('the-licence-key');
    const none = await product((await shop('Used cars', undefined, 'fliiply')).id, {
      kind: 'digital',
      price: { amountMinor: 1, currency: 'EUR' },
    });
    expect([none.status, none.body.code]).toEqual([422, 'digital_not_offered']);
  });

  it('changes price, stock and visibility of a listing, but never below what is reserved', async () => {
    const { id } = await shop('Pots');
    const { listingId, id: productId } = (await product(id)).body;
    const change = (body: object) => api.ask('PATCH', `/listings/${listingId}`, { token: seller, body });
    const changed = await change({ price: { amountMinor: 2_500, currency: 'USD' }, stock: 9 });
    expect(changed.body).toMatchObject({
      id: productId,
      price: { amountMinor: 2_500 },
      stock: 9,
      listingStatus: 'ACTIVE',
    });
    await api.sql(`update listing set reserved = 4 where id = ?`, [listingId]);
    const below = await change({ stock: 3 });
    expect([below.status, below.body.errors[0]?.code]).toEqual([422, 'below_reserved']);
    expect((await change({ stock: 4 })).body).toMatchObject({ stock: 4, available: 0, listingStatus: 'ACTIVE' });
    expect((await change({ status: 'INACTIVE' })).body).toMatchObject({ listingStatus: 'INACTIVE' });
    expect((await change({ price: { amountMinor: 1, currency: 'EUR' } })).body.code).toBe('currency_not_supported');
    await api.sql(`update listing set reserved = 0 where id = ?`, [listingId]);
    expect((await change({ stock: 0, status: 'ACTIVE' })).body).toMatchObject({ listingStatus: 'OUT_OF_STOCK' });
    expect((await change({ stock: 1 })).body).toMatchObject({ listingStatus: 'ACTIVE' });
  });
});

describe('reading', () => {
  it('shows the channels with what they sell in and take', async () => {
    const { body } = await api.ask('GET', '/channels');
    expect(list(body.data)).toHaveLength(5);
    expect(body.data).toContainEqual(
      expect.objectContaining({ slug: 'multi-vendor', currency: 'USD', vendorsPerOrder: 'many' }),
    );
    expect(JSON.stringify(body)).not.toMatch(/commission|rateBps/);
  });

  it('finds products by text, category, price, channel and distance, and sorts them', async () => {
    const here = await shop('Near', { lat: 10, lng: 20 });
    expect((await api.ask('GET', `/shops/${here.id}`)).body).toMatchObject({ location: { lat: 10, lng: 20 } });
    const there = await shop('Far', { lat: 11, lng: 20 });
    await product(here.id, {
      title: '100% wool_hat',
      categorySlug: 'hats',
      price: { amountMinor: 500, currency: 'USD' },
    });
    await product(there.id, { title: 'Straw hat', categorySlug: 'hats', price: { amountMinor: 300, currency: 'USD' } });
    const titles = async (query: string) =>
      list((await api.ask('GET', `/products?${query}`)).body.data).map(({ title }) => title);

    expect(await titles('q=HAT&sort=price&order=asc')).toEqual(['Straw hat', '100% wool_hat']);
    expect(await titles('q=100%25')).toEqual(['100% wool_hat']);
    expect(await titles('q=l_h')).toEqual(['100% wool_hat']);
    expect(await titles('category=hats&minPrice=400')).toEqual(['100% wool_hat']);
    expect(await titles('category=hats&maxPrice=400')).toEqual(['Straw hat']);
    expect(await titles('category=hats&channel=fliiply')).toEqual([]);
    expect(await titles('near=10,20&radiusKm=100')).toEqual(['100% wool_hat']);
    expect(await titles('near=10,20&radiusKm=120&sort=distance&order=asc')).toEqual(['100% wool_hat', 'Straw hat']);
    expect(await titles(`shopId=${there.id}`)).toEqual(['Straw hat']);
  });

  it('pages through everything once', async () => {
    const first = (await api.ask('GET', '/products?limit=7')).body;
    const pages = first.pagination.pages;
    const total = Number(first.pagination.total);
    const seen = new Set<string>();
    for (let page = 1; page <= pages; page += 1) {
      const { body } = await api.ask('GET', `/products?limit=7&page=${page}`);
      for (const { id } of list(body.data)) seen.add(id);
    }
    expect(seen.size).toBe(total);
    expect((await api.ask('GET', '/products?limit=100&page=100000')).body.data).toEqual([]);
  });

  it('answers 304 while nothing has changed', async () => {
    for (const path of ['/channels', '/products', '//openapi.json', '//.well-known/jwks.json']) {
      const first = await api.ask('GET', path);
      const etag = first.headers.get('ETag') ?? '';
      expect([path, etag]).toEqual([path, expect.stringMatching(/^(W\/)?"/)]);
      expect(first.headers.get('Cache-Control')).toMatch(/public/);
      const again = await api.ask('GET', path, { headers: { 'If-None-Match': etag } });
      expect([path, again.status]).toEqual([path, 304]);
    }
  });

  it('compresses lists for who wants it', async () => {
    const response = await api.app.request('/api/v1/products', { headers: { 'Accept-Encoding': 'gzip' } });
    expect(response.headers.get('Content-Encoding')).toBe('gzip');
    expect(JSON.parse(gunzipSync(await response.arrayBuffer()).toString())).toHaveProperty('pagination');
  });

  it('shows the wallet of who asks, from the ledger', async () => {
    const [row] = await api.sql<{ id: string }>(`select id from user_account where email = 'seller2@holdfast.test'`);
    for (const n of [1, 2, 3]) {
      const lines = [
        { account: `wallet:${row?.id}`, currency: 'USD', amountMinor: 100 * n },
        { account: 'world:stripe', currency: 'USD', amountMinor: -100 * n },
      ];
      await api.sql(`select * from ledger_post(?::jsonb)`, [
        JSON.stringify([{ key: `test/${n}`, kind: 'deposit', lines }]),
      ]);
    }
    const token = await api.signIn('seller2');
    const wallet = await api.ask('GET', '/wallet', { token });
    expect(wallet.body).toEqual({ balances: [{ amountMinor: 600, currency: 'USD' }], receivables: [] });
    const page = await api.ask('GET', '/wallet/entries?limit=2', { token });
    expect(list(page.body.data)).toMatchObject([{ amount: { amountMinor: 300 } }, { amount: { amountMinor: 200 } }]);
    const rest = await api.ask('GET', `/wallet/entries?limit=2&cursor=${page.body.nextCursor}`, { token });
    expect(rest.body).toMatchObject({ data: [{ amount: { amountMinor: 100, currency: 'USD' } }], nextCursor: null });
    expect((await api.ask('GET', '/wallet', { token: seller })).body).toEqual({ balances: [], receivables: [] });
  });
});
