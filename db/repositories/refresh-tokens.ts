/** Refresh tokens, as hashes: each works once, and a second use ends every token of the sign-in (its family). */

import { randomUUID } from 'node:crypto';
import type { EntityManager } from '@mikro-orm/postgresql';
import type { UserId } from '../../domain/ids.ts';
import { prepared } from '../prepared.ts';
import type { UserRole } from '../statuses.ts';

type NewRefreshToken = { userId: UserId; familyId: string; tokenHash: string; expiresAt: Date };

/** `expired` covers signed-out families too. */
export type Rotation =
  | { outcome: 'rotated' | 'reused'; userId: UserId; familyId: string }
  | { outcome: 'unknown' | 'expired' };

type TokenRow = { user_id: UserId; family_id: string; expires_at: Date; used: boolean };

export async function issueRefreshToken(em: EntityManager, token: NewRefreshToken): Promise<void> {
  await em.execute(
    `insert into refresh_token (id, user_id, family_id, token_hash, expires_at) values (?, ?, ?, ?, ?)`,
    [randomUUID(), token.userId, token.familyId, token.tokenHash, token.expiresAt],
  );
}

/**
 * Uses a token up and stores its successor, which ends when the family does. Of several uses at once, one waits for
 * the other's row lock and then sees it used: exactly one wins, and the family ends.
 */
export function rotateRefreshToken(
  em: EntityManager,
  { tokenHash, newTokenHash }: { tokenHash: string; newTokenHash: string },
): Promise<Rotation> {
  return em.transactional(async (tx): Promise<Rotation> => {
    const [won] = await tx.execute<TokenRow[]>(
      `update refresh_token set used_at = now()
       where token_hash = ? and used_at is null and revoked_at is null and expires_at > now()
       returning user_id, family_id, expires_at, true as used`,
      [tokenHash],
    );
    if (won) {
      const { user_id: userId, family_id: familyId, expires_at: expiresAt } = won;
      await issueRefreshToken(tx, { userId, familyId, tokenHash: newTokenHash, expiresAt });
      return { outcome: 'rotated', userId, familyId };
    }
    const [known] = await tx.execute<TokenRow[]>(
      `select user_id, family_id, expires_at, used_at is not null as used from refresh_token where token_hash = ?`,
      [tokenHash],
    );
    if (!known) return { outcome: 'unknown' };
    if (!known.used) return { outcome: 'expired' };
    await revokeRefreshFamily(tx, known.family_id);
    return { outcome: 'reused', userId: known.user_id, familyId: known.family_id };
  });
}

/** Ends a sign-in. */
export async function revokeRefreshFamily(em: EntityManager, familyId: string): Promise<void> {
  await em.execute(`update refresh_token set revoked_at = now() where family_id = ? and revoked_at is null`, [
    familyId,
  ]);
}

/** Ends the sign-in that a token belongs to; an unknown token changes nothing. */
export async function revokeRefreshFamilyOf(em: EntityManager, tokenHash: string): Promise<void> {
  await em.execute(
    `update refresh_token set revoked_at = now() where revoked_at is null
     and family_id = (select family_id from refresh_token where token_hash = ?)`,
    [tokenHash],
  );
}

/** Who a sign-in is of. */
export type SessionUser = { roles: UserRole[] };

/** For each sign-in, in the order given, its account if that is active and the sign-in has not been ended; else null. */
export async function findSessionUsers(
  em: EntityManager,
  sessions: readonly { userId: UserId; sessionId: string }[],
): Promise<(SessionUser | null)[]> {
  // Looked up one by one inside: a join would be planned as if there were no index on tables that are still small.
  const rows = await prepared<{ roles: UserRole[] | null }>(
    em,
    `select (
       select u.roles from user_account u
       where u.id = s."userId" and u.status = 'active' and exists (
         select from refresh_token t
         where t.family_id = s."sessionId" and t.user_id = u.id and t.revoked_at is null)
     ) as roles
     from rows from (jsonb_to_recordset(?::jsonb) as ("userId" text, "sessionId" uuid))
       with ordinality s ("userId", "sessionId", n)
     order by n`,
    [JSON.stringify(sessions)],
  );
  return rows.map(({ roles }) => (roles === null ? null : { roles }));
}
