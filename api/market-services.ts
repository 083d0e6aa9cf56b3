/** What placing forecasts and watching markets need of a process: made once, used by every request. */

import type { MikroORM } from '@mikro-orm/postgresql';
import type { Logger } from 'pino';
import { flagPlaced } from '../db/fraud/flag-placed.ts';
import { placeForecasts } from '../db/markets/place-forecasts.ts';
import { loadMarketsNow } from '../db/repositories/market-history.ts';
import type { ForecastId } from '../domain/ids.ts';
import { createForecastBatches, type ForecastBatches } from './forecast-batches.ts';
import { createLiveMarkets, type LiveMarkets } from './live-markets.ts';

export type MarketServices = { forecasts: ForecastBatches; live: LiveMarkets };

export function createMarketServices({ orm, log }: { orm: MikroORM; log: Logger }): MarketServices {
  return {
    forecasts: createForecastBatches({
      place: (inputs) => placeForecasts(orm.em.fork(), inputs),
      placed: createFlagging(orm, log),
    }),
    live: createLiveMarkets({
      load: (marketIds) => loadMarketsNow(orm.em.fork(), marketIds),
      failed: (err) => log.error({ err }, 'watched markets not read'),
    }),
  };
}

/** Looks at what was placed one call after the other, behind the answers; the hourly sweep sees what is missed here. */
function createFlagging(orm: MikroORM, log: Logger): (forecastIds: readonly ForecastId[]) => void {
  let waiting: ForecastId[] = [];
  let running = false;
  const run = async (): Promise<void> => {
    running = true;
    while (waiting.length > 0) {
      const ids = waiting;
      waiting = [];
      try {
        await flagPlaced(orm.em.fork(), ids);
      } catch (err) {
        log.error({ err }, 'forecasts not checked');
      }
    }
    running = false;
  };
  return (forecastIds) => {
    waiting.push(...forecastIds);
    if (!running) void run();
  };
}
