/** Markets on a real Postgres, as their workflow would bring them along: what tests of settlement act on. */

import type { MikroORM } from '@mikro-orm/postgresql';
import { createMarketRecords } from '../../../activities/index.ts';
import type { MarketRecords, StoredMarket } from '../../../activities/records/markets/market-records.ts';
import { addForecasters, addStakes } from '../../../bench/markets/stakes.ts';
import { newId } from '../../../db/new-id.ts';
import { initOrm } from '../../../db/orm.ts';
import { seed } from '../../../db/seed.ts';
import type { MarketId, UserId } from '../../../domain/ids.ts';
import { nextMarketAction } from '../../../domain/markets/clocks.ts';
import type { MarketInput } from '../../../workflows/market/contract.ts';
import { createTestDatabase } from '../../support/database.ts';

export type MarketPlace = {
  /** Of the database, as the owner of its tables. */
  url: string;
  orm: MikroORM;
  records: MarketRecords;
  moderators: readonly [UserId, UserId];
  close(): Promise<void>;
};

export async function openMarketPlace(connections = 30): Promise<MarketPlace> {
  const database = await createTestDatabase();
  const owner = await initOrm(database.url, { asOwner: true });
  await seed(owner.em.fork());
  await owner.close();
  const orm = await initOrm(database.url, { pool: { max: connections } });
  const [one, other] = await addForecasters(orm.em.fork(), 2, 0);
  if (!one || !other) throw new Error('two moderators are needed');
  return {
    url: database.url,
    orm,
    records: createMarketRecords({ orm, timeScale: 1, providers: { get: nobody, names: [] } }),
    moderators: [one, other],
    async close() {
      await orm.close();
      await database.drop();
    },
  };
}

function nobody(): never {
  throw new Error('markets have no payment provider');
}

export const HOUR_MS = 3_600_000;

export function marketInput(createdBy: UserId, changes: Partial<MarketInput> = {}): MarketInput {
  return {
    marketId: newId('market'),
    createdBy,
    channel: 'pilimarket',
    title: 'Will it rain in Manila on Friday?',
    description: 'As measured at Port Area.',
    category: 'other',
    metadata: {},
    outcomes: ['Yes', 'No'],
    closesAt: new Date(Date.now() + HOUR_MS).toISOString(),
    maxPointsPerUser: null,
    overrides: {},
    requestHash: 'hash',
    requestId: 'req_test',
    ...changes,
  };
}

/** A stake: who (by number), on which outcome (by position), how much. */
export type Placed = readonly [user: number, outcome: number, points: number];

/** A closed market with these stakes, by these users; each user's probability differs. */
export async function closedMarket(
  place: MarketPlace,
  users: readonly UserId[],
  stakes: readonly Placed[],
  changes: Partial<MarketInput> & { rakeBps?: number } = {},
): Promise<StoredMarket & { marketId: MarketId }> {
  const { rakeBps = 0, ...input } = changes;
  const { orm, records, moderators } = place;
  const created = marketInput(moderators[0], input);
  const { marketId } = created;
  const market = await records.createMarket(created);
  await orm.em.execute(`update market set policy = jsonb_set(policy, '{rakeBps}', ?::text::jsonb) where id = ?`, [
    String(rakeBps),
    marketId,
  ]);
  await addStakes(
    orm.em.fork(),
    marketId,
    stakes.map(([user, outcome, points], n) => {
      const [userId, outcomeId] = [users[user], market.outcomeIds[outcome]];
      if (!userId || !outcomeId) throw new Error('no such user or outcome');
      return { userId, outcomeId, points, probability: ((n % 97) + 1) / 100 };
    }),
  );
  return { ...(await move(place, { ...market, marketId }, 'closed')), marketId };
}

type Moves = 'closed' | 'proposed' | 'resolved' | 'cancelled' | 'suspended';
const FACT = {
  closed: 'market.closed',
  proposed: 'market.proposed',
  resolved: 'market.resolved',
  cancelled: 'market.cancelled',
  suspended: 'market.suspended',
} as const;

/** The next change of the market, by the first moderator; the outcome by position. */
export function move(
  { records, moderators }: MarketPlace,
  market: StoredMarket & { marketId: MarketId },
  to: Moves,
  outcome = 0,
): Promise<StoredMarket> {
  const { marketId, version, outcomeIds } = market;
  const at = new Date().toISOString();
  const outcomeId = outcomeIds[outcome];
  if (!outcomeId) throw new Error('no such outcome');
  const [proposedBy] = moderators;
  const note = 'As measured.';
  const proposal = { outcomeId, evidenceUrls: ['https://pagasa.test/friday'], note, proposedBy, proposedAt: at };
  const isByModerator = to === 'proposed' || to === 'suspended';
  return records.changeMarket({
    marketId,
    version: version + 1,
    to,
    fact: FACT[to],
    actor: isByModerator ? { role: 'moderator', id: proposedBy } : { role: 'system', id: 'market' },
    reason: null,
    at,
    nextAction: nextMarketAction(to, at, market),
    ...(to === 'proposed' && { proposal }),
    ...(to === 'resolved' && { resolution: { outcomeId, decidedBy: null, note } }),
    ...(to === 'cancelled' && { cancelReason: 'test' }),
  });
}

/** Proposed and final. */
export async function resolvedMarket(...[place, users, stakes, changes]: Parameters<typeof closedMarket>) {
  const closed = await closedMarket(place, users, stakes, changes);
  const { marketId } = closed;
  const proposed = await move(place, closed, 'proposed');
  return { ...(await move(place, { ...proposed, marketId }, 'resolved')), marketId };
}
