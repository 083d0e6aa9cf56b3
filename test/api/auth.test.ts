/** Accounts and tokens: registering, signing in, rotation of refresh tokens, and forged access tokens. */

import { createHmac, createPublicKey, type JsonWebKey } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { generateKeyPair, importJWK, SignJWT } from 'jose';
import { DEMO_PASSWORD } from '../../db/seed-data.ts';
import { createTestApi, type Json, list, type TestApi } from './support/test-api.ts';

let api: TestApi;
beforeAll(async () => {
  api = await createTestApi();
});
afterAll(() => api.close());

let counter = 0;
async function register() {
  counter += 1;
  const account = {
    email: `User${counter}@Example.com`,
    password: 'correct-horse-battery',
    displayName: `User ${counter}`,
  };
  const answer = await api.ask('POST', '/auth/register', { body: account });
  return { account, answer, ...answer.body };
}

describe('accounts', () => {
  it('registers an account and signs it in, without showing anything secret', async () => {
    const { answer, account, accessToken } = await register();
    expect(answer.status).toBe(201);
    expect(answer.headers.get('Cache-Control')).toBe('no-store');
    expect(answer.body.user).toMatchObject({
      email: account.email.toLowerCase(),
      accountType: 'individual',
      roles: ['user'],
    });
    expect(JSON.stringify(answer.body)).not.toMatch(/argon2|password/i);
    const me = await api.ask('GET', '/me', { token: accessToken });
    expect(me.body).toEqual(answer.body.user);
  });

  it('takes each e-mail once, however it is written, even by two at once', async () => {
    const body = { email: 'twice@example.com', password: 'correct-horse-battery', displayName: 'T' };
    const answers = await Promise.all([
      api.ask('POST', '/auth/register', { body }),
      api.ask('POST', '/auth/register', { body: { ...body, email: 'TWICE@example.com' } }),
    ]);
    expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([201, 409]));
    expect(answers.find(({ status }) => status === 409)?.body.code).toBe('email_taken');
  });

  it('answers wrong passwords and unknown accounts alike', async () => {
    const wrong = await api.ask('POST', '/auth/login', { body: { email: 'buyer@holdfast.test', password: 'x' } });
    const unknown = await api.ask('POST', '/auth/login', { body: { email: 'nobody@holdfast.test', password: 'x' } });
    const strip = (body: Json) => ({ ...body, requestId: '', timestamp: '' });
    expect(wrong.status).toBe(401);
    expect(strip(unknown.body)).toEqual(strip(wrong.body));
  });

  it('shuts out a suspended account at once', async () => {
    const { user, accessToken, refreshToken, account } = await register();
    await api.sql(`update user_account set status = 'suspended' where id = ?`, [user.id]);
    const { email, password } = account;
    const answers = [
      await api.ask('GET', '/me', { token: accessToken }),
      await api.ask('POST', '/auth/refresh', { body: { refreshToken } }),
      await api.ask('POST', '/auth/login', { body: { email, password } }),
    ];
    expect(answers.map(({ status }) => status)).toEqual([401, 403, 403]);
  });

  it('signs out by refresh token or by access token, and both end the access token too', async () => {
    const byRefresh = await register();
    const { refreshToken } = byRefresh;
    expect((await api.ask('POST', '/auth/logout', { body: { refreshToken } })).status).toBe(204);
    const byAccess = await register();
    expect((await api.ask('POST', '/auth/logout', { token: byAccess.accessToken })).status).toBe(204);
    for (const session of [byRefresh, byAccess]) {
      expect((await api.ask('GET', '/me', { token: session.accessToken })).status).toBe(401);
      const refreshed = await api.ask('POST', '/auth/refresh', { body: { refreshToken: session.refreshToken } });
      expect(refreshed.status).toBe(401);
    }
    expect((await api.ask('POST', '/auth/logout')).status).toBe(401);
  });
});

