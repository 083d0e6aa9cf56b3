/** What every part of the simulator works on: the store, the clock, the settings and the way to announce events. */

import { randomBytes } from 'node:crypto';
import type { SimulationClock } from '../shared/clock.ts';
import { TableStore } from '../shared/store.ts';
import type { Tables, WalletType } from './objects.ts';

const MINUTE_MS = 60_000;

export type SimulationSettings = {
  /** How long an approval's address is good: https://developers.paymongo.com/docs/payment-acceptance-e-wallets */
  approvalMs: Readonly<Record<WalletType, number>>;
  /** Whether an attempt that waits for the buyer can be cancelled; documented is only what holds an authorisation. */
  cancelsWhileWaiting: boolean;
  /** Refunds wait for `settleRefund` instead of succeeding at once. */
  refundsPend: boolean;
};

export const DEFAULT_SETTINGS: SimulationSettings = {
  approvalMs: { gcash: 240 * MINUTE_MS, paymaya: 30 * MINUTE_MS },
  cancelsWhileWaiting: true,
  refundsPend: false,
};

export type Store = TableStore<Tables>;

/** An empty store; `onChange` receives each change as one line of JSON. */
export function createStore(onChange?: (line: string) => void): Store {
  return new TableStore<Tables>(
    {
      payment_intents: new Map(),
      payment_methods: new Map(),
      payments: new Map(),
      refunds: new Map(),
      approvals: new Map(),
      events: new Map(),
      deliveries: new Map(),
    },
    onChange,
  );
}

export type Simulation = {
  store: Store;
  clock: SimulationClock;
  settings: SimulationSettings;
  /** The simulator's own address, for the pages it sends buyers to. */
  baseUrl(): string;
  /** Records an event with the object as it is now, and sends it to the webhook endpoints. */
  emit(type: string, object: object): void;
};

/** An id in PayMongo's form: prefix and 24 letters or digits. */
export function newPayMongoId(prefix: string): string {
  return `${prefix}_${randomBytes(18).toString('base64url').replaceAll(/[-_]/g, 'x')}`;
}

/** PayMongo's instants: whole seconds. */
export function nowSeconds({ clock }: Simulation): number {
  return Math.floor(clock.now() / 1000);
}
