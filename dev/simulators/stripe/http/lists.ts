/** Stripe's lists and expansions. */

import type { TableName } from '../objects.ts';
import type { Store } from '../store.ts';

type CreatedRange = { gt?: number; gte?: number; lt?: number; lte?: number };

export type Listing = {
  limit: number;
  starting_after?: string;
  ending_before?: string;
  created?: number | CreatedRange;
  expand?: string[];
};

type Listed = { id: string; created: number };

/** One page, newest first. `rows` come oldest first. */
export function listPage<T extends Listed>(url: string, rows: readonly T[], listing: Listing) {
  const all = rows.filter(({ created }) => isInRange(created, listing.created)).toReversed();
  const after = listing.starting_after === undefined ? 0 : all.findIndex(({ id }) => id === listing.starting_after) + 1;
  const before = all.findIndex(({ id }) => id === listing.ending_before);
  const range = before === -1 ? all.slice(after) : all.slice(Math.max(0, before - listing.limit), before);
  return { object: 'list', url, data: range.slice(0, listing.limit), has_more: range.length > listing.limit };
}

const TABLE_OF_PREFIX: Readonly<Record<string, TableName>> = {
  pi: 'payment_intents',
  ch: 'charges',
  re: 'refunds',
  tr: 'transfers',
  trr: 'transfer_reversals',
  dp: 'disputes',
  acct: 'accounts',
};

/** The object with the ids at the given paths (`latest_charge`, `data.charge.payment_intent`) replaced by objects. */
export function expanded(store: Store, object: object, paths: readonly string[] = []): object {
  return paths.reduce((result, path) => expandPath(store, result, path.split('.')), object);
}

function expandPath(store: Store, value: unknown, [key, ...rest]: string[]): object {
  const object = typeof value === 'object' && value !== null ? value : {};
  if (key === undefined) return object;
  if (Array.isArray(object)) return object.map((item) => expandPath(store, item, [key, ...rest]));
  const child: unknown = Object.entries(object).find(([name]) => name === key)?.[1];
  const target = typeof child === 'string' ? lookUp(store, child) : child;
  if (typeof target !== 'object' || target === null) return object;
  return { ...object, [key]: expandPath(store, target, rest) };
}

function lookUp(store: Store, id: string): object | undefined {
  const table = TABLE_OF_PREFIX[id.slice(0, id.indexOf('_'))];
  return table && store.get(table, id);
}

function isInRange(created: number, range: number | CreatedRange | undefined): boolean {
  if (range === undefined) return true;
  if (typeof range === 'number') return created === range;
  const { gt = -Infinity, gte = -Infinity, lt = Infinity, lte = Infinity } = range;
  return created > gt && created >= gte && created < lt && created <= lte;
}
