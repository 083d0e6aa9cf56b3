/**
 * Statements that Postgres reads and plans once a connection, for those that every order goes through. MikroORM writes
 * values into the text of a statement, which is then read and planned anew each time.
 */

import type { EntityManager } from '@mikro-orm/postgresql';
import { CompiledQuery } from 'kysely';
import pg from 'pg';

/** Of one connection, and in this process. A text with a list in it comes in many forms: the rest is planned each time. */
export const MAX_STATEMENTS = 300;

/**
 * As `em.execute()`, with `?` for values, in the transaction of the entity manager if it is in one. Values arrive as
 * parameters: where Postgres cannot tell a type, the text has to (`?::jsonb`). Name the columns, never `*`: a plan that
 * was kept does not survive another list of them.
 */
export async function prepared<Row>(em: EntityManager, text: string, values: readonly unknown[]): Promise<Row[]> {
  try {
    const { rows } = await em.getKysely().executeQuery<Row>(CompiledQuery.raw(numbered(text), [...values]));
    return rows;
  } catch (error) {
    throw error instanceof Error ? em.getDriver().convertException(error) : error;
  }
}

/** `?, ?, ?`: a place for each of the values, for `in (…)`; there must be one at least. */
export function placesFor(values: readonly unknown[]): string {
  return values.map(() => '?').join(', ');
}

const numberedTexts = new Map<string, string>();

/** `$1`, `$2` for the question marks. */
function numbered(text: string): string {
  const known = numberedTexts.get(text);
  if (known !== undefined) return known;
  let count = 0;
  const result = text.replaceAll('?', () => {
    count += 1;
    return `$${count}`;
  });
  if (numberedTexts.size < MAX_STATEMENTS) numberedTexts.set(text, result);
  return result;
}

/** A connection that names every statement whose values come apart from its text: that makes Postgres keep it. */
export class PreparingClient extends pg.Client {
  readonly #names = new Map<string, string>();

  /** `never`: that is what all ten forms of pg's query() have in common; nine of them pass through. */
  override query(...args: never[]): never {
    const given: unknown[] = args;
    const [text, values] = given;
    const isPlain = given.length === 2 && typeof text === 'string' && Array.isArray(values) && values.length > 0;
    const name = isPlain ? this.#nameOf(text) : undefined;
    const query: (...args: unknown[]) => unknown = super.query;
    return (name === undefined ? query.apply(this, given) : query.call(this, { name, text, values })) as never;
  }

  #nameOf(text: string): string | undefined {
    const known = this.#names.get(text);
    if (known !== undefined || this.#names.size >= MAX_STATEMENTS) return known;
    const name = `s${this.#names.size + 1}`;
    this.#names.set(text, name);
    return name;
  }
}
