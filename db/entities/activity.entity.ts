/** Something people see happening: the feed. */

import { defineEntity, p } from '@mikro-orm/postgresql';
import { ACTIVITY_TYPES } from '../statuses.ts';
import { id, instant } from './columns.ts';

const ActivitySchema = defineEntity({
  name: 'Activity',
  tableName: 'activity',
  properties: {
    seq: p.bigint('number').primary().autoincrement(),
    type: p.enum(ACTIVITY_TYPES),
    userId: id('user').nullable(),
    marketId: id('market').nullable(),
    data: p.json<Record<string, unknown>>().default('{}'),
    at: instant(),
  },
});

/** A row of `activity`. */
export class Activity extends ActivitySchema.class {}
ActivitySchema.setClass(Activity);
