/** A comment on a market; its text is plain text, exactly as it was written. */

import { z } from '@hono/zod-openapi';
import type { Comment } from '../../db/social/comments.ts';
import type { ReportedComment } from '../../db/social/moderation.ts';
import { COMMENT_STATUSES } from '../../db/statuses.ts';
import { exampleId, InstantSchema, idSchema } from '../schemas/values.ts';

const commentFields = {
  id: idSchema('comment'),
  marketId: idSchema('market'),
  author: z.strictObject({ id: idSchema('user'), displayName: z.string() }),
  body: z.string(),
  status: z.enum(COMMENT_STATUSES),
  /** Why a moderator has hidden it: for its author and moderators. */
  hiddenReason: z.string().nullable(),
  createdAt: InstantSchema,
};

const commentExample = {
  id: exampleId('comment'),
  marketId: exampleId('market'),
  author: { id: exampleId('user'), displayName: 'Ada' },
  body: 'The second debate will decide it.',
  status: 'visible',
  hiddenReason: null,
  createdAt: '2026-03-01T12:00:00.000Z',
} as const;

export const CommentSchema = z.strictObject(commentFields).openapi('Comment', { example: commentExample });

export const ModeratedCommentSchema = z
  .strictObject({
    ...commentFields,
    /** Since a moderator last found it in order. */
    reports: z.int(),
    /** The newest. */
    reasons: z.array(z.strictObject({ userId: idSchema('user'), reason: z.string(), at: InstantSchema })),
    moderatedBy: idSchema('user').nullable(),
    moderatedAt: InstantSchema.nullable(),
  })
  .openapi('ModeratedComment', {
    example: {
      ...commentExample,
      reports: 1,
      reasons: [{ userId: exampleId('user'), reason: 'Insults another user', at: '2026-03-01T12:05:00.000Z' }],
      moderatedBy: null,
      moderatedAt: null,
    },
  });

export function toCommentResource(comment: Comment): z.infer<typeof CommentSchema> {
  const { id, marketId, author, body, status, hiddenReason, createdAt } = comment;
  return { id, marketId, author, body, status, hiddenReason, createdAt: createdAt.toISOString() };
}

export function toModeratedComment(comment: ReportedComment): z.infer<typeof ModeratedCommentSchema> {
  const { reports, reasons, moderatedBy, moderatedAt } = comment;
  return {
    ...toCommentResource(comment),
    reports,
    reasons,
    moderatedBy,
    moderatedAt: moderatedAt?.toISOString() ?? null,
  };
}
