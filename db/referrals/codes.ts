/** Referral codes: one for each user, and who came with it. */

import { randomBytes } from 'node:crypto';
import type { EntityManager } from '@mikro-orm/postgresql';
import type { UserId } from '../../domain/ids.ts';
import { plainReferralCode, REFERRAL_CODE_BYTES, referralCodeFrom } from '../../domain/referral.ts';

const FRIENDS_SHOWN = 100;

/** A friend as their referrer sees them: not what they do, only whether they count by now. */
export type Friend = { displayName: string; joinedAt: Date; rewardedAt: Date | null; chips: number | null };

/** `friends`: the newest hundred; the totals are of all. */
export type MyReferral = {
  code: string;
  friends: Friend[];
  totals: { friends: number; rewarded: number; chips: number };
};

/** The user's code and what it has brought. */
export async function findMyReferral(em: EntityManager, userId: UserId): Promise<MyReferral> {
  const code = await codeOf(em, userId);
  const friends = await em.execute<
    { display_name: string; joined_at: Date; rewarded_at: Date | null; chips: number }[]
  >(
    `select u.display_name, r.joined_at, r.rewarded_at, r.chips::int as chips
     from referral r join user_account u on u.id = r.friend_id
     where r.referrer_id = ? order by r.joined_at desc, r.friend_id limit ${FRIENDS_SHOWN}`,
    [userId],
  );
  const [totals] = await em.execute<MyReferral['totals'][]>(
    `select count(*)::int as friends, count(rewarded_at)::int as rewarded, coalesce(sum(chips), 0)::int as chips
     from referral where referrer_id = ?`,
    [userId],
  );
  return {
    code,
    friends: friends.map(({ display_name: displayName, joined_at, rewarded_at, chips }) => ({
      displayName,
      joinedAt: new Date(joined_at),
      rewardedAt: rewarded_at && new Date(rewarded_at),
      chips,
    })),
    totals: totals ?? { friends: 0, rewarded: 0, chips: 0 },
  };
}

/** Who gives this code to friends, however it is typed; null for nobody, and for accounts that are not active. */
export async function findReferrer(em: EntityManager, typed: string): Promise<UserId | null> {
  const [row] = await em.execute<{ user_id: UserId }[]>(
    `select c.user_id from referral_code c join user_account u on u.id = c.user_id
     where c.code = ? and u.status = 'active'`,
    [plainReferralCode(typed)],
  );
  return row?.user_id ?? null;
}

/** Somebody came with a code; a friend has one referrer for good. */
export async function recordReferral(em: EntityManager, friendId: UserId, referrerId: UserId): Promise<void> {
  await em.execute(`insert into referral (friend_id, referrer_id) values (?, ?)`, [friendId, referrerId]);
}

/** The user's code: made at registration, and here for accounts that are older than that. */
export async function codeOf(em: EntityManager, userId: UserId): Promise<string> {
  const find = () => em.execute<{ code: string }[]>(`select code from referral_code where user_id = ?`, [userId]);
  for (;;) {
    const [mine] = await find();
    if (mine) return mine.code;
    // A code that somebody else has, or a second request of the same user, leaves nothing behind: look again.
    await em.execute(`insert into referral_code (user_id, code) values (?, ?) on conflict do nothing`, [
      userId,
      referralCodeFrom(randomBytes(REFERRAL_CODE_BYTES)),
    ]);
  }
}
