/** Each change of a market, written to Postgres before anybody is told. */

import type { ChangeMarketInput } from '../../activities/records/markets/market-records.ts';
import { type NextMarketAction, nextMarketAction } from '../../domain/markets/clocks.ts';
import type { MarketActor } from '../../domain/markets/market.ts';
import { marketRecords } from '../shared/activity-proxies.ts';
import type { MarketState } from './state.ts';

/** The market itself, where its clock does something. */
export const CLOCK: MarketActor = { role: 'system', id: 'market' };

/** `nextAction`: as the state it comes into asks for, unless given. */
export type MarketChange = Omit<ChangeMarketInput, 'marketId' | 'version' | 'nextAction'> & {
  nextAction?: NextMarketAction;
};

/**
 * Stores one change and takes over what is stored. If an earlier try of this very write had made another change (a worker
 * died after its commit), Postgres keeps that one: `false`, and the caller looks again.
 */
export async function record(state: MarketState, change: MarketChange): Promise<boolean> {
  const { market, input } = state;
  const nextAction = change.nextAction ?? nextMarketAction(change.to, change.at, market);
  const numbered = { marketId: input.marketId, version: market.version + 1, nextAction };
  const stored = await marketRecords.changeMarket({ ...change, ...numbered });
  state.adopt(stored);
  if (stored.applied) state.note(change.fact, change.actor.role, change.reason);
  return stored.applied;
}

export function now(): string {
  return new Date().toISOString();
}
