/** What people see happening: the feed, newest first. */

import type { EntityManager } from '@mikro-orm/postgresql';
import type { MarketId, UserId } from '../../domain/ids.ts';
import type { ACTIVITY_TYPES } from '../statuses.ts';

export type ActivityEntry = {
  seq: number;
  type: (typeof ACTIVITY_TYPES)[number];
  at: Date;
  user: { id: UserId; displayName: string } | null;
  market: { id: MarketId; slug: string; title: string } | null;
  data: Record<string, unknown>;
};

type ActivitySearch = {
  marketId?: MarketId;
  userId?: UserId;
  /** Only of those whom this user follows. */
  followedBy?: UserId;
  /** Null: from the newest. */
  beforeSeq: number | null;
  limit: number;
};

type Row = {
  seq: string;
  type: ActivityEntry['type'];
  at: Date;
  data: Record<string, unknown>;
  user_id: UserId | null;
  display_name: string | null;
  market_id: MarketId | null;
  slug: string | null;
  title: string | null;
};

export async function listActivities(em: EntityManager, search: ActivitySearch): Promise<ActivityEntry[]> {
  const { marketId, userId, followedBy, beforeSeq, limit } = search;
  const conditions: string[] = ['true'];
  const params: (string | number)[] = [];
  const add = (condition: string, value: string | number | null | undefined): void => {
    if (value === null || value === undefined) return;
    conditions.push(condition);
    params.push(value);
  };
  add('a.market_id = ?', marketId);
  add('a.user_id = ?', userId);
  add('a.user_id in (select f.followed_id from follow f where f.follower_id = ?)', followedBy);
  add('a.seq < ?', beforeSeq);
  const rows = await em.execute<Row[]>(
    `select a.seq, a.type, a.at, a.data, a.user_id, u.display_name, a.market_id, m.slug, m.title
     from activity a left join user_account u on u.id = a.user_id left join market m on m.id = a.market_id
     where ${conditions.join(' and ')} order by a.seq desc limit ?`,
    [...params, limit],
  );
  return rows.map(toEntry);
}

function toEntry({ seq, type, at, data, user_id: userId, market_id: marketId, ...row }: Row): ActivityEntry {
  return {
    seq: Number(seq),
    type,
    at: new Date(at),
    data,
    user: userId === null ? null : { id: userId, displayName: row.display_name ?? '' },
    market: marketId === null ? null : { id: marketId, slug: row.slug ?? '', title: row.title ?? '' },
  };
}
