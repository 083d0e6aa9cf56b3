/** People's accounts. */

import type { EntityManager } from '@mikro-orm/postgresql';
import type { UserId } from '../../domain/ids.ts';
import { UserAccount } from '../entities/user-account.entity.ts';
import type { AccountType } from '../statuses.ts';

export type NewUser = {
  id: UserId;
  email: string;
  passwordHash: string;
  displayName: string;
  accountType: AccountType;
};

/** Stores an account; null when the e-mail (lower case) is taken. */
export async function createUser(em: EntityManager, user: NewUser): Promise<UserAccount | null> {
  const inserted = await em.execute<{ id: string }[]>(
    `insert into user_account (id, email, password_hash, display_name, account_type) values (?, ?, ?, ?, ?)
     on conflict (email) do nothing returning id`,
    [user.id, user.email, user.passwordHash, user.displayName, user.accountType],
  );
  return inserted[0] ? await findUserById(em, user.id) : null;
}

/** By e-mail in lower case. */
export function findUserByEmail(em: EntityManager, email: string): Promise<UserAccount | null> {
  return em.findOne(UserAccount, { email });
}

export function findUserById(em: EntityManager, id: UserId): Promise<UserAccount | null> {
  return em.findOne(UserAccount, { id });
}
