/** Who follows whom. */

import type { EntityManager } from '@mikro-orm/postgresql';
import type { UserId } from '../../domain/ids.ts';

/** A person on one side of a follow, and since when. */
export type Followed = { id: UserId; displayName: string; since: Date };

/** `followers`: those who follow the user; `following`: those whom the user follows. */
export type FollowSide = 'followers' | 'following';

/** Whether the account is there for others to see. */
export async function isActiveUser(em: EntityManager, id: UserId): Promise<boolean> {
  const rows = await em.execute(`select 1 from user_account where id = ? and status = 'active'`, [id]);
  return rows.length > 0;
}

/** Following twice is following. */
export async function follow(em: EntityManager, followerId: UserId, followedId: UserId): Promise<void> {
  await em.execute(`insert into follow (follower_id, followed_id) values (?, ?) on conflict do nothing`, [
    followerId,
    followedId,
  ]);
}

export async function unfollow(em: EntityManager, followerId: UserId, followedId: UserId): Promise<void> {
  await em.execute(`delete from follow where follower_id = ? and followed_id = ?`, [followerId, followedId]);
}

/** One page, newest first, of people whose accounts are active. */
export async function listFollows(
  em: EntityManager,
  userId: UserId,
  side: FollowSide,
  { page, limit }: { page: number; limit: number },
): Promise<{ rows: Followed[]; total: number }> {
  const [mine, theirs] = side === 'followers' ? ['followed_id', 'follower_id'] : ['follower_id', 'followed_id'];
  const of = `from follow f join user_account u on u.id = f.${theirs} and u.status = 'active' where f.${mine} = ?`;
  const rows = await em.execute<{ id: UserId; display_name: string; at: Date }[]>(
    `select u.id, u.display_name, f.at ${of} order by f.at desc, u.id limit ? offset ?`,
    [userId, limit, (page - 1) * limit],
  );
  const [count] = await em.execute<{ total: number }[]>(`select count(*)::int as total ${of}`, [userId]);
  return {
    rows: rows.map(({ id, display_name: displayName, at }) => ({ id, displayName, since: new Date(at) })),
    total: count?.total ?? 0,
  };
}
