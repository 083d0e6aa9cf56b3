/** The values every resource is made of: ids, money, instants. Requests are strict: a field nobody knows is refused. */

import { z } from '@hono/zod-openapi';
import { CURRENCY_CODES } from '../../domain/currencies.ts';
import { ID_PREFIXES, type Id, type IdKind, idFromUuid, idPattern } from '../../domain/ids.ts';

const EXAMPLE_UUID = '01932b7e-5c3a-7d21-9f40-6b1f0c8e2a57';

/** An id of this kind, for documentation and examples. */
export function exampleId<K extends IdKind>(kind: K): Id<K> {
  return idFromUuid(kind, EXAMPLE_UUID);
}

/** A well-formed public id of one kind. */
export function idSchema<K extends IdKind>(kind: K) {
  const pattern = idPattern(kind);
  return z
    .custom<Id<K>>(
      (value) => typeof value === 'string' && pattern.test(value),
      `must be an id like ${ID_PREFIXES[kind]}_…`,
    )
    .openapi({ type: 'string', pattern: pattern.source, example: exampleId(kind) });
}

/** `{id}` of a path: one that cannot exist is answered like one that does not (404). */
export function idParams<K extends IdKind>(kind: K) {
  return z.object({ id: idSchema(kind) });
}

/** The largest amount a request may name: far above any order, far below what sums could overflow. */
export const MAX_AMOUNT_MINOR = 1_000_000_000_000;

export const CurrencySchema = z.enum(CURRENCY_CODES).openapi({ example: 'USD' });

/** Money in an answer. */
export const MoneySchema = z
  .strictObject({ amountMinor: z.int(), currency: CurrencySchema })
  .openapi('Money', { example: { amountMinor: 1999, currency: 'USD' } });

/** A price in a request: above zero, in minor units. */
export const PriceSchema = z
  .strictObject({ amountMinor: z.int().min(1).max(MAX_AMOUNT_MINOR), currency: CurrencySchema })
  .openapi('Price', { example: { amountMinor: 1999, currency: 'USD' } });

/** RFC 3339 in UTC. */
export const InstantSchema = z.iso.datetime().openapi({ example: '2026-03-01T12:00:00.000Z' });

/** An instant a request names, any offset. */
export const InstantInputSchema = z.iso.datetime({ offset: true }).openapi({ example: '2026-03-08T12:00:00Z' });

/** One line of text: trimmed, without control characters. */
export function line(maxChars: number) {
  return (
    z
      .string()
      .trim()
      .min(1)
      .max(maxChars)
      // Control characters are what is refused.
      .regex(/^[^\u0000-\u001f\u007f]*$/, 'must not contain control characters')
  );
}

/** Text of several lines: no null character, which Postgres cannot store. */
export function text(maxChars: number) {
  return z
    .string()
    .max(maxChars)
    .regex(/^[^\u0000]*$/, 'must not contain null characters');
}

/** What somebody has to say: text of several lines, not only blanks; without the blanks around it. */
export function statement(maxChars: number) {
  return text(maxChars).trim().min(1);
}

/** A category, channel or other name in an address. */
export const SlugSchema = z
  .string()
  .max(64)
  .regex(/^[a-z0-9]+(?:-[a-z0-9]+)*$/);

/** Units a listing may have. */
export const MAX_STOCK = 10_000_000;
