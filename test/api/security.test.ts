/** What every route must keep to: whose objects are whose, what the document promises, which headers go out. */

import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { fillIn, OF_PUBLIC_THINGS, PUBLIC, TABLE, type Who } from './support/access-table.ts';
import { FILES, upload } from './support/disputes.ts';
import { createMarket } from './support/market-life.ts';
import { type Ask, createTestApi, type Json, list, type TestApi } from './support/test-api.ts';

let api: TestApi;
const tokens: Record<string, string> = {};
const ids: Record<string, string> = {};

beforeAll(async () => {
  api = await createTestApi();
  for (const name of ['buyer', 'seller', 'seller2', 'moderator', 'admin'] as const)
    tokens[name] = await api.signIn(name);
  const body = {
    lines: [{ listingId: (await api.listing()).id, quantity: 3 }],
    payment: { provider: 'stripe' },
    shippingAddress: { name: 'A', line1: 'B', city: 'C', postalCode: 'D', country: 'GB' },
  };
  const { order } = (await api.ask('POST', '/orders', { token: tokens.buyer, key: 'the-order', body })).body;
  ids.order = order.id;
  ids['vendor-order'] = order.vendorOrders[0]?.id ?? '';
  ids.escrow = order.vendorOrders[0]?.escrowId ?? '';
  ids.listing = body.lines[0]?.listingId ?? '';
  ids.user = order.vendorOrders[0]?.vendorId ?? '';
  ids.chargeback = 'dp_nothing';
  ids.market = (await createMarket(api, tokens.moderator ?? '')).id;
  const chips = { token: tokens.buyer, key: 'the-purchase', body: { chips: 100, provider: 'stripe' } };
  ids.purchase = (await api.ask('POST', '/purchases', chips)).body.purchase.id;
  await api.sql(`update orders set status = 'paid_in_escrow' where id = ?`, [ids.order]);
  await api.sql(`update vendor_order set status = 'held' where order_id = ?`, [ids.order]);
  await api.sql(
    `insert into escrow (id, order_id, vendor_order_id, buyer_id, seller_id, status, phase, currency, held_minor, captured, next_action_kind)
     select escrow_id, order_id, id, buyer_id, vendor_id, 'held', 'held', currency, gross_minor, true, 'cancel_and_refund' from vendor_order`,
  );
  await openDispute(order.vendorOrders[0]?.items[0]?.id ?? '');
});
afterAll(() => api.close());
beforeEach(() => {
  api.gateway.calls.length = 0;
});

/** A dispute about one unit, with an offer and a file. From then on nothing that is asked of it moves it. */
async function openDispute(itemId: string): Promise<void> {
  const { buyer = '' } = tokens;
  const body = { lines: [{ itemId, quantity: 1 }], reason: 'not_received', description: 'It has not come.' };
  const opened = await api.ask('POST', `/vendor-orders/${ids['vendor-order']}/disputes`, { token: buyer, body });
  ids.dispute = opened.body.dispute.id;
  const offered = await api.ask('POST', `/disputes/${ids.dispute}/offers`, { token: buyer, body: { buyerMinor: 1 } });
  ids.offer = offered.body.dispute.offers[0]?.id ?? '';
  ids.evidence = (await upload(api, buyer, ids.dispute, FILES.png())).body.evidence.id;
  api.gateway.playsDisputes = false;
}

const TOKEN_OF: Record<Who, string | null> = {
  anonymous: null,
  buyer: 'buyer',
  seller: 'seller',
  stranger: 'moderator',
  otherSeller: 'seller2',
  admin: 'admin',
};

function asking(who: Who, body: object | undefined): Ask {
  const name = TOKEN_OF[who];
  return { ...(name !== null && { token: tokens[name] }), ...(body && { body }) };
}

async function documented(): Promise<string[]> {
  const { paths } = (await api.ask('GET', '//openapi.json')).body;
  return Object.entries(paths).flatMap(([path, methods]) =>
    Object.keys(methods as object).map((method) => `${method.toUpperCase()} ${path}`),
  );
}

