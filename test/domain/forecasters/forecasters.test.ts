/** What settled forecasts make of a forecaster. */

import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { BADGE_RULES, badgesDue } from '../../../domain/forecasters/badges.ts';
import { compareStandings, type Standing } from '../../../domain/forecasters/leaderboards.ts';
import {
  afterSettled,
  decileOf,
  type ForecasterRecord,
  NEW_FORECASTER,
  reputationDelta,
  type SettledForecast,
} from '../../../domain/forecasters/reputation.ts';

const anyForecast: fc.Arbitrary<SettledForecast> = fc
  .record({ won: fc.boolean(), points: fc.integer({ min: 1, max: 1e4 }), n: fc.integer({ min: 1, max: 999 }) })
  .map(({ won, points, n }) => ({ won, points, payoutPoints: won ? points * 2 : 0, probability: n / 1_000 }));

const recordOf = (forecasts: readonly SettledForecast[]): ForecasterRecord =>
  forecasts.reduce(afterSettled, NEW_FORECASTER);
const times = (count: number, forecast: Partial<SettledForecast>): SettledForecast[] =>
  Array.from({ length: count }, () => ({ won: true, points: 1, payoutPoints: 1, probability: 0.5, ...forecast }));

/** Badges that are due after the last of these. */
function badgesAfter(forecasts: readonly SettledForecast[]): string[] {
  const last = forecasts.at(-1);
  return last ? badgesDue(recordOf(forecasts), last) : [];
}

describe('the reputation', () => {
  it.each([
    [true, 0.2, 80],
    [true, 0.9, 10],
    [false, 0.9, -90],
    [false, 0.01, -1],
    [true, 0.125, 88],
    [false, 0.125, -13],
    // 100 × (1 - 0.375) and a double just under it.
    [true, 0.375, 63],
    [true, 0.37500000000000006, 63],
  ])('of a forecast (won: %s) at %s changes by %s', (won, probability, delta) => {
    expect(reputationDelta({ won, probability })).toBe(delta);
  });

  it('is never below 0, nor below what all forecasts brought, nor above what the good ones did', () => {
    fc.assert(
      fc.property(fc.array(anyForecast), (forecasts) => {
        const { reputation } = recordOf(forecasts);
        const deltas = forecasts.map(reputationDelta);
        const sum = (of: readonly number[]) => of.reduce((total, delta) => total + delta, 0);
        expect(reputation).toBeGreaterThanOrEqual(Math.max(0, sum(deltas)));
        expect(reputation).toBeLessThanOrEqual(sum(deltas.filter((delta) => delta > 0)));
      }),
    );
  });
});

describe('the record', () => {
  it('adds up, whatever was forecast', () => {
    fc.assert(
      fc.property(fc.array(anyForecast), (forecasts) => {
        const record = recordOf(forecasts);
        expect(record.settled).toBe(forecasts.length);
        expect(record.won + record.lost).toBe(record.settled);
        expect(record.bestStreak).toBeLessThanOrEqual(record.won);
        const runs = forecasts
          .map(({ won }) => (won ? 'w' : 'l'))
          .join('')
          .split('l');
        expect([record.currentStreak, record.bestStreak]).toEqual([
          runs.at(-1)?.length,
          Math.max(...runs.map(({ length }) => length)),
        ]);
        const bins = record.calibration.reduce((a, b) => ({
          forecasts: a.forecasts + b.forecasts,
          won: a.won + b.won,
        }));
        expect(bins).toEqual({ forecasts: record.settled, won: record.won });
      }),
    );
  });

  it.each([
    [0.000_1, 0],
    [0.1, 1],
    [0.3, 3],
    [0.899_9, 8],
    [0.9, 9],
    [1 - Number.EPSILON / 2, 9],
  ])('puts %s into decile %s', (probability, decile) => {
    expect(decileOf(probability)).toBe(decile);
  });
});

describe('badges', () => {
  it('are each known by one name and say why', () => {
    expect(new Set(BADGE_RULES.map(({ badge }) => badge)).size).toBe(BADGE_RULES.length);
    for (const { reason } of BADGE_RULES) expect(reason).toMatch(/^[A-Z].{10,}\.$/);
  });

  it.each([
    ['first_forecast', 1, { won: false, probability: 0.1 }],
    ['first_win', 1, { probability: 0.9 }],
    ['wins_10', 10, {}],
    ['wins_50', 50, {}],
    ['streak_3', 3, {}],
    ['streak_5', 5, {}],
    ['streak_10', 10, {}],
    // 0.44² = 0.194 is good enough, 0.45² = 0.2025 would not be.
    ['well_calibrated', 20, { probability: 0.56 }],
    ['underdog', 1, { probability: 0.2 }],
    ['veteran', 100, { won: false }],
    ['reputation_100', 2, { probability: 0.5 }],
    ['reputation_500', 10, { probability: 0.5 }],
  ] as const)('%s is earned with number %s of %j, not before', (badge, count, forecast) => {
    expect(badgesAfter(times(count, forecast))).toContain(badge);
    expect(badgesAfter(times(count - 1, forecast))).not.toContain(badge);
  });

  it.each([
    ['well_calibrated', times(20, { probability: 0.55 })],
    ['underdog', times(1, { probability: 0.2, won: false })],
    ['streak_3', [...times(2, {}), ...times(1, { won: false }), ...times(2, {})]],
  ])('%s is not given for less', (badge, forecasts) => {
    expect(badgesAfter(forecasts)).not.toContain(badge);
  });
});

describe('a leaderboard', () => {
  it('has one order, by score, then points won, then account', () => {
    const standing = (score: number, wonPoints: number, n: number): Standing => ({
      userId: `usr_${n}`,
      score,
      wonPoints,
    });
    const inOrder = [standing(9, 0, 7), standing(5, 20, 6), standing(5, 10, 1), standing(5, 10, 2), standing(-3, 0, 0)];
    fc.assert(
      fc.property(fc.shuffledSubarray(inOrder, { minLength: inOrder.length }), (shuffled) => {
        expect(shuffled.toSorted(compareStandings)).toEqual(inOrder);
      }),
    );
  });
});
