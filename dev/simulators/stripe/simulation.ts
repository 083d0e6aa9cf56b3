/** What every part of the simulator works on: the store, the clock, the settings and the way to announce events. */

import { randomBytes } from 'node:crypto';
import type { SimulationClock } from '../shared/clock.ts';
import type { Store } from './store.ts';

const DAY_MS = 86_400_000;

export type SimulationSettings = {
  /** How long a card authorisation lasts until it lapses: 7 days at Stripe. */
  authorisationMs: number;
  /** How long a charge stays pending before it is available: 2 days. */
  availableAfterMs: number;
  /** Stripe's fee on a captured charge. */
  fee: { bps: number; fixed: number };
  /** How long search lags behind: up to a minute at Stripe, an hour during outages. */
  searchLagMs: number;
  /** How long an idempotency key is kept: at least a day. */
  keyLifeMs: number;
  /** How long events can be listed: 30 days. */
  eventLifeMs: number;
};

export const DEFAULT_SETTINGS: SimulationSettings = {
  authorisationMs: 7 * DAY_MS,
  availableAfterMs: 2 * DAY_MS,
  fee: { bps: 290, fixed: 30 },
  searchLagMs: 0,
  keyLifeMs: DAY_MS,
  eventLifeMs: 30 * DAY_MS,
};

export type Simulation = {
  store: Store;
  clock: SimulationClock;
  settings: SimulationSettings;
  /** The simulator's own address, for the pages it sends buyers to. */
  baseUrl(): string;
  /** Records an event with the object as it is now, and sends it to the webhook endpoints. */
  emit(type: string, object: object, account?: string): void;
};

/** An id in Stripe's form: prefix and 24 letters or digits. */
export function newStripeId(prefix: string): string {
  return `${prefix}_${randomBytes(18).toString('base64url').replaceAll(/[-_]/g, 'x')}`;
}

/** Stripe's instants: whole seconds. */
export function nowSeconds(simulation: Simulation): number {
  return Math.floor(simulation.clock.now() / 1000);
}