describe('objects of other people', () => {
  const cases = TABLE.flatMap(([route, id, body, answers]) =>
    Object.entries(answers).map(([who, status]) => [route, who, status, id, body] as const),
  );
  it.each(cases)('%s for %s: %i', async (route, who, status, id, body) => {
    const [method = '', path = ''] = route.split(' ');
    const answer = await api.ask(method, fillIn(path, id, ids), asking(who as Who, body));
    expect([answer.status, answer.body.code]).toEqual([status, status < 300 ? undefined : answer.body.code]);
    if (status === 401 || status === 404 || status === 403) expect(api.gateway.calls).toEqual([]);
  });

  it.each(TABLE)('%s answers what is not yours exactly as what is not there', async (route, id, body) => {
    const [method = '', path = ''] = route.split(' ');
    const missing = String(ids[id]).replace(/.{4}$/, '0000');
    const foreign = await api.ask(method, fillIn(path, id, ids), asking('stranger', body));
    const absent = await api.ask(method, fillIn(path, id, { ...ids, [id]: missing }), asking('stranger', body));
    const strip = (answer: Json) => ({ ...answer, requestId: '', timestamp: '', instance: '' });
    expect([absent.status, strip(absent.body)]).toEqual([foreign.status, strip(foreign.body)]);
  });

  it('are in the table for every route with an id', async () => {
    const withId = (await documented())
      .filter((route) => route.includes('{'))
      .map((route) => route.replace('/api/v1', ''));
    expect(withId.sort()).toEqual([...TABLE.map(([route]) => route), ...PUBLIC, ...OF_PUBLIC_THINGS].sort());
  });

  it('are not in the lists of others', async () => {
    for (const [path, name] of [
      ['/orders', 'seller'],
      ['/vendor-orders', 'seller2'],
      ['/vendor-orders', 'buyer'],
    ] as const) {
      expect(list((await api.ask('GET', path, { token: tokens[name] })).body.data)).toEqual([]);
    }
  });

  it('need a sign-in on every route that is not public', async () => {
    const open = [
      '/auth/',
      '/channels',
      '/products',
      '/shops',
      '/markets',
      '/users/',
      '/stream',
      '/activities',
      '/leaderboard',
      '/badges',
      '/health',
      '/metrics',
      '/webhooks/',
      '/.well-known/',
    ];
    for (const route of await documented()) {
      const [method = '', path = ''] = route.split(' ');
      const isOpen =
        open.some((prefix) => path.replace('/api/v1', '').startsWith(prefix)) &&
        !/^(POST|PATCH|DELETE) .*\/(shops|products|markets|users)/.test(route);
      if (isOpen) continue;
      const answer = await api.app.request(fillIn(path, '', {}), { method });
      // A path's id is looked at only after the token.
      expect([route, answer.status]).toEqual([route, 401]);
    }
  });
});

describe('the OpenAPI document', () => {
  const UNDOCUMENTED = ['/docs', '/openapi.json', '/api/v1/openapi.json'];

  it('lists exactly the routes there are', async () => {
    const registered = api.app.routes
      .filter(({ method, path }) => method !== 'ALL' && !UNDOCUMENTED.some((start) => path.startsWith(start)))
      .map(({ method, path }) => `${method} ${path.replaceAll(/:(\w+)/g, '{$1}')}`);
    expect([...new Set(registered)].sort()).toEqual((await documented()).sort());
  });

  it('is version 3.1, the same at both addresses, and has an example for every body', async () => {
    const { body } = await api.ask('GET', '//openapi.json');
    expect(body.openapi).toBe('3.1.0');
    expect((await api.ask('GET', '/openapi.json')).body).toEqual(body);
    const text = JSON.stringify(body);
    expect(text).not.toContain('"nullable"');
    const response = await api.app.request('/openapi.json');
    const { components } = JSON.parse(await response.text()) as {
      components: { schemas: Record<string, { example?: unknown }> };
    };
    const disputes = [
      'OpenDispute',
      'MakeOffer',
      'DisputeVerdict',
      'Dispute',
      'DisputeMessage',
      'Evidence',
      'EvidenceSeal',
    ];
    const markets = ['CreateMarket', 'ProposeResolution', 'Market', 'MarketTimeline', 'PlaceForecast', 'Forecast'];
    const others = ['PlaceOrder', 'Register', 'Login', 'CreateProduct', 'CreateShop', 'Order', 'Escrow', 'Problem'];
    for (const name of [...others, ...disputes, ...markets]) {
      expect([name, components.schemas[name]?.example]).toEqual([name, expect.anything()]);
    }
  });
});

