/** Somebody who thinks that a comment should not be there. */

import { defineEntity, p } from '@mikro-orm/postgresql';
import { insertedAt } from './columns.ts';
import { MarketComment } from './market-comment.entity.ts';
import { UserAccount } from './user-account.entity.ts';

const CommentReportSchema = defineEntity({
  name: 'CommentReport',
  tableName: 'comment_report',
  properties: {
    commentId: () => p.manyToOne(MarketComment).mapToPk().joinColumn('comment_id').primary(),
    userId: () => p.manyToOne(UserAccount).mapToPk().joinColumn('user_id').primary(),
    reason: p.text(),
    at: insertedAt(),
  },
});

/** A row of `comment_report`. */
export class CommentReport extends CommentReportSchema.class {}
CommentReportSchema.setClass(CommentReport);
