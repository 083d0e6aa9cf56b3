/** The simulator's memory: one map per kind of object, and a log of every change for whoever wants to keep it. */

import type { TableName, Tables } from './objects.ts';

/** One change; a null object means the row is gone. */
export type Change = { [K in TableName]: { table: K; id: string; object: Tables[K] | null } }[TableName];

type Maps = { [K in TableName]: Map<string, Tables[K]> };

/** Rows are replaced, never edited in place: an object handed out stays what it was. */
export class Store {
  private readonly maps: Maps = {
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
  };
  private readonly onChange: (line: string) => void;

  /** `onChange` receives each change as one line of JSON. */
  constructor(onChange: (line: string) => void = () => undefined) {
    this.onChange = onChange;
  }

  get<K extends TableName>(table: K, id: string): Tables[K] | undefined {
    return this.maps[table].get(id);
  }

  put<K extends TableName>(table: K, object: Tables[K]): Tables[K] {
    this.maps[table].set(object.id, object);
    this.onChange(JSON.stringify({ table, id: object.id, object }));
    return object;
  }

  delete(table: TableName, id: string): void {
    if (this.maps[table].delete(id)) this.onChange(JSON.stringify({ table, id, object: null }));
  }

  /** Oldest first. */
  all<K extends TableName>(table: K): Tables[K][] {
    return [...this.maps[table].values()];
  }

  /** Everything as change lines: what a fresh log begins with. */
  *lines(): Generator<string> {
    for (const [table, rows] of Object.entries(this.maps)) {
      for (const [id, object] of rows) yield JSON.stringify({ table, id, object });
    }
  }

  /** Repeats a change read from a log, without logging it again. */
  replay(change: Change): void {
    const rows: Map<string, unknown> | undefined = this.maps[change.table];
    if (change.object === null) rows?.delete(change.id);
    else rows?.set(change.id, change.object);
  }
}
