/** One numbered change of a market: stored exactly once, after the forecasts that are in flight. */

import { Activity } from '../../../db/entities/activity.entity.ts';
import { DomainEvent } from '../../../db/entities/domain-event.entity.ts';
import { Forecast } from '../../../db/entities/forecast.entity.ts';
import { Market } from '../../../db/entities/market.entity.ts';
import { MarketResolution } from '../../../db/entities/market-resolution.entity.ts';
import type { EntityManager } from '../../../db/orm.ts';
import type { FactType } from '../../../domain/facts.ts';
import type { MarketId } from '../../../domain/ids.ts';
import { type Challenge, canMoveMarket } from '../../../domain/markets/market.ts';
import { refuse } from '../../refuse.ts';
import { tell } from '../tell.ts';
import type { ChangeMarketInput, StoredMarket } from './market-records.ts';
import { storedMarket } from './stored-market.ts';

/** Fails with resolver_conflict and not_a_forecaster; nothing is changed then. */
export async function changeMarket(em: EntityManager, change: ChangeMarketInput): Promise<StoredMarket> {
  const { marketId, version, to } = change;
  await em.execute('select from market where id = ? for no key update', [marketId]);
  const row = await em.findOneOrFail(Market, { id: marketId });
  if (row.version >= version) return storedMarket(em, row, await isSameChange(em, change));
  if (to !== row.status && !canMoveMarket(row.status, to)) {
    throw new Error(`${marketId} cannot go from ${row.status} to ${to}`);
  }
  await refuseConflict(em, change);
  const challenge = await challengeOf(em, change);
  const at = new Date(change.at);
  await em.nativeUpdate(
    Market,
    { id: marketId },
    {
      version,
      status: to,
      nextActionKind: change.nextAction.kind,
      nextActionAt: change.nextAction.at === null ? null : new Date(change.nextAction.at),
      ...(change.proposal && { proposal: change.proposal }),
      ...(challenge && { challenge }),
      ...(change.cancelReason !== undefined && { cancelReason: change.cancelReason }),
      ...(to === 'closed' && row.status !== 'closed' && { closedAt: at }),
      ...((to === 'resolved' || to === 'cancelled') && { decidedAt: at }),
      updatedAt: new Date(),
    },
  );
  await sumUp(em, marketId);
  if (change.resolution) await insertResolution(em, row, change, at);
  await tellOf(em, change, at);
  em.clear();
  return storedMarket(em, await em.findOneOrFail(Market, { id: marketId }), true);
}

/** Whoever says how a market ends has nothing staked on it. */
const JUDGES: readonly FactType[] = ['market.proposed', 'market.decided', 'market.cancelled'];

async function refuseConflict(em: EntityManager, { marketId, fact, actor }: ChangeMarketInput): Promise<void> {
  if (actor.role !== 'moderator' || actor.id === 'market' || !JUDGES.includes(fact)) return;
  if ((await em.count(Forecast, { marketId, userId: actor.id })) > 0) {
    throw refuse('resolver_conflict', 'a moderator with a forecast on this market leaves it to another');
  }
}

async function challengeOf(em: EntityManager, { marketId, challenge }: ChangeMarketInput): Promise<Challenge | null> {
  if (!challenge) return null;
  const forecast = await em.findOne(Forecast, { marketId, userId: challenge.challengedBy });
  if (!forecast) throw refuse('not_a_forecaster', 'only who has a forecast on this market may challenge its outcome');
  return { ...challenge, forecastId: forecast.id };
}

/** Placing writes the outcomes only: it would wait for itself on the market's row. */
async function sumUp(em: EntityManager, marketId: MarketId): Promise<void> {
  await em.execute(
    `update market m set pool_points = o.points, forecasts = o.forecasts
     from (select sum(total_points) as points, sum(forecasts) as forecasts from market_outcome where market_id = ?) o
     where m.id = ? and (m.pool_points, m.forecasts) is distinct from (o.points, o.forecasts)`,
    [marketId, marketId],
  );
}

async function insertResolution(em: EntityManager, row: Market, change: ChangeMarketInput, at: Date): Promise<void> {
  const { resolution, marketId } = change;
  const proposal = change.proposal ?? row.proposal;
  if (!resolution || !proposal) throw new Error(`${marketId} is resolved without a proposal`);
  const { proposedBy, evidenceUrls } = proposal;
  await em.insert(MarketResolution, {
    marketId,
    outcomeId: resolution.outcomeId,
    proposedBy,
    decidedBy: resolution.decidedBy,
    evidenceUrls: [...evidenceUrls],
    note: resolution.note,
    resolvedAt: at,
  });
}

async function tellOf(em: EntityManager, change: ChangeMarketInput, at: Date): Promise<void> {
  const { marketId, fact: type, actor, to } = change;
  await tell(em, [{ type, subjectId: marketId, actor, at, data: factData(change) }]);
  if (to !== 'resolved' && to !== 'cancelled') return;
  const userId = actor.role === 'moderator' && actor.id !== 'market' ? actor.id : null;
  const outcomeId = change.resolution?.outcomeId;
  const data = to === 'resolved' ? { outcomeId } : { reason: change.cancelReason };
  await em.insert(Activity, { type: `market_${to}`, userId, marketId, data, at });
}

function factData({ version, to, reason, resolution, proposal }: ChangeMarketInput) {
  const outcomeId = resolution?.outcomeId ?? proposal?.outcomeId;
  return { version, status: to, ...(reason !== null && { reason }), ...(outcomeId && { outcomeId }) };
}

/** An earlier try of this very change has stored it. */
async function isSameChange(em: EntityManager, change: ChangeMarketInput): Promise<boolean> {
  const { marketId: subjectId, fact: type, actor } = change;
  const data = factData(change);
  const told = await em.find(DomainEvent, { subjectId, orderId: null, type, data: { version: data.version } });
  return told.some(
    (each) =>
      each.actorRole === actor.role &&
      each.actorId === actor.id &&
      each.data['reason'] === data.reason &&
      each.data['outcomeId'] === data.outcomeId,
  );
}
