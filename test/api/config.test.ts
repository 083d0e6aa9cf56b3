/** Settings: sensible in development, strict in production. */

import { describe, expect, it } from '@jest/globals';
import { exportJWK, generateKeyPair } from 'jose';
import { readConfig } from '../../api/config.ts';
import { readConfig as readWorkerConfig } from '../../workers/config.ts';

async function production() {
  const { privateKey } = await generateKeyPair('EdDSA', { extractable: true });
  return {
    NODE_ENV: 'production',
    DATABASE_URL: 'postgresql://holdfast:secret@db/holdfast',
    STRIPE_SECRET_KEY: 'sk_live_x',
    STRIPE_WEBHOOK_SECRET: 'whsec_a, whsec_b',
    JWT_PRIVATE_KEYS: JSON.stringify([{ ...(await exportJWK(privateKey)), kid: 'k1' }]),
    JWT_ISSUER: 'https://api.example.com',
    PAYMONGO_SECRET_KEY: 'sk_live_x',
    PAYMONGO_WEBHOOK_SECRET: 'whsk_a',
    HOLDFAST_SIGNAL_KEY: 'a-signal-key-of-their-own',
  };
}

describe('settings', () => {
  it('need nothing in development', () => {
    expect(readConfig({})).toMatchObject({
      environment: 'development',
      port: 3_000,
      host: '127.0.0.1',
      accessTokenMinutes: 15,
    });
  });

  it('are accepted in production when all of them are real', async () => {
    expect(readConfig(await production()).stripe.webhookSecrets).toEqual(['whsec_a', 'whsec_b']);
  });

  it('may leave GCash and Maya out', async () => {
    const { PAYMONGO_SECRET_KEY: _key, PAYMONGO_WEBHOOK_SECRET: _secret, ...env } = await production();
    expect(readConfig(env).paymongo).toBeNull();
    expect(readWorkerConfig({ NODE_ENV: 'production' }).paymongo).toBeNull();
  });

  it.each([
    ['PAYMONGO_API_BASE', 'http://127.0.0.1:12122'],
    ['PAYMONGO_SECRET_KEY', 'sk_test_x'],
    ['PAYMONGO_RETURN_URL', 'http://shop.test/'],
  ])('of workers are refused in production with %s = %s', (name, value) => {
    const env = { NODE_ENV: 'production', PAYMONGO_SECRET_KEY: 'sk_live_x', PAYMONGO_RETURN_URL: 'https://shop.test/' };
    expect(readWorkerConfig(env).paymongo).toMatchObject({ returnUrl: 'https://shop.test/', apiBase: '' });
    expect(() => readWorkerConfig({ ...env, [name]: value })).toThrow(name);
  });

  it.each([
    ['DATABASE_URL', undefined],
    ['JWT_PRIVATE_KEYS', undefined],
    ['JWT_ISSUER', 'http://api.example.com'],
    ['JWT_ISSUER', undefined],
    ['STRIPE_API_BASE', 'http://127.0.0.1:12121'],
    ['STRIPE_SECRET_KEY', 'sk_test_x'],
    ['STRIPE_SECRET_KEY', undefined],
    ['STRIPE_WEBHOOK_SECRET', undefined],
    ['STRIPE_WEBHOOK_SECRET', ' , '],
    ['HOLDFAST_SIGNAL_KEY', undefined],
    ['PAYMONGO_API_BASE', 'http://127.0.0.1:12122'],
    ['PAYMONGO_SECRET_KEY', 'sk_test_x'],
    ['PAYMONGO_WEBHOOK_SECRET', undefined],
    ['PAYMONGO_WEBHOOK_SECRET', 'whsk_holdfast_development'],
    ['HOLDFAST_TIME_SCALE', '60'],
  ])('are refused in production with %s = %s', async (name, value) => {
    const env = { ...(await production()), [name]: value };
    expect(() => readConfig(env)).toThrow(new RegExp(name));
  });

  it.each([
    ['PORT', '99999'],
    ['JWT_PRIVATE_KEYS', 'not json'],
    ['JWT_PRIVATE_KEYS', '[]'],
    ['JWT_PRIVATE_KEYS', '[{"kty":"RSA"}]'],
    ['STRIPE_API_BASE', 'ftp://x'],
    ['HOLDFAST_SIGNAL_KEY', 'short'],
    ['HOLDFAST_TRUSTED_PROXIES', '-1'],
    ['HOLDFAST_TIME_SCALE', '0'],
    ['LOG_LEVEL', 'loud'],
  ])('are refused anywhere with %s = %s', (name, value) => {
    expect(() => readConfig({ [name]: value })).toThrow(new RegExp(name));
  });
});
