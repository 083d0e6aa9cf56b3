/** The API on a real database of its own, with demo data and a gateway that needs no Temporal. */

import { pino } from 'pino';
import { createApp } from '../../../api/app.ts';
import { createTokenService } from '../../../api/auth/tokens.ts';
import { readConfig } from '../../../api/config.ts';
import type { ApiApp, ApiDeps } from '../../../api/context.ts';
import { createMetrics } from '../../../api/metrics.ts';
import { createProcessServices } from '../../../api/process-services.ts';
import { initOrm } from '../../../db/orm.ts';
import { seed } from '../../../db/seed.ts';
import { DEMO_PASSWORD } from '../../../db/seed-data.ts';
import { createPaymentProviders } from '../../../providers/payments/create-providers.ts';
import { createPayMongoWebhooks } from '../../../providers/payments/paymongo/paymongo-webhooks.ts';
import { createTestDatabase } from '../../support/database.ts';
import { createFakeGateway, type FakeGateway } from './fake-gateway.ts';

export const WEBHOOK_SECRET = 'whsec_api_test';

/** The fields of answers that tests look into, by what is in them. */
type TextField =
  | 'accessToken'
  | 'body'
  | 'claimedBy'
  | 'code'
  | 'content'
  | 'escrowId'
  | 'id'
  | 'kid'
  | 'listingId'
  | 'location'
  | 'nextCursor'
  | 'manifest'
  | 'openapi'
  | 'orderId'
  | 'path'
  | 'phase'
  | 'previousSeal'
  | 'refreshToken'
  | 'seal'
  | 'sha256'
  | 'slug'
  | 'text'
  | 'timestamp'
  | 'title'
  | 'type'
  | 'vendorId'
  | 'waitingSince';
type NumberField = 'amountMinor' | 'pages' | 'quantity' | 'total' | 'version';
type NodeField =
  | 'by'
  | 'commission'
  | 'canChange'
  | 'data'
  | 'dispute'
  | 'disputes'
  | 'errors'
  | 'evidence'
  | 'frozen'
  | 'hold'
  | 'items'
  | 'keys'
  | 'market'
  | 'message'
  | 'net'
  | 'next'
  | 'offers'
  | 'order'
  | 'outcomes'
  | 'pagination'
  | 'paths'
  | 'payment'
  | 'purchase'
  | 'rest'
  | 'seals'
  | 'subtotal'
  | 'user'
  | 'vendorOrders';

/** JSON as tests read it; what is not there is undefined at run time and fails the expectation. */
export type Json = { readonly [name in TextField]: string } & { readonly [name in NumberField]: number } & {
  readonly [name in NodeField]: Json;
} & { readonly [index: number]: Json };

/** The items of a JSON array. */
export function list(json: Json): Json[] {
  if (!Array.isArray(json)) throw new Error(`not a list: ${JSON.stringify(json)}`);
  return json;
}

/** A parsed answer; `body` is `{}` where there is no JSON. */
export type Answer = { status: number; headers: Headers; body: Json };

export type Ask = {
  token?: string;
  key?: string;
  body?: unknown;
  /** Sent as it is. */
  raw?: string;
  headers?: Record<string, string>;
};

export type TestApi = {
  app: ApiApp;
  deps: ApiDeps;
  gateway: FakeGateway;
  /** The owner's login. */
  databaseUrl: string;
  /** A request; paths not starting with `//` are under /api/v1, `//x` is `/x`. */
  ask(method: string, path: string, ask?: Ask): Promise<Answer>;
  /** Access token of a demo account. */
  signIn(name: 'admin' | 'buyer' | 'seller' | 'seller2' | 'moderator' | 'verifier'): Promise<string>;
  sql<Row extends object>(query: string, params?: unknown[]): Promise<Row[]>;
  /** An active listing of this kind in a channel, with its seller's name. */
  listing(options?: { kind?: string; channel?: string; seller?: string }): Promise<{ id: string; stock: number }>;
  close(): Promise<void>;
};

/** Builds it; call in beforeAll and `close` in afterAll. */
export async function createTestApi(overrides: Partial<ApiDeps> = {}): Promise<TestApi> {
  const database = await createTestDatabase();
  const orm = await initOrm(database.url);
  const owner = await initOrm(database.url, { asOwner: true, pool: { max: 2 } });
  await seed(owner.em);
  const config = readConfig({ NODE_ENV: 'test', STRIPE_WEBHOOK_SECRET: WEBHOOK_SECRET, LOG_LEVEL: 'silent' });
  const gateway = createFakeGateway(orm);
  const log = pino({ level: 'silent' });
  const deps: ApiDeps = {
    ...createProcessServices({ orm, log }),
    config,
    orm,
    gateway,
    payments: createPaymentProviders({ stripe: config.stripe }).get('stripe'),
    paymongo: config.paymongo && createPayMongoWebhooks(config.paymongo),
    tokens: await createTokenService({ ...config.jwt, accessTokenMinutes: 15 }),
    metrics: createMetrics({ processMetrics: false }),
    log,
    ...overrides,
  };
  const app = createApp(deps);

  const ask = async (method: string, path: string, options: Ask = {}): Promise<Answer> => {
    const url = path.startsWith('//') ? path.slice(1) : `/api/v1${path}`;
    const response = await app.request(url, { method, ...toInit(options) });
    const text = await response.text();
    const isJson = /json/.test(response.headers.get('Content-Type') ?? '');
    const body = JSON.parse(isJson && text ? text : '{}') as Json;
    return { status: response.status, headers: response.headers, body };
  };

  return {
    app,
    deps,
    gateway,
    databaseUrl: database.url,
    ask,
    signIn: async (name) => {
      const answer = await ask('POST', '/auth/login', {
        body: { email: `${name}@holdfast.test`, password: DEMO_PASSWORD },
      });
      return answer.body.accessToken;
    },
    sql: (query, params = []) => owner.em.fork().execute(query, params),
    listing: async ({ kind = 'physical', channel = 'multi-vendor', seller = 'seller' } = {}) => {
      const [row] = await owner.em.fork().execute<{ id: string; stock: number }[]>(
        `select l.id, l.stock from listing l join product p on p.id = l.product_id join channel c on c.id = l.channel_id
         join user_account u on u.id = l.seller_id
         where p.kind = ? and c.slug = ? and u.email = ? and l.stock > 3 order by l.id limit 1`,
        [kind, channel, `${seller}@holdfast.test`],
      );
      if (!row) throw new Error(`no ${kind} demo listing of ${seller} in ${channel}`);
      return row;
    },
    close: async () => {
      deps.live.close();
      await orm.close();
      await owner.close();
      await database.drop();
    },
  };
}

function toInit({ token, key, body, raw, headers = {} }: Ask): RequestInit {
  const text = raw ?? (body === undefined ? undefined : JSON.stringify(body));
  return {
    headers: {
      ...(text !== undefined && { 'Content-Type': 'application/json' }),
      ...(token !== undefined && { Authorization: `Bearer ${token}` }),
      ...(key !== undefined && { 'Idempotency-Key': key }),
      ...headers,
    },
    ...(text !== undefined && { body: text }),
  };
}
