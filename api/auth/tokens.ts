/** Access tokens (EdDSA JWTs, several keys for rotation) and refresh tokens (opaque, stored as hashes). */

import { createHash, randomBytes } from 'node:crypto';
import { createLocalJWKSet, errors, importJWK, type JSONWebKeySet, type JWK, jwtVerify, SignJWT } from 'jose';
import { isId, type UserId } from '../../domain/ids.ts';
import { ApiError } from '../errors.ts';

/** `typ` of the protected header (RFC 9068): no other JWT of ours is an access token. */
const ACCESS_TYP = 'at+jwt';
const AUDIENCE = 'holdfast-api';
const ALGORITHM = 'EdDSA';
const UUID = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;
const MAX_TOKEN_CHARS = 4_096;
const CLOCK_TOLERANCE_SECONDS = 5;

/** `sessionId`: the family of refresh tokens it was issued with. */
export type AccessClaims = { userId: UserId; sessionId: string };

export interface TokenService {
  /** A signed access token of this sign-in. */
  signAccess(claims: AccessClaims): Promise<string>;
  /** Whose a token is; throws ApiError `token_expired` or `unauthenticated`. */
  verifyAccess(token: string): Promise<AccessClaims>;
  /** The public keys, for `/.well-known/jwks.json`. */
  readonly jwks: JSONWebKeySet;
}

type TokenSettings = { privateKeys: readonly JWK[]; issuer: string; accessTokenMinutes: number };

/** Tokens by Ed25519 keys: the first signs, all verify. Keys are private JWKs with a `kid`. */
export async function createTokenService(settings: TokenSettings): Promise<TokenService> {
  const [signing] = settings.privateKeys;
  if (!signing?.kid) throw new Error('the first signing key needs a kid');
  const { kid } = signing;
  const signingKey = await importJWK(signing, ALGORITHM);
  const jwks = { keys: settings.privateKeys.map(toPublic) };
  const keySet = createLocalJWKSet(jwks);

  return {
    jwks,
    signAccess: ({ userId, sessionId }) =>
      new SignJWT({ sid: sessionId })
        .setProtectedHeader({ alg: ALGORITHM, typ: ACCESS_TYP, kid })
        .setIssuer(settings.issuer)
        .setAudience(AUDIENCE)
        .setSubject(userId)
        .setJti(randomBytes(12).toString('base64url'))
        .setIssuedAt()
        .setExpirationTime(`${settings.accessTokenMinutes} minutes`)
        .sign(signingKey),
    verifyAccess: async (token) => {
      if (token.length > MAX_TOKEN_CHARS) throw new ApiError('unauthenticated');
      try {
        const { payload } = await jwtVerify(token, keySet, {
          algorithms: [ALGORITHM],
          typ: ACCESS_TYP,
          issuer: settings.issuer,
          audience: AUDIENCE,
          clockTolerance: CLOCK_TOLERANCE_SECONDS,
          requiredClaims: ['sub', 'sid', 'exp', 'iat'],
        });
        const { sub, sid } = payload;
        if (sub && isId('user', sub) && typeof sid === 'string' && UUID.test(sid))
          return { userId: sub, sessionId: sid };
      } catch (cause) {
        if (cause instanceof errors.JWTExpired) throw new ApiError('token_expired', { cause });
        throw new ApiError('unauthenticated', { cause });
      }
      throw new ApiError('unauthenticated');
    },
  };
}

function toPublic({ kty, crv, x, kid }: JWK): JWK {
  return { kty, crv, x, kid, alg: ALGORITHM, use: 'sig' };
}

/** A new refresh token: 256 random bits, of no meaning to anyone but the table of hashes. */
export function newRefreshToken(): string {
  return `rt_${randomBytes(32).toString('base64url')}`;
}

/** What is stored of a refresh token. A plain hash is enough: the token has full entropy. */
export function hashRefreshToken(token: string): string {
  return createHash('sha256').update(token).digest('hex');
}
