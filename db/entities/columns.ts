/** The column types that entities share. */

import { p } from '@mikro-orm/postgresql';
import { CURRENCY_CODES } from '../../domain/currencies.ts';
import type { Id, IdKind } from '../../domain/ids.ts';

/** A public id of this kind. */
export const id = <K extends IdKind>(_kind: K) => p.text().$type<Id<K>>();

/** An amount of minor units: `bigint` in Postgres, a safe integer here. */
export const minor = () => p.bigint('number');

/** A currency of `domain/currencies.ts`. */
export const currency = () => p.enum(CURRENCY_CODES);

/** An instant (`timestamptz`). */
export const instant = () => p.datetime();

/** The instant of the insert unless given. */
export const insertedAt = () => p.datetime().defaultRaw('now()');

/** The instant of the last change that went through the entity manager's unit of work. */
export const changedAt = () =>
  p
    .datetime()
    .defaultRaw('now()')
    .onUpdate(() => new Date());
