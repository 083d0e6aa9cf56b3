/** Moderating comments: what was reported, hiding and showing; every step is a fact with who did it and why. */

import type { EntityManager } from '@mikro-orm/postgresql';
import type { FactActor } from '../../domain/facts.ts';
import type { UserId } from '../../domain/ids.ts';
import { DomainEvent } from '../entities/domain-event.entity.ts';
import { newId } from '../new-id.ts';
import {
  COMMENT_COLUMNS,
  type Comment,
  type CommentId,
  type CommentRow,
  type CommentStatus,
  toComment,
} from './comments.ts';

const REPORTS_SHOWN = 20;

export type ReportedComment = Comment & { reasons: { userId: UserId; reason: string; at: string }[] };

type ModeratedRow = CommentRow & { reasons: ReportedComment['reasons'] | null };

/** One page for moderators: those with most reports first, then the newest. Deleted ones only where asked for. */
export async function listForModeration(
  em: EntityManager,
  { reported, status, page, limit }: { reported: boolean; status?: CommentStatus; page: number; limit: number },
): Promise<{ rows: ReportedComment[]; total: number }> {
  const conditions = [
    ...(reported ? ['c.reports > 0'] : []),
    ...(status === undefined ? [`c.status <> 'deleted'`] : ['c.status = ?']),
  ];
  const where = `where ${conditions.join(' and ')}`;
  const params = status === undefined ? [] : [status];
  const rows = await em.execute<ModeratedRow[]>(
    `select ${COMMENT_COLUMNS}, (
       select jsonb_agg(jsonb_build_object('userId', q.user_id, 'reason', q.reason, 'at', q.at) order by q.at desc)
       from (select * from comment_report r where r.comment_id = c.id order by r.at desc limit ${REPORTS_SHOWN}) q
     ) as reasons
     from market_comment c join user_account u on u.id = c.user_id
     ${where} order by c.reports desc, c.seq desc limit ? offset ?`,
    [...params, limit, (page - 1) * limit],
  );
  const [count] = await em.execute<{ total: number }[]>(
    `select count(*)::int as total from market_comment c ${where}`,
    params,
  );
  const toInstant = (at: string) => new Date(at).toISOString();
  return {
    rows: rows.map((row) => ({
      ...toComment(row),
      reasons: (row.reasons ?? []).map((each) => ({ ...each, at: toInstant(each.at) })),
    })),
    total: count?.total ?? 0,
  };
}

/** Null shows it again; reports of before are then dealt with, and only new ones count. */
export type Moderation = { commentId: CommentId; moderator: FactActor; hiddenReason: string | null };

/** Hides or shows a comment; false when there is none, or its author has deleted it. What is so already stays so. */
export function moderate(em: EntityManager, { commentId, moderator, hiddenReason }: Moderation): Promise<boolean> {
  return em.fork().transactional(async (tx) => {
    const [comment] = await tx.execute<{ status: CommentStatus; hidden_reason: string | null; reports: number }[]>(
      `select status, hidden_reason, reports from market_comment where id = ? for no key update`,
      [commentId],
    );
    if (!comment || comment.status === 'deleted') return false;
    const status: CommentStatus = hiddenReason === null ? 'visible' : 'hidden';
    const isSo = comment.status === status && comment.hidden_reason === hiddenReason;
    if (isSo && (status === 'hidden' || comment.reports === 0)) return true;
    await tx.execute(
      `update market_comment set status = ?, hidden_reason = ?, moderated_by = ?, moderated_at = now(),
         reports = case when ? then reports else 0 end
       where id = ?`,
      [status, hiddenReason, moderator.id, status === 'hidden', commentId],
    );
    tx.create(DomainEvent, {
      id: newId('event'),
      type: status === 'hidden' ? 'comment.hidden' : 'comment.shown',
      subjectId: commentId,
      actorRole: moderator.role,
      actorId: moderator.id,
      data: hiddenReason === null ? {} : { reason: hiddenReason },
      at: new Date(),
    });
    return true;
  });
}
