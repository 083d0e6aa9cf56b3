/** A badge somebody has earned; they keep it. */

import { defineEntity, p } from '@mikro-orm/postgresql';
import type { Badge } from '../../domain/forecasters/badges.ts';
import { id, insertedAt } from './columns.ts';

const BadgeAwardSchema = defineEntity({
  name: 'BadgeAward',
  tableName: 'badge_award',
  primaryKeys: ['userId', 'badge'],
  properties: {
    userId: id('user').primary(),
    badge: p.text().$type<Badge>().primary(),
    /** Whose settlement earned it. */
    marketId: id('market'),
    /** The rule's words when it was earned. */
    reason: p.text(),
    earnedAt: insertedAt(),
  },
});

/** A row of `badge_award`. */
export class BadgeAward extends BadgeAwardSchema.class {}
BadgeAwardSchema.setClass(BadgeAward);
