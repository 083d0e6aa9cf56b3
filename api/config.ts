/** The API's settings, read from the environment once; production refuses what is only fit for development. */

import { generateKeyPairSync } from 'node:crypto';
import type { JWK } from 'jose';
import { z } from 'zod';
import { PRESETS } from '../domain/policy/presets.ts';

const DEVELOPMENT_WEBHOOK_SECRET = 'whsec_holdfast_development';
const DEVELOPMENT_STRIPE_KEY = 'sk_test_holdfast_development';
const DEVELOPMENT_PAYMONGO = {
  secretKey: 'sk_test_holdfast_development',
  webhookSecrets: ['whsk_holdfast_development'],
};
const DEVELOPMENT_DATABASE_URL = 'postgresql://postgres:postgres@127.0.0.1:54330/holdfast';
const DEVELOPMENT_SIGNAL_KEY = 'holdfast-development-signal-key';
const DEVELOPMENT_ISSUER = 'http://localhost:3000';

/** The preset whose token lifetimes this deployment uses. */
const SETTINGS = PRESETS['multi-vendor'].settings;

const PrivateKey = z.looseObject({
  kty: z.literal('OKP'),
  crv: z.literal('Ed25519'),
  kid: z.string().min(1),
  x: z.string().min(1),
  d: z.string().min(1),
});

const PrivateKeys = z
  .string()
  .transform((text, context) => {
    try {
      return JSON.parse(text) as unknown;
    } catch {
      context.addIssue({ code: 'custom', message: 'must be a JSON array of private JWKs' });
      return z.NEVER;
    }
  })
  .pipe(z.array(PrivateKey).min(1))
  .refine((keys) => new Set(keys.map((key) => key.kid)).size === keys.length, 'every key needs a kid of its own');

const CommaList = z.string().transform((text) =>
  text
    .split(',')
    .map((part) => part.trim())
    .filter((part) => part !== ''),
);

const Environment = z.object({
  NODE_ENV: z.enum(['development', 'test', 'production']).default('development'),
  HOST: z.string().min(1).default('127.0.0.1'),
  PORT: z.coerce.number().int().min(0).max(65_535).default(3_000),
  DATABASE_URL: z.string().min(1).default(DEVELOPMENT_DATABASE_URL),
  TEMPORAL_ADDRESS: z.string().min(1).default('127.0.0.1:7233'),
  TEMPORAL_NAMESPACE: z.string().min(1).default('default'),
  STRIPE_SECRET_KEY: z.string().min(1).default(DEVELOPMENT_STRIPE_KEY),
  STRIPE_WEBHOOK_SECRET: CommaList.default([DEVELOPMENT_WEBHOOK_SECRET]),
  STRIPE_API_BASE: z.union([z.literal(''), z.url({ protocol: /^https?$/ })]).default(''),
  /** GCash and Maya. Without a key they are not offered. */
  PAYMONGO_SECRET_KEY: z.string().min(1).optional(),
  PAYMONGO_WEBHOOK_SECRET: CommaList.default([]),
  PAYMONGO_API_BASE: z.union([z.literal(''), z.url({ protocol: /^https?$/ })]).default(''),
  JWT_PRIVATE_KEYS: PrivateKeys.optional(),
  JWT_ISSUER: z.url().default(DEVELOPMENT_ISSUER),
  /** Devices and addresses are stored as hashes under this key: another key, and nothing stored compares any more. */
  HOLDFAST_SIGNAL_KEY: z.string().min(16).default(DEVELOPMENT_SIGNAL_KEY),
  HOLDFAST_TRUSTED_PROXIES: z.coerce.number().int().min(0).max(10).default(0),
  HOLDFAST_TIME_SCALE: z.coerce.number().positive().default(1),
  LOG_LEVEL: z.enum(['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent']).default('info'),
});

export type ApiConfig = {
  environment: 'development' | 'test' | 'production';
  host: string;
  port: number;
  databaseUrl: string;
  temporal: { address: string; namespace: string };
  stripe: { secretKey: string; webhookSecrets: readonly string[]; apiBase: string };
  /** Null: neither GCash nor Maya is offered. */
  paymongo: { secretKey: string; webhookSecrets: readonly string[] } | null;
  jwt: { privateKeys: readonly JWK[]; issuer: string };
  /** `trustedProxies`: how many of our own stand in front, each adding to X-Forwarded-For; 0: that header is not read. */
  signals: { key: string; trustedProxies: number };
  accessTokenMinutes: number;
  refreshTokenDays: number;
  logLevel: string;
};

