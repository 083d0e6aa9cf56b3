/** Where ids come from: fresh ones in time order, and derived ones that come out the same for the same cause. */

import { createHash, randomUUIDv7 } from 'node:crypto';
import { type Id, type IdKind, idFromUuid } from '../domain/ids.ts';

/** A fresh id; later ids sort after earlier ones. */
export function newId<K extends IdKind>(kind: K): Id<K> {
  return idFromUuid(kind, randomUUIDv7());
}

/** The id that follows from these parts: the same parts always give the same id, so repeating a step finds its row. */
export function derivedId<K extends IdKind>(kind: K, ...parts: string[]): Id<K> {
  return idFromUuid(kind, createHash('sha256').update(parts.join('\0')).digest('hex').slice(0, 32));
}
