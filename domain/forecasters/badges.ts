/** Badges: each a rule with its reason, looked at whenever a forecast of somebody is settled. Once earned, kept. */

import type { ForecasterRecord, SettledForecast } from './reputation.ts';

/** `meanBrier`: brierSum / settled. `winProbability`: of the forecast just settled, if it was won; no number otherwise. */
export type BadgeMetric = 'settled' | 'won' | 'bestStreak' | 'reputation' | 'meanBrier' | 'winProbability';

/** One bound of one metric, itself included. */
export type BadgeCondition = { metric: BadgeMetric; atLeast: number } | { metric: BadgeMetric; atMost: number };

/** `when`: all of them hold. `reason`: what earned it, in words for everybody. */
export type BadgeRule = { badge: string; title: string; reason: string; when: readonly BadgeCondition[] };

const WELL_CALIBRATED = { settled: 20, meanBrier: 0.2 } as const;
const LONG_ODDS = 0.2;

export const BADGE_RULES = [
  {
    badge: 'first_forecast',
    title: 'First forecast',
    reason: 'A first forecast was settled, won or lost.',
    when: [{ metric: 'settled', atLeast: 1 }],
  },
  {
    badge: 'first_win',
    title: 'First win',
    reason: 'A first forecast came true.',
    when: [{ metric: 'won', atLeast: 1 }],
  },
  {
    badge: 'wins_10',
    title: 'Ten wins',
    reason: 'Ten forecasts came true.',
    when: [{ metric: 'won', atLeast: 10 }],
  },
  {
    badge: 'wins_50',
    title: 'Fifty wins',
    reason: 'Fifty forecasts came true.',
    when: [{ metric: 'won', atLeast: 50 }],
  },
  {
    badge: 'streak_3',
    title: 'Three in a row',
    reason: 'Three forecasts settled one after the other came true.',
    when: [{ metric: 'bestStreak', atLeast: 3 }],
  },
  {
    badge: 'streak_5',
    title: 'Five in a row',
    reason: 'Five forecasts settled one after the other came true.',
    when: [{ metric: 'bestStreak', atLeast: 5 }],
  },
  {
    badge: 'streak_10',
    title: 'Ten in a row',
    reason: 'Ten forecasts settled one after the other came true.',
    when: [{ metric: 'bestStreak', atLeast: 10 }],
  },
  {
    badge: 'well_calibrated',
    title: 'Well calibrated',
    reason: `Over ${WELL_CALIBRATED.settled} settled forecasts or more, a mean Brier score of ${WELL_CALIBRATED.meanBrier} or better; guessing at even chances gives 0.25.`,
    when: [
      { metric: 'settled', atLeast: WELL_CALIBRATED.settled },
      { metric: 'meanBrier', atMost: WELL_CALIBRATED.meanBrier },
    ],
  },
  {
    badge: 'underdog',
    title: 'Underdog',
    reason: `A forecast came true that the crowd gave ${LONG_ODDS * 100} % or less.`,
    when: [{ metric: 'winProbability', atMost: LONG_ODDS }],
  },
  {
    badge: 'veteran',
    title: 'Veteran',
    reason: 'A hundred forecasts were settled.',
    when: [{ metric: 'settled', atLeast: 100 }],
  },
  {
    badge: 'reputation_100',
    title: 'Trusted forecaster',
    reason: 'The reputation reached 100.',
    when: [{ metric: 'reputation', atLeast: 100 }],
  },
  {
    badge: 'reputation_500',
    title: 'Oracle',
    reason: 'The reputation reached 500.',
    when: [{ metric: 'reputation', atLeast: 500 }],
  },
] as const satisfies readonly BadgeRule[];

export type Badge = (typeof BADGE_RULES)[number]['badge'];

/** The badges whose rules hold after a forecast was settled, earned before or not. */
export function badgesDue(
  record: Omit<ForecasterRecord, 'calibration'>,
  last: Pick<SettledForecast, 'won' | 'probability'>,
): Badge[] {
  const metrics: Readonly<Record<BadgeMetric, number>> = {
    settled: record.settled,
    won: record.won,
    bestStreak: record.bestStreak,
    reputation: record.reputation,
    meanBrier: record.brierSum / record.settled,
    winProbability: last.won ? last.probability : Number.NaN,
  };
  const holds = (condition: BadgeCondition): boolean =>
    'atLeast' in condition
      ? metrics[condition.metric] >= condition.atLeast
      : metrics[condition.metric] <= condition.atMost;
  return BADGE_RULES.filter(({ when }) => when.every(holds)).map(({ badge }) => badge);
}
