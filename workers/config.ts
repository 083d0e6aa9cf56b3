/** The workers' settings, read from the environment once; production refuses what is only fit for development. */

import { z } from 'zod';

export const WORKER_ROLES = ['core', 'payments', 'bulk', 'relay'] as const;
export type WorkerRole = (typeof WORKER_ROLES)[number];

const DEVELOPMENT_RETURN_URL = 'http://localhost:3000/';

const Environment = z.object({
  NODE_ENV: z.enum(['development', 'test', 'production']).default('development'),
  DATABASE_URL: z.string().min(1).default('postgresql://postgres:postgres@127.0.0.1:54330/holdfast'),
  TEMPORAL_ADDRESS: z.string().min(1).default('127.0.0.1:7233'),
  TEMPORAL_NAMESPACE: z.string().min(1).default('default'),
  STRIPE_SECRET_KEY: z.string().min(1).default('sk_test_holdfast_development'),
  STRIPE_WEBHOOK_SECRET: z.string().default('whsec_holdfast_development'),
  STRIPE_API_BASE: z.union([z.literal(''), z.url({ protocol: /^https?$/ })]).default(''),
  /** Stripe allows 100 requests a second in live mode, 25 in a sandbox. */
  STRIPE_REQUESTS_PER_SECOND: z.coerce.number().positive().default(80),
  /** GCash and Maya. Without a key they are not offered. */
  PAYMONGO_SECRET_KEY: z.string().min(1).optional(),
  PAYMONGO_API_BASE: z.union([z.literal(''), z.url({ protocol: /^https?$/ })]).default(''),
  /** Where buyers come back to from GCash and Maya. */
  PAYMONGO_RETURN_URL: z.url({ protocol: /^https?$/ }).default(DEVELOPMENT_RETURN_URL),
  HOLDFAST_TIME_SCALE: z.coerce.number().positive().default(1),
  HOLDFAST_ROLES: z
    .string()
    .default(WORKER_ROLES.join(','))
    .transform((list) => list.split(',').map((role) => role.trim()))
    .pipe(z.array(z.enum(WORKER_ROLES)).min(1)),
  /** A bundle written by `workers/build-bundle.ts`; empty builds one at start. */
  HOLDFAST_WORKFLOW_BUNDLE: z.string().default(''),
  LOG_LEVEL: z.enum(['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent']).default('info'),
});

export type WorkerConfig = {
  databaseUrl: string;
  temporal: { address: string; namespace: string };
  stripe: { secretKey: string; webhookSecrets: string[]; apiBase: string; requestsPerSecond: number };
  /** Null: neither GCash nor Maya is offered. Webhooks are checked by the API. */
  paymongo: { secretKey: string; webhookSecrets: string[]; apiBase: string; returnUrl: string } | null;
  timeScale: number;
  roles: readonly WorkerRole[];
  /** Path of a prebuilt workflow bundle; null builds one at start. */
  workflowBundle: string | null;
  logLevel: string;
};

/** The settings from environment variables; throws one Error that names every wrong or unsafe one. */
export function readConfig(env: Readonly<Record<string, string | undefined>>): WorkerConfig {
  const set = Object.fromEntries(Object.entries(env).filter(([, value]) => value !== undefined && value !== ''));
  const parsed = Environment.safeParse(set);
  if (!parsed.success) throw new Error(`settings: ${z.prettifyError(parsed.error)}`);
  const { data } = parsed;
  if (data.NODE_ENV === 'production') {
    if (data.HOLDFAST_TIME_SCALE !== 1) throw new Error('not fit for production: HOLDFAST_TIME_SCALE');
    if (data.STRIPE_API_BASE !== '') throw new Error('not fit for production: STRIPE_API_BASE points at a simulator');
    assertRealPayMongo(data);
  }
  return {
    databaseUrl: data.DATABASE_URL,
    temporal: { address: data.TEMPORAL_ADDRESS, namespace: data.TEMPORAL_NAMESPACE },
    stripe: {
      secretKey: data.STRIPE_SECRET_KEY,
      webhookSecrets: data.STRIPE_WEBHOOK_SECRET.split(','),
      apiBase: data.STRIPE_API_BASE,
      requestsPerSecond: data.STRIPE_REQUESTS_PER_SECOND,
    },
    paymongo: paymongoOf(data),
    timeScale: data.HOLDFAST_TIME_SCALE,
    roles: data.HOLDFAST_ROLES,
    workflowBundle: data.HOLDFAST_WORKFLOW_BUNDLE === '' ? null : data.HOLDFAST_WORKFLOW_BUNDLE,
    logLevel: data.LOG_LEVEL,
  };
}

function assertRealPayMongo(data: z.infer<typeof Environment>): void {
  const { PAYMONGO_SECRET_KEY: key, PAYMONGO_API_BASE: apiBase, PAYMONGO_RETURN_URL: returnUrl } = data;
  if (apiBase !== '') throw new Error('not fit for production: PAYMONGO_API_BASE points at a simulator');
  if (key === undefined) return;
  if (!key.startsWith('sk_live_')) throw new Error('not fit for production: PAYMONGO_SECRET_KEY is not a live key');
  if (!returnUrl.startsWith('https://')) {
    throw new Error('not fit for production: PAYMONGO_RETURN_URL must be an https address');
  }
}

/** A development key stands in for a missing one, but not in production. */
function paymongoOf(data: z.infer<typeof Environment>): WorkerConfig['paymongo'] {
  const secretKey =
    data.PAYMONGO_SECRET_KEY ?? (data.NODE_ENV === 'production' ? undefined : 'sk_test_holdfast_development');
  if (secretKey === undefined) return null;
  return { secretKey, webhookSecrets: [], apiBase: data.PAYMONGO_API_BASE, returnUrl: data.PAYMONGO_RETURN_URL };
}