/** The settings from environment variables; throws one Error that names every wrong or unsafe one. */
export function readConfig(env: Readonly<Record<string, string | undefined>>): ApiConfig {
  const set = Object.fromEntries(Object.entries(env).filter(([, value]) => value !== undefined && value !== ''));
  const parsed = Environment.safeParse(set);
  if (!parsed.success) throw new Error(`settings: ${z.prettifyError(parsed.error)}`);
  const unsafe = parsed.data.NODE_ENV === 'production' ? unsafeInProduction(parsed.data) : [];
  if (unsafe.length > 0) throw new Error(`not fit for production: ${unsafe.join('; ')}`);
  return toConfig(parsed.data);
}

function unsafeInProduction(env: z.infer<typeof Environment>): string[] {
  const checks: [boolean, string][] = [
    [env.DATABASE_URL === DEVELOPMENT_DATABASE_URL, 'DATABASE_URL is not set'],
    [env.JWT_PRIVATE_KEYS === undefined, 'JWT_PRIVATE_KEYS is not set'],
    [!env.JWT_ISSUER.startsWith('https://'), 'JWT_ISSUER must be an https address'],
    [env.STRIPE_API_BASE !== '', 'STRIPE_API_BASE points at a simulator'],
    [!/^(sk|rk)_live_/.test(env.STRIPE_SECRET_KEY), 'STRIPE_SECRET_KEY is not a live key'],
    [
      env.STRIPE_WEBHOOK_SECRET.length === 0 ||
        env.STRIPE_WEBHOOK_SECRET.some((secret) => !secret.startsWith('whsec_') || /holdfast|development/.test(secret)),
      'STRIPE_WEBHOOK_SECRET is missing or a development one',
    ],
    [env.HOLDFAST_SIGNAL_KEY === DEVELOPMENT_SIGNAL_KEY, 'HOLDFAST_SIGNAL_KEY is not set'],
    ...unsafePayMongo(env),
    [env.HOLDFAST_TIME_SCALE !== 1, 'HOLDFAST_TIME_SCALE makes deadlines run faster than life'],
  ];
  return checks.filter(([wrong]) => wrong).map(([, sentence]) => sentence);
}

function unsafePayMongo(env: z.infer<typeof Environment>): [boolean, string][] {
  const { PAYMONGO_SECRET_KEY: key, PAYMONGO_WEBHOOK_SECRET: secrets } = env;
  const isPoor = (secret: string) => !secret.startsWith('whsk_') || /holdfast|development/.test(secret);
  return [
    [env.PAYMONGO_API_BASE !== '', 'PAYMONGO_API_BASE points at a simulator'],
    [key !== undefined && !key.startsWith('sk_live_'), 'PAYMONGO_SECRET_KEY is not a live key'],
    [
      key !== undefined && (secrets.length === 0 || secrets.some(isPoor)),
      'PAYMONGO_WEBHOOK_SECRET is missing or a development one',
    ],
  ];
}

function toConfig(env: z.infer<typeof Environment>): ApiConfig {
  return {
    environment: env.NODE_ENV,
    host: env.HOST,
    port: env.PORT,
    databaseUrl: env.DATABASE_URL,
    temporal: { address: env.TEMPORAL_ADDRESS, namespace: env.TEMPORAL_NAMESPACE },
    stripe: {
      secretKey: env.STRIPE_SECRET_KEY,
      webhookSecrets: env.STRIPE_WEBHOOK_SECRET,
      apiBase: env.STRIPE_API_BASE,
    },
    paymongo: paymongoOf(env),
    jwt: { privateKeys: env.JWT_PRIVATE_KEYS ?? [passingKey()], issuer: env.JWT_ISSUER },
    signals: { key: env.HOLDFAST_SIGNAL_KEY, trustedProxies: env.HOLDFAST_TRUSTED_PROXIES },
    accessTokenMinutes: SETTINGS.accessTokenMinutes,
    refreshTokenDays: SETTINGS.refreshTokenDays,
    logLevel: env.LOG_LEVEL,
  };
}

/** Development keys stand in for missing ones, but not in production. */
function paymongoOf(env: z.infer<typeof Environment>): ApiConfig['paymongo'] {
  const inDevelopment = env.NODE_ENV !== 'production';
  const secretKey = env.PAYMONGO_SECRET_KEY ?? (inDevelopment ? DEVELOPMENT_PAYMONGO.secretKey : undefined);
  if (secretKey === undefined) return null;
  const { PAYMONGO_WEBHOOK_SECRET: given } = env;
  return { secretKey, webhookSecrets: given.length > 0 ? given : DEVELOPMENT_PAYMONGO.webhookSecrets };
}

/** A signing key for this process only: tokens end with it. */
function passingKey(): JWK {
  const { privateKey } = generateKeyPairSync('ed25519');
  return { ...privateKey.export({ format: 'jwk' }), kty: 'OKP', kid: 'passing' };
}
