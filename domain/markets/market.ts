/** A prediction market: its states, who moves it between them, and what it is known by. */

import type { ForecastId, OutcomeId, UserId } from '../ids.ts';

export const MARKET_CATEGORIES = ['election', 'crypto', 'entertainment', 'sports', 'politics', 'other'] as const;
export type MarketCategory = (typeof MARKET_CATEGORIES)[number];

/** `resolved`: the outcome is final and the pool is being paid out. `cancelled`: stakes go back, or went. */
export const MARKET_STATUSES = [
  'open',
  'suspended',
  'closed',
  'proposed',
  'challenged',
  'resolved',
  'settled',
  'cancelled',
] as const;
export type MarketStatus = (typeof MARKET_STATUSES)[number];

export const FORECAST_STATUSES = ['placed', 'won', 'lost', 'returned'] as const;
export type ForecastStatus = (typeof FORECAST_STATUSES)[number];

const NEXT: Readonly<Record<MarketStatus, readonly MarketStatus[]>> = {
  open: ['suspended', 'closed', 'cancelled'],
  suspended: ['open', 'closed', 'cancelled'],
  closed: ['proposed', 'resolved', 'cancelled'],
  proposed: ['challenged', 'resolved', 'cancelled'],
  challenged: ['resolved', 'cancelled'],
  resolved: ['settled'],
  settled: [],
  cancelled: [],
};

/** Whether a market may go from one state to the other. */
export function canMoveMarket(from: MarketStatus, to: MarketStatus): boolean {
  return NEXT[from].includes(to);
}

/** The outcome is fixed, or there will be none: nothing that is asked for changes it any more. */
export function isDecided(status: MarketStatus): boolean {
  return status === 'resolved' || status === 'settled' || status === 'cancelled';
}

/** What a moderator says the outcome is, and why. */
export type Proposal = {
  outcomeId: OutcomeId;
  /** At least one, http or https. */
  evidenceUrls: readonly string[];
  note: string;
  proposedBy: UserId;
  /** RFC 3339. */
  proposedAt: string;
};

/** Why a forecaster says that a proposal is wrong. */
export type Challenge = { forecastId: ForecastId; reason: string; challengedBy: UserId; challengedAt: string };

/** The probability an outcome is shown with, 0 to 1: its points against the pool, every outcome with one point for free. */
export function probabilityOf(outcomePoints: number, poolPoints: number, outcomes: number): number {
  return (outcomePoints + 1) / (poolPoints + outcomes);
}

/** Who acts on a market. */
export type MarketActor = { role: 'moderator' | 'forecaster' | 'system'; id: UserId | 'market' };

/** What the market's own clock does next, and when. */
export const MARKET_NEXT_ACTIONS = [
  'close',
  'alert_resolver',
  'resolve_as_proposed',
  'alert_decider',
  'cancel',
  'pay_out',
  'none',
] as const;
export type MarketNextAction = (typeof MARKET_NEXT_ACTIONS)[number];
