/** One place on one leaderboard, as of the last refresh. */

import { defineEntity, p } from '@mikro-orm/postgresql';
import { LEADERBOARD_CATEGORIES, LEADERBOARD_PERIODS } from '../../domain/forecasters/leaderboards.ts';
import { id, instant, minor } from './columns.ts';

const LeaderboardEntrySchema = defineEntity({
  name: 'LeaderboardEntry',
  tableName: 'leaderboard_entry',
  primaryKeys: ['period', 'category', 'rank'],
  properties: {
    period: p.enum(LEADERBOARD_PERIODS).primary(),
    category: p.enum(LEADERBOARD_CATEGORIES).primary(),
    /** From 1. */
    rank: p.integer().primary(),
    userId: id('user'),
    /** Sum of what the forecasts settled in the period brought. */
    score: p.integer(),
    won: p.integer(),
    settled: p.integer(),
    wonPoints: minor(),
    refreshedAt: instant(),
  },
});

/** A row of `leaderboard_entry`. */
export class LeaderboardEntry extends LeaderboardEntrySchema.class {}
LeaderboardEntrySchema.setClass(LeaderboardEntry);
