/** The check right after forecasts were placed: only what they touch is looked at. */

import type { EntityManager } from '@mikro-orm/postgresql';
import type { ForecastId, Id } from '../../domain/ids.ts';
import { raiseFlags } from './flags.ts';
import { findingsOfForecasts } from './forecast-findings.ts';

/** Judges the devices, addresses and markets of these forecasts and raises what it finds; answers the new flags. */
export async function flagPlaced(em: EntityManager, forecastIds: readonly ForecastId[]): Promise<Id<'flag'>[]> {
  if (forecastIds.length === 0) return [];
  return await raiseFlags(em, await findingsOfForecasts(em, { forecastIds }));
}
