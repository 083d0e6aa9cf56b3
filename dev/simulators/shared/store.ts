/** A simulator's memory: one map per kind of object, and a log of every change for whoever wants to keep it. */

type Row = { id: string };

/** One change; a null object means the row is gone. */
export type Change = { table: string; id: string; object: Row | null };

/** Rows are replaced, never edited in place: an object handed out stays what it was. */
export class TableStore<Tables extends Record<keyof Tables, Row>> {
  private readonly maps: { [K in keyof Tables]: Map<string, Tables[K]> };
  private readonly onChange: (line: string) => void;

  /** `empty`: a map per table. `onChange` receives each change as one line of JSON. */
  constructor(
    empty: { [K in keyof Tables]: Map<string, Tables[K]> },
    onChange: (line: string) => void = () => undefined,
  ) {
    this.maps = empty;
    this.onChange = onChange;
  }

  get<K extends keyof Tables>(table: K, id: string): Tables[K] | undefined {
    return this.maps[table].get(id);
  }

  put<K extends keyof Tables>(table: K, object: Tables[K]): Tables[K] {
    this.maps[table].set(object.id, object);
    this.onChange(JSON.stringify({ table, id: object.id, object }));
    return object;
  }

  delete(table: keyof Tables, id: string): void {
    if (this.maps[table].delete(id)) this.onChange(JSON.stringify({ table, id, object: null }));
  }

  /** Oldest first. */
  all<K extends keyof Tables>(table: K): Tables[K][] {
    return [...this.maps[table].values()];
  }

  /** Everything as change lines: what a fresh log begins with. */
  *lines(): Generator<string> {
    for (const [table, rows] of Object.entries<Map<string, Row>>(this.maps)) {
      for (const [id, object] of rows) yield JSON.stringify({ table, id, object });
    }
  }

  /** Repeats a change read from a log, without logging it again. */
  replay(change: Change): void {
    const rows = Object.entries<Map<string, Row>>(this.maps).find(([table]) => table === change.table)?.[1];
    if (change.object === null) rows?.delete(change.id);
    else rows?.set(change.id, change.object);
  }
}
