/** Lists by page and feeds by cursor: what they take and what they answer. */

import { z } from '@hono/zod-openapi';

const MAX_PAGE = 100_000;
const MAX_LIMIT = 100;
const DEFAULT_LIMIT = 20;

/** A whole number in a query, written in plain digits. */
export function queryInt(min: number, max: number) {
  return z
    .string()
    .regex(/^\d{1,15}$/, 'must be a whole number')
    .transform(Number)
    .pipe(z.int().min(min).max(max))
    .openapi({ type: 'integer', minimum: min, maximum: max });
}

/** `page` and `limit` of a list's query. */
export const pageQuery = {
  page: queryInt(1, MAX_PAGE).default(1).openapi({ type: 'integer', default: 1 }),
  limit: queryInt(1, MAX_LIMIT).default(DEFAULT_LIMIT).openapi({ type: 'integer', default: DEFAULT_LIMIT }),
};

/** `cursor` and `limit` of a feed's query; a cursor is the `nextCursor` of the page before. */
export const cursorQuery = {
  cursor: queryInt(0, Number.MAX_SAFE_INTEGER).optional().openapi({ type: 'string' }),
  limit: queryInt(1, MAX_LIMIT).default(DEFAULT_LIMIT).openapi({ type: 'integer', default: DEFAULT_LIMIT }),
};

export const PaginationSchema = z
  .strictObject({ page: z.int(), limit: z.int(), total: z.int(), pages: z.int() })
  .openapi('Pagination', { example: { page: 1, limit: 20, total: 1, pages: 1 } });

/** The answer of a list. */
export function pageOf<T extends z.ZodType>(item: T) {
  return z.strictObject({ data: z.array(item), pagination: PaginationSchema });
}

/** Puts rows of one page and their total into a list's answer. */
export function toPage<T>(data: T[], query: { page: number; limit: number }, total: number) {
  const { page, limit } = query;
  return { data, pagination: { page, limit, total, pages: Math.ceil(total / limit) } };
}
