/** Comments on markets: posting, reading, deleting one's own, and reporting those of others. */

import type { EntityManager } from '@mikro-orm/postgresql';
import type { Id, MarketId, UserId } from '../../domain/ids.ts';
import type { COMMENT_STATUSES } from '../statuses.ts';

export type CommentId = Id<'comment'>;
export type CommentStatus = (typeof COMMENT_STATUSES)[number];

/** A comment with its author's name. */
export type Comment = {
  id: CommentId;
  seq: number;
  marketId: MarketId;
  author: { id: UserId; displayName: string };
  body: string;
  status: CommentStatus;
  reports: number;
  hiddenReason: string | null;
  moderatedBy: UserId | null;
  moderatedAt: Date | null;
  createdAt: Date;
};

/** Who reads: moderators see what is hidden, authors their own. */
export type Reader = { id: UserId | null; isModerator: boolean };

export type CommentRow = {
  id: CommentId;
  seq: string;
  market_id: MarketId;
  user_id: UserId;
  display_name: string;
  body: string;
  status: CommentStatus;
  reports: number;
  hidden_reason: string | null;
  moderated_by: UserId | null;
  moderated_at: Date | null;
  created_at: Date;
};

/** The columns of a `CommentRow`, of `market_comment c` and its author `u`. */
export const COMMENT_COLUMNS = `c.id, c.seq, c.market_id, c.user_id, u.display_name, c.body, c.status, c.reports,
  c.hidden_reason, c.moderated_by, c.moderated_at, c.created_at`;

/** What a reader may see of `market_comment c`; its parameters are the reader's id and whether they moderate. */
const SEEN = `(c.status = 'visible' or (c.status = 'hidden' and (c.user_id = ? or ?)))`;
const seenBy = ({ id, isModerator }: Reader) => [id ?? '', isModerator];

export async function marketExists(em: EntityManager, id: MarketId): Promise<boolean> {
  return (await em.execute(`select 1 from market where id = ?`, [id])).length > 0;
}

/** Stores a comment, exactly as it is written, and tells of it in the feed; the same id again changes nothing. */
export async function postComment(
  em: EntityManager,
  comment: { id: CommentId; marketId: MarketId; userId: UserId; body: string },
): Promise<void> {
  const { id, marketId, userId, body } = comment;
  await em.execute(
    `with posted as (
       insert into market_comment (id, market_id, user_id, body) values (?, ?, ?, ?)
       on conflict (id) do nothing returning id, market_id, user_id
     )
     insert into activity (type, user_id, market_id, data)
     select 'comment_posted', user_id, market_id, jsonb_build_object('commentId', id) from posted`,
    [id, marketId, userId, body],
  );
}

/** Newest first, those before `beforeSeq`. */
export async function listComments(
  em: EntityManager,
  marketId: MarketId,
  reader: Reader,
  { beforeSeq, limit }: { beforeSeq: number | null; limit: number },
): Promise<Comment[]> {
  const rows = await em.execute<CommentRow[]>(
    `select ${COMMENT_COLUMNS} from market_comment c join user_account u on u.id = c.user_id
     where c.market_id = ? and ${SEEN} and c.seq < ? order by c.seq desc limit ?`,
    [marketId, ...seenBy(reader), beforeSeq ?? Number.MAX_SAFE_INTEGER, limit],
  );
  return rows.map(toComment);
}

/** Null when there is none that this reader may see. */
export async function findComment(em: EntityManager, id: CommentId, reader: Reader): Promise<Comment | null> {
  const [row] = await em.execute<CommentRow[]>(
    `select ${COMMENT_COLUMNS} from market_comment c join user_account u on u.id = c.user_id
     where c.id = ? and ${SEEN}`,
    [id, ...seenBy(reader)],
  );
  return row ? toComment(row) : null;
}

/** Whose a comment is, even a deleted one; null when there has never been one. */
export async function authorOf(em: EntityManager, id: CommentId): Promise<UserId | null> {
  const [row] = await em.execute<{ user_id: UserId }[]>(`select user_id from market_comment where id = ?`, [id]);
  return row?.user_id ?? null;
}

/** For good: nobody is shown it any more. */
export async function deleteComment(em: EntityManager, id: CommentId): Promise<void> {
  await em.execute(`update market_comment set status = 'deleted' where id = ?`, [id]);
}

/** Counts once for each person, whatever they say and how often. */
export async function reportComment(em: EntityManager, id: CommentId, userId: UserId, reason: string): Promise<void> {
  await em.execute(
    `with reported as (
       insert into comment_report (comment_id, user_id, reason) values (?, ?, ?)
       on conflict do nothing returning comment_id
     )
     update market_comment set reports = reports + 1 where id in (select comment_id from reported)`,
    [id, userId, reason],
  );
}

export function toComment(row: CommentRow): Comment {
  return {
    id: row.id,
    seq: Number(row.seq),
    marketId: row.market_id,
    author: { id: row.user_id, displayName: row.display_name },
    body: row.body,
    status: row.status,
    reports: row.reports,
    hiddenReason: row.hidden_reason,
    moderatedBy: row.moderated_by,
    moderatedAt: row.moderated_at && new Date(row.moderated_at),
    createdAt: new Date(row.created_at),
  };
}