describe('reading', () => {
  it('changes nothing, whatever is read and by whom', async () => {
    const tables = await api.sql<{ name: string }>(
      `select tablename as name from pg_tables where schemaname = 'public' order by 1`,
    );
    const fingerprint = async () => {
      const rows = [];
      for (const { name } of tables)
        rows.push(await api.sql(`select md5(string_agg(t::text, ',' order by t::text)) as hash from ${name} t`));
      return rows;
    };
    const before = await fingerprint();
    for (const route of (await documented()).filter((each) => each.startsWith('GET'))) {
      const path = route.slice(4);
      const kind = /^\/api\/v1\/([a-z-]+)s\/\{id\}/.exec(path)?.[1] ?? '';
      const url = fillIn(path, kind, ids);
      for (const token of Object.values(tokens)) {
        await api.app.request(url, {
          headers: { Authorization: `Bearer ${token}`, 'X-HTTP-Method-Override': 'DELETE' },
        });
      }
    }
    expect(await fingerprint()).toEqual(before);
    expect(api.gateway.calls).toEqual([]);
  });
});

describe('headers', () => {
  it.each([
    ['GET', '/api/v1/products', 200],
    ['GET', '/api/v1/nothing', 404],
    ['GET', '/api/v1/me', 401],
    ['DELETE', '/api/v1/products', 405],
    ['POST', '/api/v1/auth/login', 415],
    ['GET', '/health', 200],
  ])('of %s %s keep browsers from doing harm', async (method, path, status) => {
    const init = status === 415 ? { method, body: 'x', headers: { 'Content-Type': 'text/plain' } } : { method };
    const { headers, status: actual } = await api.app.request(path, init);
    expect(actual).toBe(status);
    expect(headers.get('Content-Security-Policy')).toContain("default-src 'none'");
    expect(Number(/max-age=(\d+)/.exec(headers.get('Strict-Transport-Security') ?? '')?.[1])).toBeGreaterThanOrEqual(
      31_536_000,
    );
    expect(headers.get('X-Content-Type-Options')).toBe('nosniff');
    expect(headers.get('X-Frame-Options')).toBe('DENY');
    expect(headers.get('X-Request-Id')).toBeTruthy();
    expect(headers.get('Access-Control-Allow-Origin')).toBeNull();
    if (path !== '/api/v1/products' || status !== 200) expect(headers.get('Cache-Control')).toBe('no-store');
  });

  it('carry the request id of the caller on, unless it could harm a log', async () => {
    const mine = await api.ask('GET', '/channels', { headers: { 'X-Request-Id': 'abc-123' } });
    expect(mine.headers.get('X-Request-Id')).toBe('abc-123');
    const bad = await api.ask('GET', '/channels', { headers: { 'X-Request-Id': 'a b{}' } });
    expect(bad.headers.get('X-Request-Id')).not.toBe('a b{}');
  });
});

describe('operations', () => {
  it('say whether the process lives and can serve', async () => {
    for (const path of ['//health', '//health/live', '//health/ready', '//health/detailed']) {
      expect([path, (await api.ask('GET', path)).status]).toEqual([path, 200]);
    }
    const ping = api.gateway.ping.bind(api.gateway);
    api.gateway.ping = () => Promise.reject(new Error('down'));
    expect((await api.ask('GET', '//health/ready')).status).toBe(503);
    expect((await api.ask('GET', '//health/detailed')).body).toMatchObject({
      status: 'degraded',
      dependencies: { database: { status: 'up' }, temporal: { status: 'down' } },
    });
    expect((await api.ask('GET', '//health/live')).status).toBe(200);
    api.gateway.ping = ping;
  });

  it('count requests by pattern, not by id', async () => {
    await api.ask('GET', `/orders/${ids.order}`, { token: tokens.buyer });
    const metrics = await (await api.app.request('/metrics')).text();
    expect(metrics).toMatch(
      /http_request_duration_seconds_count\{method="GET",route="\/api\/v1\/orders\/:id",status="200"\}/,
    );
    expect(metrics).not.toContain(String(ids.order));
  });

  it('show documentation without a script of anyone else, nor inline', async () => {
    const page = await api.app.request('/docs');
    expect(page.headers.get('Content-Security-Policy')).toContain("script-src 'self';");
    const html = await page.text();
    expect(html).not.toMatch(/<script>|https?:\/\//);
    for (const [, asset] of html.matchAll(/(?:src|href)="([^"]+)"/g)) {
      expect([asset, (await api.app.request(String(asset))).status]).toEqual([asset, 200]);
    }
  });
});
