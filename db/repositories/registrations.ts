/** Registering: the account, what the request told about its device, and who brought them along; all or nothing. */

import type { EntityManager } from '@mikro-orm/postgresql';
import type { UserAccount } from '../entities/user-account.entity.ts';
import { recordSignal, type Signals } from '../fraud/signals.ts';
import { codeOf, findReferrer, recordReferral } from '../referrals/codes.ts';
import { createUser, type NewUser } from './users.ts';

type Registration = { account: NewUser; signals: Signals; referralCode: string | undefined };

/** The account, or why there is none. */
export type Registered = { user: UserAccount } | { refused: 'email_taken' | 'referral_code_unknown' };

export function registerUser(em: EntityManager, registration: Registration): Promise<Registered> {
  const { account, signals, referralCode } = registration;
  return em.transactional(async (tx): Promise<Registered> => {
    const referrerId = referralCode === undefined ? null : await findReferrer(tx, referralCode);
    if (referralCode !== undefined && referrerId === null) return { refused: 'referral_code_unknown' };
    const user = await createUser(tx, account);
    if (!user) return { refused: 'email_taken' };
    await recordSignal(tx, user.id, 'register', signals);
    await codeOf(tx, user.id);
    if (referrerId !== null) await recordReferral(tx, user.id, referrerId);
    await tx.execute(`insert into activity (type, user_id) values ('user_registered', ?)`, [user.id]);
    return { user };
  });
}
