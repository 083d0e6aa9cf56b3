/** A market as the workflow gets it from its rows. */

import type { Market } from '../../../db/entities/market.entity.ts';
import { MarketOutcome } from '../../../db/entities/market-outcome.entity.ts';
import { MarketResolution } from '../../../db/entities/market-resolution.entity.ts';
import type { EntityManager } from '../../../db/orm.ts';
import { isDecided } from '../../../domain/markets/market.ts';
import type { StoredMarket } from './market-records.ts';

export async function storedMarket(em: EntityManager, row: Market, applied: boolean): Promise<StoredMarket> {
  const outcomes = await em.find(MarketOutcome, { marketId: row.id }, { orderBy: { position: 'asc' } });
  const final = isDecided(row.status) ? await em.findOne(MarketResolution, { marketId: row.id }) : null;
  const { challengeWindowMs, resolveByMs, decideWithinMs, cancelAfterAlertMs } = row.policy;
  return {
    applied,
    version: row.version,
    status: row.status,
    closesAt: row.closesAt.toISOString(),
    policy: { challengeWindowMs, resolveByMs, decideWithinMs, cancelAfterAlertMs },
    outcomeIds: outcomes.map(({ id }) => id),
    proposal: row.proposal ?? null,
    challenge: row.challenge ?? null,
    resolution: final && { outcomeId: final.outcomeId, decidedBy: final.decidedBy ?? null },
    nextAction: { kind: row.nextActionKind, at: row.nextActionAt?.toISOString() ?? null },
  };
}
