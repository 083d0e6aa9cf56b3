/** Markets as rows, without the workflow they would come from. */

import type { EntityManager } from '@mikro-orm/postgresql';
import { Channel } from '../../db/entities/channel.entity.ts';
import { Market } from '../../db/entities/market.entity.ts';
import { MarketOutcome } from '../../db/entities/market-outcome.entity.ts';
import { newId } from '../../db/new-id.ts';
import type { MarketId, OutcomeId, UserId } from '../../domain/ids.ts';
import type { MarketCategory, MarketStatus } from '../../domain/markets/market.ts';
import type { MarketPolicy } from '../../domain/policy/policy.ts';
import { PRESETS } from '../../domain/policy/presets.ts';
import { addForecasters } from './stakes.ts';

const HOUR_MS = 3_600_000;

type MarketOptions = {
  /** Names of outcomes; two unless given. */
  outcomes?: readonly string[];
  status?: MarketStatus;
  /** From now on. */
  closesInMs?: number;
  maxPointsPerUser?: number;
  category?: MarketCategory;
  title?: string;
  policy?: Partial<MarketPolicy>;
  createdBy?: UserId;
};

export type MarketRows = { marketId: MarketId; outcomeIds: OutcomeId[] };

/** Stores a market of the channel `pilimarket`, which is made where it is missing. */
export async function insertMarket(em: EntityManager, options: MarketOptions = {}): Promise<MarketRows> {
  const { outcomes = ['Yes', 'No'], status = 'open', closesInMs = HOUR_MS, title = 'Will it rain?' } = options;
  const { policy: preset } = PRESETS.pilimarket;
  if (!preset.market) throw new Error('pilimarket has market rules');
  const policy = { ...preset.market, ...options.policy };
  const fork = em.fork();
  const [createdBy = options.createdBy] = options.createdBy ? [] : await addForecasters(fork, 1, 0);
  if (!createdBy) throw new Error('a market has a moderator');
  await fork.upsert(
    Channel,
    {
      id: newId('channel'),
      slug: 'pilimarket',
      name: 'Pilimarket',
      currency: 'PHP',
      preset: 'pilimarket',
      policy: preset,
    },
    { onConflictFields: ['slug'], onConflictAction: 'ignore' },
  );
  const channel = await fork.findOneOrFail(Channel, { slug: 'pilimarket' });
  const marketId = newId('market');
  await fork.insert(Market, {
    id: marketId,
    slug: marketId.replace('_', '-'),
    channelId: channel.id,
    title,
    category: options.category ?? 'other',
    status,
    createdBy,
    closesAt: new Date(Date.now() + closesInMs),
    maxPointsPerUser: options.maxPointsPerUser ?? policy.maxPointsPerUser,
    policy,
    policyVersion: 1,
    requestHash: marketId,
    ...(status === 'cancelled' && { cancelReason: 'It is off.' }),
  });
  const rows = outcomes.map((name, position) => ({ id: newId('outcome'), marketId, position, name }));
  await fork.insertMany(MarketOutcome, rows);
  return { marketId, outcomeIds: rows.map(({ id }) => id) };
}
