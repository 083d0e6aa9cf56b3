/** A market in a path: by its id, or by its name in addresses. */

import { z } from '@hono/zod-openapi';
import type { EntityManager } from '@mikro-orm/postgresql';
import { findMarketIdBySlug } from '../../../db/repositories/forecasts.ts';
import { isId, type MarketId } from '../../../domain/ids.ts';
import { ApiError } from '../../errors.ts';
import { exampleId } from '../../schemas/values.ts';

/** Long enough for either. */
const MAX_CHARS = 120;

export const MarketParamsSchema = z.object({
  id: z
    .string()
    .max(MAX_CHARS)
    .regex(/^[a-z0-9_-]+$/)
    .openapi({ description: 'Its id or slug', example: exampleId('market') }),
});

/** Its id, whether it exists or not; market_not_found for a name that nobody has. */
export async function marketIdOf(em: EntityManager, idOrSlug: string): Promise<MarketId> {
  if (isId('market', idOrSlug)) return idOrSlug;
  const id = await findMarketIdBySlug(em, idOrSlug);
  if (id === null) throw new ApiError('market_not_found');
  return id;
}
