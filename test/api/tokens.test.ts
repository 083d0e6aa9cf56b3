/** Access tokens: a signature that was checked once is remembered, and no longer than the token lasts. */

import { describe, expect, it } from '@jest/globals';
import { exportJWK, generateKeyPair } from 'jose';
import { createTokenService } from '../../api/auth/tokens.ts';
import { newId } from '../../db/new-id.ts';

const CLAIMS = { userId: newId('user'), sessionId: '0b6cf1c2-6f2b-4bb3-9a53-4bb2f1b7a001' };
const TEN_MINUTES_MS = 600_000;

async function createTokens() {
  const clock = { ms: Date.parse('2026-03-01T12:00:00Z') };
  const { privateKey } = await generateKeyPair('EdDSA', { extractable: true });
  const key = { ...(await exportJWK(privateKey)), kid: 'first' };
  const settings = { privateKeys: [key], issuer: 'https://holdfast.test', accessTokenMinutes: 10 };
  return { clock, tokens: await createTokenService(settings, () => clock.ms) };
}

describe('an access token that was checked before', () => {
  it('says whose it is, and ends when it says', async () => {
    const { clock, tokens } = await createTokens();
    const token = await tokens.signAccess(CLAIMS);
    for (const afterMs of [0, 1_000, TEN_MINUTES_MS - 1]) {
      clock.ms = Date.parse('2026-03-01T12:00:00Z') + afterMs;
      expect(await tokens.verifyAccess(token)).toEqual(CLAIMS);
    }
    clock.ms += 10_000;
    await expect(tokens.verifyAccess(token)).rejects.toMatchObject({ code: 'token_expired' });
  });

  it('helps no token that differs from it', async () => {
    const { tokens } = await createTokens();
    const token = await tokens.signAccess(CLAIMS);
    await tokens.verifyAccess(token);
    const [header, payload, signature] = token.split('.');
    const other = (await tokens.signAccess({ ...CLAIMS, userId: newId('user') })).split('.')[1];
    for (const forged of [`${header}.${other}.${signature}`, `${header}.${payload}.`, `${token}A`]) {
      await expect(tokens.verifyAccess(forged)).rejects.toMatchObject({ code: 'unauthenticated' });
    }
  });
});
