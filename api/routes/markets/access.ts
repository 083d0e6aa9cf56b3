/** Markets are for everyone to see: what there is to check is that there is one, and what the viewer is to it. */

import type { EntityManager } from '@mikro-orm/postgresql';
import { findForecastMarkets, loadMarket, type MarketRows } from '../../../db/repositories/markets.ts';
import type { MarketViewer } from '../../../domain/markets/explain.ts';
import { isModerator, type Principal } from '../../context.ts';
import { ApiError } from '../../errors.ts';

/** The market as it stands now; 404 where there is none. */
export async function presentMarket(em: EntityManager, idOrSlug: string): Promise<MarketRows> {
  const rows = await loadMarket(em, idOrSlug);
  if (!rows) throw new ApiError('market_not_found');
  return rows;
}

/** What somebody, or a visitor, is to a market. */
export async function viewerOf(
  em: EntityManager,
  { market }: MarketRows,
  user: Principal | undefined,
): Promise<MarketViewer> {
  if (!user) return { signedIn: false, moderator: false, forecaster: false, proposer: false };
  return {
    signedIn: true,
    moderator: isModerator(user),
    forecaster: (await findForecastMarkets(em, user.id, [market.id])).has(market.id),
    proposer: market.proposal?.proposedBy === user.id,
  };
}
