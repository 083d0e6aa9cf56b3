/** The simulator's tables. */

import { TableStore } from '../shared/store.ts';
import type { Tables } from './objects.ts';

export type Store = TableStore<Tables>;

/** An empty store; `onChange` receives each change as one line of JSON. */
export function createStore(onChange?: (line: string) => void): Store {
  return new TableStore<Tables>(
    {
      payment_intents: new Map(),
      charges: new Map(),
      charge_uses: new Map(),
      refunds: new Map(),
      transfers: new Map(),
      transfer_reversals: new Map(),
      disputes: new Map(),
      accounts: new Map(),
      balance_moves: new Map(),
      events: new Map(),
      stored_answers: new Map(),
      deliveries: new Map(),
    },
    onChange,
  );
}
