/** Markets as people find and read them, with their outcomes and how they ended. */

import type { EntityManager } from '@mikro-orm/postgresql';
import { isId, type MarketId, type UserId } from '../../domain/ids.ts';
import { isDecided, type MarketCategory, type MarketStatus } from '../../domain/markets/market.ts';
import { Channel } from '../entities/channel.entity.ts';
import { Forecast } from '../entities/forecast.entity.ts';
import { Market } from '../entities/market.entity.ts';
import { MarketOutcome } from '../entities/market-outcome.entity.ts';
import { MarketResolution } from '../entities/market-resolution.entity.ts';
import { UserAccount } from '../entities/user-account.entity.ts';

export type MarketRows = {
  market: Market;
  /** In the moderator's order. */
  outcomes: MarketOutcome[];
  resolution: MarketResolution | null;
  creator: { id: UserId; displayName: string };
  /** The slug. */
  channel: string;
};

/** As it stands now, by its id or by its name in addresses; null if there is none. */
export async function loadMarket(em: EntityManager, idOrSlug: string): Promise<MarketRows | null> {
  const where = isId('market', idOrSlug) ? { id: idOrSlug } : { slug: idOrSlug };
  // Its workflow may have changed the row since this unit of work read it.
  const market = await em.findOne(Market, where, { refresh: true });
  if (!market) return null;
  const [rows] = await withParts(em, [market]);
  return rows ?? null;
}

export const MARKET_SORTS = ['volume', 'closing_soon', 'newest'] as const;
export type MarketSort = (typeof MARKET_SORTS)[number];

export type MarketSearch = {
  q?: string;
  category?: MarketCategory;
  /** As people see it: closed from the instant it closes on. */
  status?: MarketStatus;
  /** The slug. */
  channel?: string;
  sort: MarketSort;
  /** What is usual for the sort unless given: most points, soonest, newest first. */
  order?: 'asc' | 'desc';
  page: number;
  limit: number;
};

/** One page of markets, and how many there are in all. */
export async function searchMarkets(
  em: EntityManager,
  search: MarketSearch,
): Promise<{ rows: MarketRows[]; total: number }> {
  const { conditions, params } = conditionsOf(search);
  const from = `from market m join channel c on c.id = m.channel_id where ${conditions.join(' and ')}`;
  const [count] = await em.execute<{ total: number }[]>(`select count(*)::int as total ${from}`, params);
  const found = await em.execute<{ id: MarketId }[]>(
    `select m.id ${from} order by ${orderOf(search)}, m.id desc limit ? offset ?`,
    [...params, search.limit, (search.page - 1) * search.limit],
  );
  return { rows: await loadMarkets(em, found), total: count?.total ?? 0 };
}

const IS_TAKING = `m.status in ('open', 'suspended')`;

function conditionsOf({ q, category, status, channel }: MarketSearch): { conditions: string[]; params: string[] } {
  const conditions = ['c.active'];
  const params: string[] = [];
  const add = (condition: string, ...values: string[]): void => {
    conditions.push(condition);
    params.push(...values);
  };
  if (q !== undefined) {
    const pattern = `%${q.replaceAll(/[\\%_]/g, String.raw`\$&`)}%`;
    add('(m.title ilike ? or m.description ilike ?)', pattern, pattern);
  }
  if (category !== undefined) add('m.category = ?', category);
  if (channel !== undefined) add('c.slug = ?', channel);
  if (status === 'closed') add(`(m.status = 'closed' or (${IS_TAKING} and m.closes_at <= now()))`);
  else if (status === 'open' || status === 'suspended') add('m.status = ? and m.closes_at > now()', status);
  else if (status !== undefined) add('m.status = ?', status);
  return { conditions, params };
}

/** While forecasts come in, the pool is the sum of the outcomes; the market's own total follows when it closes. */
const VOLUME = `case when ${IS_TAKING}
  then (select sum(o.total_points) from market_outcome o where o.market_id = m.id) else m.pool_points end`;

function orderOf({ sort, order }: Pick<MarketSearch, 'sort' | 'order'>): string {
  if (sort === 'volume') return `${VOLUME} ${order ?? 'desc'}`;
  // What still takes forecasts comes first, either way round.
  if (sort === 'closing_soon') return `(${IS_TAKING} and m.closes_at > now()) desc, m.closes_at ${order ?? 'asc'}`;
  return `m.created_at ${order ?? 'desc'}`;
}

export const MARKET_NEEDS = ['resolution', 'decision'] as const;
export type MarketNeed = (typeof MARKET_NEEDS)[number];

const STATUS_OF_NEED: Readonly<Record<MarketNeed, MarketStatus>> = { resolution: 'closed', decision: 'challenged' };

/** One page of the markets that wait for a moderator, those first whose time is up first. */
export async function listMarketQueue(
  em: EntityManager,
  { needs, page, limit }: { needs?: MarketNeed; page: number; limit: number },
): Promise<{ rows: MarketRows[]; total: number }> {
  const statuses = (needs === undefined ? MARKET_NEEDS : [needs]).map((need) => STATUS_OF_NEED[need]);
  const [markets, total] = await em.findAndCount(
    Market,
    { status: { $in: statuses } },
    { orderBy: { nextActionAt: 'asc nulls last', id: 'asc' }, limit, offset: (page - 1) * limit, refresh: true },
  );
  return { rows: await withParts(em, markets), total };
}

/** Which of these markets somebody has a forecast on. */
export async function findForecastMarkets(
  em: EntityManager,
  userId: UserId,
  marketIds: readonly MarketId[],
): Promise<Set<MarketId>> {
  if (marketIds.length === 0) return new Set();
  const forecasts = await em.find(Forecast, { userId, marketId: { $in: [...marketIds] } }, { fields: ['marketId'] });
  return new Set(forecasts.map(({ marketId }) => marketId));
}

async function loadMarkets(em: EntityManager, found: readonly { id: MarketId }[]): Promise<MarketRows[]> {
  const ids = found.map(({ id }) => id);
  const markets = await em.find(Market, { id: { $in: ids } }, { refresh: true });
  return await withParts(
    em,
    ids.flatMap((id) => markets.find((market) => market.id === id) ?? []),
  );
}

async function withParts(em: EntityManager, markets: readonly Market[]): Promise<MarketRows[]> {
  if (markets.length === 0) return [];
  const ofThem = { marketId: { $in: markets.map(({ id }) => id) } };
  const latest = { refresh: true } as const;
  const outcomes = await em.find(MarketOutcome, ofThem, { orderBy: { position: 'asc' }, ...latest });
  const isAnyDecided = markets.some(({ status }) => isDecided(status));
  const resolutions = isAnyDecided ? await em.find(MarketResolution, ofThem, latest) : [];
  const creators = await em.find(UserAccount, { id: { $in: markets.map(({ createdBy }) => createdBy) } });
  const channels = await em.find(Channel, { id: { $in: markets.map(({ channelId }) => channelId) } });
  return markets.map((market) => ({
    market,
    outcomes: outcomes.filter(({ marketId }) => marketId === market.id),
    resolution: resolutions.find(({ marketId }) => marketId === market.id) ?? null,
    creator: {
      id: market.createdBy,
      displayName: creators.find(({ id }) => id === market.createdBy)?.displayName ?? '',
    },
    channel: channels.find(({ id }) => id === market.channelId)?.slug ?? '',
  }));
}
