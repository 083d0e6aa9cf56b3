/** What a settled forecast does to its forecaster: reputation, record, streaks, calibration. Postgres does the same to many at once. */

/** A forecast that was won or lost. `payoutPoints` is 0 for a lost one; a returned forecast changes nothing. */
export type SettledForecast = {
  won: boolean;
  points: number;
  payoutPoints: number;
  /** What its outcome was worth before it was placed, between 0 and 1. */
  probability: number;
};

/** How often forecasts of one decile of probability came true: over many, as often as the probability says. */
export type CalibrationBin = { forecasts: number; won: number };

export type ForecasterRecord = {
  /** Never below 0. */
  reputation: number;
  settled: number;
  won: number;
  lost: number;
  stakedPoints: number;
  wonPoints: number;
  /** Wins in a row up to now, and the most there ever were, in the order of settlement. */
  currentStreak: number;
  bestStreak: number;
  /** Sum of (outcome - probability)²: 0 is foresight, 0.25 each is guessing at even chances. */
  brierSum: number;
  /** By decile of probability, 0 to 9. */
  calibration: readonly CalibrationBin[];
};

export const DECILES = 10;

/** Somebody without a settled forecast. */
export const NEW_FORECASTER: ForecasterRecord = {
  reputation: 0,
  settled: 0,
  won: 0,
  lost: 0,
  stakedPoints: 0,
  wonPoints: 0,
  currentStreak: 0,
  bestStreak: 0,
  brierSum: 0,
  calibration: Array.from({ length: DECILES }, () => ({ forecasts: 0, won: 0 })),
};

/**
 * What a forecast is worth: 100 × (1 or 0 for won or lost, minus its probability), rounded, halves away from 0. Who wins
 * against the odds gains most; who loses on a favourite loses most; following the crowd earns next to nothing.
 */
export function reputationDelta({ won, probability }: Pick<SettledForecast, 'won' | 'probability'>): number {
  // To 15 digits, as Postgres makes a numeric of a double: 62.499999999999993 is a half.
  const worth = Number((100 * ((won ? 1 : 0) - probability)).toPrecision(15));
  return Math.sign(worth) * Math.round(Math.abs(worth));
}

/** The decile of a probability: 0 under 10 %, 9 from 90 %. */
export function decileOf(probability: number): number {
  return Math.min(DECILES - 1, Math.floor(probability * DECILES));
}

/** (outcome - probability)² of one forecast. */
export function brierOf({ won, probability }: Pick<SettledForecast, 'won' | 'probability'>): number {
  const miss = won ? 1 - probability : probability;
  return miss * miss;
}

/** The record after one more settled forecast. */
export function afterSettled(record: ForecasterRecord, forecast: SettledForecast): ForecasterRecord {
  const { won, points, payoutPoints, probability } = forecast;
  const currentStreak = won ? record.currentStreak + 1 : 0;
  return {
    reputation: Math.max(0, record.reputation + reputationDelta(forecast)),
    settled: record.settled + 1,
    won: record.won + (won ? 1 : 0),
    lost: record.lost + (won ? 0 : 1),
    stakedPoints: record.stakedPoints + points,
    wonPoints: record.wonPoints + payoutPoints,
    currentStreak,
    bestStreak: Math.max(record.bestStreak, currentStreak),
    brierSum: record.brierSum + brierOf(forecast),
    calibration: record.calibration.map((bin, decile) =>
      decile === decileOf(probability) ? { forecasts: bin.forecasts + 1, won: bin.won + (won ? 1 : 0) } : bin,
    ),
  };
}