describe('refresh tokens', () => {
  it('are exchanged once; the second use ends every token of the sign-in, and no other', async () => {
    const first = await register();
    const { email, password } = first.account;
    const other = await api.ask('POST', '/auth/login', { body: { email, password } });
    const refresh = (refreshToken: unknown) => api.ask('POST', '/auth/refresh', { body: { refreshToken } });

    const second = await refresh(first.refreshToken);
    expect(second.status).toBe(200);
    expect(second.body.refreshToken).not.toBe(first.refreshToken);
    const reused = await refresh(first.refreshToken);
    expect([reused.status, reused.body.code]).toEqual([401, 'token_reused']);
    expect((await refresh(second.body.refreshToken)).status).toBe(401);
    expect((await api.ask('GET', '/me', { token: second.body.accessToken })).status).toBe(401);
    expect((await refresh(other.body.refreshToken)).status).toBe(200);
  });

  it('of twenty uses at once exactly one succeeds, and the sign-in ends', async () => {
    const { refreshToken } = await register();
    const answers = await Promise.all(
      Array.from({ length: 20 }, () => api.ask('POST', '/auth/refresh', { body: { refreshToken } })),
    );
    const won = answers.filter(({ status }) => status === 200);
    expect(won).toHaveLength(1);
    expect(answers.filter(({ body }) => body.code === 'token_reused')).toHaveLength(19);
    const next = await api.ask('POST', '/auth/refresh', { body: { refreshToken: won[0]?.body.refreshToken } });
    expect(next.status).toBe(401);
  });

  it('end with the sign-in, however often they are exchanged', async () => {
    const { refreshToken } = await register();
    const next = await api.ask('POST', '/auth/refresh', { body: { refreshToken } });
    const rows = await api.sql<{ expires_at: Date }>(
      `select distinct expires_at from refresh_token where family_id in (
         select family_id from refresh_token where used_at is not null) and family_id = (
         select family_id from refresh_token order by expires_at desc limit 1)`,
    );
    expect(rows).toHaveLength(1);
    await api.sql(`update refresh_token set expires_at = now() - interval '1 second'`);
    const late = await api.ask('POST', '/auth/refresh', { body: { refreshToken: next.body.refreshToken } });
    expect([late.status, late.body.code]).toEqual([401, 'token_expired']);
  });

  it('are stored as hashes only', async () => {
    const { refreshToken } = await register();
    const rows = await api.sql<{ token_hash: string }>(`select token_hash from refresh_token`);
    expect(rows.map((row) => row.token_hash).join()).not.toContain(refreshToken.slice(3));
  });
});

