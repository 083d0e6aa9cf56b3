/** Forecasts as their owners find them. */

import type { EntityManager } from '@mikro-orm/postgresql';
import type { MarketId, UserId } from '../../domain/ids.ts';
import type { ForecastStatus } from '../../domain/markets/market.ts';
import { Forecast } from '../entities/forecast.entity.ts';
import { Market } from '../entities/market.entity.ts';

type ForecastSearch = { status?: ForecastStatus; marketId?: MarketId; page: number; limit: number };

/** One page of a user's forecasts, newest first, and how many there are in all. */
export async function listForecasts(
  em: EntityManager,
  userId: UserId,
  { status, marketId, page, limit }: ForecastSearch,
): Promise<{ rows: Forecast[]; total: number }> {
  const where = { userId, ...(status && { status }), ...(marketId && { marketId }) };
  const [rows, total] = await em.findAndCount(Forecast, where, {
    orderBy: { seq: 'desc' },
    limit,
    offset: (page - 1) * limit,
  });
  return { rows, total };
}

/** The id of the market that has this name in addresses; null if there is none. */
export async function findMarketIdBySlug(em: EntityManager, slug: string): Promise<MarketId | null> {
  return (await em.findOne(Market, { slug }, { fields: ['id'] }))?.id ?? null;
}
