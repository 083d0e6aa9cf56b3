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
/** Some megabytes. */
const MAX_VERIFIED = 10_000;

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
export async function createTokenService(settings: TokenSettings, now = Date.now): Promise<TokenService> {
  const [signing] = settings.privateKeys;
  if (!signing?.kid) throw new Error('the first signing key needs a kid');
  const { kid } = signing;
  const signingKey = await importJWK(signing, ALGORITHM);
  const jwks = { keys: settings.privateKeys.map(toPublic) };
  const keySet = createLocalJWKSet(jwks);
  const verified = createVerifiedTokens(now);

  return {
    jwks,
    signAccess: ({ userId, sessionId }) =>
      new SignJWT({ sid: sessionId })
        .setProtectedHeader({ alg: ALGORITHM, typ: ACCESS_TYP, kid })
        .setIssuer(settings.issuer)
        .setAudience(AUDIENCE)
        .setSubject(userId)
        .setJti(randomBytes(12).toString('base64url'))
        .setIssuedAt(new Date(now()))
        .setExpirationTime(new Date(now() + settings.accessTokenMinutes * 60_000))
        .sign(signingKey),
    verifyAccess: async (token) => {
      const known = verified.claimsOf(token);
      if (known) return known;
      if (token.length > MAX_TOKEN_CHARS) throw new ApiError('unauthenticated');
      try {
        const { payload } = await jwtVerify(token, keySet, {
          algorithms: [ALGORITHM],
          typ: ACCESS_TYP,
          issuer: settings.issuer,
          audience: AUDIENCE,
          currentDate: new Date(now()),
          clockTolerance: CLOCK_TOLERANCE_SECONDS,
          requiredClaims: ['sub', 'sid', 'exp', 'iat'],
        });
        const { sub, sid, exp } = payload;
        if (sub && isId('user', sub) && typeof sid === 'string' && UUID.test(sid) && exp) {
          return verified.keep(token, { userId: sub, sessionId: sid }, exp);
        }
      } catch (cause) {
        if (cause instanceof errors.JWTExpired) throw new ApiError('token_expired', { cause });
        throw new ApiError('unauthenticated', { cause });
      }
      throw new ApiError('unauthenticated');
    },
  };
}

/**
 * A client sends the same token with every request, and a signature does not change: it is checked once. Account and
 * sign-in are looked up each time, so nothing is remembered that can be taken back.
 */
function createVerifiedTokens(now: () => number) {
  const known = new Map<string, { claims: AccessClaims; endsAtMs: number }>();
  return {
    claimsOf: (token: string): AccessClaims | null => {
      const found = known.get(token);
      return found && now() < found.endsAtMs ? found.claims : null;
    },
    keep: (token: string, claims: AccessClaims, expiresAtSeconds: number): AccessClaims => {
      if (known.size >= MAX_VERIFIED) known.clear();
      known.set(token, { claims, endsAtMs: expiresAtSeconds * 1_000 });
      return claims;
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
