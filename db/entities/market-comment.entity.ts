/** What somebody says about a market. */

import { defineEntity, p } from '@mikro-orm/postgresql';
import { COMMENT_STATUSES } from '../statuses.ts';
import { id, insertedAt, instant } from './columns.ts';
import { Market } from './market.entity.ts';
import { UserAccount } from './user-account.entity.ts';

const MarketCommentSchema = defineEntity({
  name: 'MarketComment',
  tableName: 'market_comment',
  properties: {
    id: id('comment').primary(),
    /** The order in which comments were posted. */
    seq: p.bigint('number').autoincrement(),
    marketId: () => p.manyToOne(Market).mapToPk().joinColumn('market_id'),
    userId: () => p.manyToOne(UserAccount).mapToPk().joinColumn('user_id'),
    body: p.text(),
    status: p.enum(COMMENT_STATUSES).default('visible'),
    /** The last moderator who hid it or showed it again. */
    moderatedBy: id('user').nullable(),
    moderatedAt: instant().nullable(),
    hiddenReason: p.text().nullable(),
    reports: p.integer().default(0),
    createdAt: insertedAt(),
  },
});

/** A row of `market_comment`. */
export class MarketComment extends MarketCommentSchema.class {}
MarketCommentSchema.setClass(MarketComment);