describe('access tokens', () => {
  const decode = (part: string) => JSON.parse(Buffer.from(part, 'base64url').toString()) as Record<string, unknown>;
  const encode = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url');

  /** The header and claims of a good token, and our key. */
  async function good() {
    const token = await api.signIn('buyer');
    const [header = '', claims = '', signature = ''] = token.split('.');
    const key = api.deps.config.jwt.privateKeys[0];
    if (!key) throw new Error('no key');
    return { token, header: decode(header), claims: decode(claims), parts: { header, claims, signature }, key };
  }
  async function sign(header: object, claims: object): Promise<string> {
    const { key, header: ours } = await good();
    return await new SignJWT({ ...claims })
      .setProtectedHeader({ ...ours, alg: 'EdDSA', ...header })
      .sign(await importJWK(key, 'EdDSA'));
  }
  const now = () => Math.floor(Date.now() / 1_000);

  it.each<[string, () => Promise<string>]>([
    ['alg none', async () => `${encode({ ...(await good()).header, alg: 'none' })}.${(await good()).parts.claims}.`],
    [
      'alg None with a signature',
      async () =>
        `${encode({ ...(await good()).header, alg: 'None' })}.${(await good()).parts.claims}.${(await good()).parts.signature}`,
    ],
    [
      'HS256 signed with the public key',
      async () => {
        const { header, parts, key } = await good();
        const publicJwk: JsonWebKey = { kty: key.kty, crv: key.crv, x: key.x };
        const pem = createPublicKey({ key: publicJwk, format: 'jwk' }).export({ type: 'spki', format: 'pem' });
        const input = `${encode({ ...header, alg: 'HS256' })}.${parts.claims}`;
        return `${input}.${createHmac('sha256', pem).update(input).digest('base64url')}`;
      },
    ],
    [
      'another key under our kid',
      async () => {
        const { header, claims } = await good();
        const { privateKey } = await generateKeyPair('EdDSA');
        return await new SignJWT(claims).setProtectedHeader({ ...header, alg: 'EdDSA' }).sign(privateKey);
      },
    ],
    [
      'another key brought in the header',
      async () => {
        const { header, claims } = await good();
        const { privateKey, publicKey } = await generateKeyPair('EdDSA', { extractable: true });
        const jwk = await crypto.subtle.exportKey('jwk', publicKey);
        return await new SignJWT(claims)
          .setProtectedHeader({ ...header, alg: 'EdDSA', jwk: { ...jwk, kty: 'OKP' } })
          .sign(privateKey);
      },
    ],
    ['an unknown kid', async () => sign({ kid: '../../etc/passwd' }, (await good()).claims)],
    ['another issuer', async () => sign({}, { ...(await good()).claims, iss: 'https://elsewhere.example' })],
    ['another audience', async () => sign({}, { ...(await good()).claims, aud: 'someone-else' })],
    ['another type of token', async () => sign({ typ: 'JWT' }, (await good()).claims)],
    ['not valid yet', async () => sign({}, { ...(await good()).claims, nbf: now() + 3_600 })],
    ['an expiry in words', async () => sign({}, { ...(await good()).claims, exp: 'never' })],
    ['no expiry', async () => sign({}, { ...(await good()).claims, exp: undefined })],
    ['no sign-in', async () => sign({}, { ...(await good()).claims, sid: undefined })],
    ['a sign-in of someone else', async () => sign({}, { ...(await good()).claims, sid: crypto.randomUUID() })],
    ['a subject that is no id', async () => sign({}, { ...(await good()).claims, sub: "' or 1=1 --" })],
    ['ten kilobytes', async () => sign({}, { ...(await good()).claims, pad: 'x'.repeat(10_000) })],
    [
      'a changed claim',
      async () =>
        `${(await good()).parts.header}.${encode({ ...(await good()).claims, sub: 'usr_x' })}.${(await good()).parts.signature}`,
    ],
    ['a refresh token', async () => (await register()).refreshToken],
    ['no token at all', async () => 'Bearer'],
  ])('with %s are refused', async (_title, forge) => {
    const answer = await api.ask('GET', '/me', { token: await forge() });
    expect([answer.status, answer.body.code]).toEqual([401, 'unauthenticated']);
    expect(answer.headers.get('WWW-Authenticate')).toBe('Bearer');
  });

  it('that have expired say so', async () => {
    const answer = await api.ask('GET', '/me', {
      token: await sign({}, { ...(await good()).claims, exp: now() - 60 }),
    });
    expect([answer.status, answer.body.code]).toEqual([401, 'token_expired']);
  });

  it('count only as bearer tokens, and not as refresh tokens', async () => {
    const { token } = await good();
    const basic = await api.ask('GET', '/me', { headers: { Authorization: `Basic ${token}` } });
    expect(basic.status).toBe(401);
    const refreshed = await api.ask('POST', '/auth/refresh', { body: { refreshToken: token } });
    expect([refreshed.status, refreshed.body.code]).toEqual([401, 'unauthenticated']);
  });

  it('are verified by published keys that hold nothing private', async () => {
    const jwks = await api.ask('GET', '//.well-known/jwks.json');
    expect(list(jwks.body.keys).map((key) => Object.keys(key).sort())).toEqual([
      ['alg', 'crv', 'kid', 'kty', 'use', 'x'],
    ]);
    expect((await good()).header.kid).toBe(jwks.body.keys[0]?.kid);
  });

  it('lead nowhere with the demo password in another case', async () => {
    const body = { email: 'buyer@holdfast.test', password: DEMO_PASSWORD.toUpperCase() };
    expect((await api.ask('POST', '/auth/login', { body })).status).toBe(401);
  });
});
