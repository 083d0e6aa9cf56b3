/** Placing forecasts: one call to the function in Postgres that judges and stores many at once. */

import type { EntityManager } from '@mikro-orm/postgresql';
import { type ErrorCode, isErrorCode } from '../../domain/error-codes.ts';
import type { ForecastId, MarketId, OutcomeId, UserId } from '../../domain/ids.ts';

/** `points`: whole chips, 1 or more. The hashes are keyed; null where nothing is known. */
export type ForecastInput = {
  forecastId: ForecastId;
  userId: UserId;
  marketId: MarketId;
  outcomeId: OutcomeId;
  points: number;
  deviceHash: string | null;
  ipHash: string | null;
};

/** A forecast that stands. `probability`: what its outcome was worth before it, 0 to 1. */
export type PlacedForecast = {
  id: ForecastId;
  marketId: MarketId;
  outcomeId: OutcomeId;
  userId: UserId;
  points: number;
  probability: number;
  placedAt: Date;
};

export type ForecastAnswer =
  | { ok: true; forecast: PlacedForecast }
  /**
   * market_not_found, market_not_open, market_closed, account_not_active, outcome_not_in_market, points_out_of_range,
   * already_forecast, insufficient_funds.
   */
  | { ok: false; code: ErrorCode; detail: string };

type Row = { code: string | null; allowed_points: string | null; probability: number | null; placed_at: Date | null };

/**
 * Places the forecasts, each user's at most one, in one transaction, and answers each in the order given; those that are
 * refused do not touch the others. A forecast that is placed already (the same id) is answered as it was. Fails as a whole
 * with what Postgres says when two forecasts are of one user, or when the transaction cannot be committed.
 */
export async function placeForecasts(em: EntityManager, inputs: readonly ForecastInput[]): Promise<ForecastAnswer[]> {
  if (inputs.length === 0) return [];
  const rows = await em.execute<Row[]>(
    'select code, allowed_points, probability, placed_at from place_forecasts(?::jsonb)',
    [JSON.stringify(inputs)],
  );
  return inputs.map((input, n) => toAnswer(input, rows[n]));
}

function toAnswer(input: ForecastInput, row: Row | undefined): ForecastAnswer {
  if (!row) throw new Error(`forecast ${input.forecastId} was not answered`);
  const { code, allowed_points: allowed, probability, placed_at: placedAt } = row;
  if (code !== null) {
    if (!isErrorCode(code)) throw new Error(`forecast ${input.forecastId}: ${code}`);
    return { ok: false, code, detail: detailOf(code, Number(allowed)) };
  }
  if (probability === null || placedAt === null) throw new Error(`forecast ${input.forecastId} is not stored`);
  const { forecastId: id, marketId, outcomeId, userId, points } = input;
  return { ok: true, forecast: { id, marketId, outcomeId, userId, points, probability, placedAt: new Date(placedAt) } };
}

/** The sentence the forecaster reads. */
function detailOf(code: ErrorCode, allowed: number): string {
  switch (code) {
    case 'points_out_of_range':
      return `A forecast here takes 1 to ${allowed} points.`;
    case 'insufficient_funds':
      return `The wallet holds ${allowed} chips.`;
    case 'market_closed':
      return 'The market takes no more forecasts.';
    case 'market_not_open':
      return 'The market is suspended.';
    case 'already_forecast':
      return 'There is a forecast of this account on this market.';
    case 'outcome_not_in_market':
      return 'The market has no such outcome.';
    case 'account_not_active':
      return 'The account is suspended.';
    default:
      return 'There is no such market.';
  }
}
