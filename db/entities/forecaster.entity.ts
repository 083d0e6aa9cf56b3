/** What somebody's settled forecasts add up to. Read only: settling a market writes it, many at once. */

import { defineEntity, p } from '@mikro-orm/postgresql';
import type { Badge } from '../../domain/forecasters/badges.ts';
import { id, instant, minor } from './columns.ts';

const ForecasterSchema = defineEntity({
  name: 'Forecaster',
  tableName: 'forecaster',
  properties: {
    userId: id('user').primary(),
    reputation: p.integer().default(0),
    /** What the last settled forecast brought, before reputation stops at 0. */
    lastDelta: p.integer().default(0),
    /** What that forecast was made at. */
    lastProbability: p.double().default(0),
    settled: p.integer().default(0),
    won: p.integer().default(0),
    lost: p.integer().default(0),
    stakedPoints: minor().default(0),
    wonPoints: minor().default(0),
    currentStreak: p.integer().default(0),
    bestStreak: p.integer().default(0),
    /** Sum of (outcome - probability)². */
    brierSum: p.double().default(0),
    /** In the order they were earned. */
    badges: p.array<Badge>().columnType('text[]').default([]),
    updatedAt: instant(),
  },
});

/** A row of `forecaster`. */
export class Forecaster extends ForecasterSchema.class {}
ForecasterSchema.setClass(Forecaster);
