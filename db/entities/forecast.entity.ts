/** A forecast: one user's stake on one outcome, and what became of it. */

import { defineEntity, p } from '@mikro-orm/postgresql';
import { FORECAST_STATUSES } from '../../domain/markets/market.ts';
import { id, instant, minor } from './columns.ts';
import { Market } from './market.entity.ts';
import { MarketOutcome } from './market-outcome.entity.ts';
import { UserAccount } from './user-account.entity.ts';

const ForecastSchema = defineEntity({
  name: 'Forecast',
  tableName: 'forecast',
  properties: {
    id: id('forecast').primary(),
    /** The order in which forecasts were placed, over all markets. */
    seq: p.bigint('number').autoincrement(),
    marketId: () => p.manyToOne(Market).mapToPk().joinColumn('market_id'),
    outcomeId: () => p.manyToOne(MarketOutcome).mapToPk().joinColumn('outcome_id'),
    userId: () => p.manyToOne(UserAccount).mapToPk().joinColumn('user_id'),
    points: minor(),
    /** What the outcome was worth before this forecast, between 0 and 1. */
    probability: p.double(),
    status: p.enum(FORECAST_STATUSES).default('placed'),
    payoutPoints: minor().nullable(),
    reputationDelta: p.integer().nullable(),
    deviceHash: p.text().nullable(),
    ipHash: p.text().nullable(),
    placedAt: instant(),
    settledAt: instant().nullable(),
  },
});

/** A row of `forecast`. */
export class Forecast extends ForecastSchema.class {}
ForecastSchema.setClass(Forecast);
