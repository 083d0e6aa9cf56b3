/** What is made once in a process and shared by its requests: what gathers them, and what watches for them. */

import { setTimeout as delay } from 'node:timers/promises';
import type { MikroORM } from '@mikro-orm/postgresql';
import type { Logger } from 'pino';
import { flagPlaced } from '../db/fraud/flag-placed.ts';
import { type ForecastAnswer, type ForecastInput, placeForecasts } from '../db/markets/place-forecasts.ts';
import { loadMarketsNow } from '../db/repositories/market-history.ts';
import { findSessionUsers, type SessionUser } from '../db/repositories/refresh-tokens.ts';
import type { ForecastId } from '../domain/ids.ts';
import type { AccessClaims } from './auth/tokens.ts';
import { createBatches } from './batches.ts';
import { createLiveMarkets, type LiveMarkets } from './live-markets.ts';

/** Between two looks at what was placed: they cost less the more there is. */
const FLAGGING_PAUSE_MS = 250;

export type ProcessServices = {
  /** Who is signed in by a session, as the database knows at this moment; null for nobody. */
  findSessionUser: (claims: AccessClaims) => Promise<SessionUser | null>;
  /** Answered once it is stored for good, or refused. */
  placeForecast: (input: ForecastInput) => Promise<ForecastAnswer>;
  live: LiveMarkets;
};

export function createProcessServices({ orm, log }: { orm: MikroORM; log: Logger }): ProcessServices {
  const flag = createFlagging(orm, log);
  return {
    findSessionUser: createBatches({
      call: (claims: readonly AccessClaims[]) => findSessionUsers(orm.em.fork(), claims),
    }),
    placeForecast: createBatches({
      call: (inputs: readonly ForecastInput[]) => placeForecasts(orm.em.fork(), inputs),
      // The function in Postgres takes a user once a call.
      laneOf: ({ userId }) => userId,
      answered: (answers) => flag(answers.flatMap((answer) => (answer.ok ? [answer.forecast.id] : []))),
    }),
    live: createLiveMarkets({
      load: (marketIds) => loadMarketsNow(orm.em.fork(), marketIds),
      failed: (err) => log.error({ err }, 'watched markets not read'),
    }),
  };
}

/** Looks at what was placed, behind the answers; the hourly sweep sees what is missed here. */
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
      await delay(FLAGGING_PAUSE_MS, undefined, { ref: false });
    }
    running = false;
  };
  return (forecastIds) => {
    waiting.push(...forecastIds);
    if (!running) void run();
  };
}
