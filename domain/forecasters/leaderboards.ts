/** Leaderboards: over which time, of which markets, and who stands above whom. */

import type { UserId } from '../ids.ts';
import { MARKET_CATEGORIES } from '../markets/market.ts';

export const LEADERBOARD_PERIODS = ['day', 'week', 'month', 'all'] as const;
export type LeaderboardPeriod = (typeof LEADERBOARD_PERIODS)[number];

const HOUR_MS = 3_600_000;

/**
 * How long before the refresh a forecast may have been settled to count; null: however long. Sliding, so that no board is
 * empty on the first of a month and nobody gains from their time zone.
 */
export const PERIOD_MS: Readonly<Record<LeaderboardPeriod, number | null>> = {
  day: 24 * HOUR_MS,
  week: 7 * 24 * HOUR_MS,
  month: 30 * 24 * HOUR_MS,
  all: null,
};

/** One board for each category of markets, and one for all together. */
export const LEADERBOARD_CATEGORIES = ['all', ...MARKET_CATEGORIES] as const;
export type LeaderboardCategory = (typeof LEADERBOARD_CATEGORIES)[number];

/** Places kept of each board. */
export const BOARD_SIZE = 1_000;

/** Sums over one user's forecasts that were won or lost within the period, in the category. */
export type Standing = { userId: UserId; score: number; wonPoints: number };

/** The higher score stands above; then who won more points; then the older account (ids are in the order of time). */
export function compareStandings(a: Standing, b: Standing): number {
  return b.score - a.score || b.wonPoints - a.wonPoints || (a.userId < b.userId ? -1 : 1);
}
