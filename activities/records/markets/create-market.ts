/** Stores a market with its outcomes, under the rules of its channel as they are now. */

import { Activity } from '../../../db/entities/activity.entity.ts';
import { Channel } from '../../../db/entities/channel.entity.ts';
import { Market } from '../../../db/entities/market.entity.ts';
import { MarketOutcome } from '../../../db/entities/market-outcome.entity.ts';
import { derivedId } from '../../../db/new-id.ts';
import type { EntityManager } from '../../../db/orm.ts';
import { slugOf } from '../../../domain/markets/slug.ts';
import { type MarketPolicy, scalePolicyDurations } from '../../../domain/policy/policy.ts';
import type { MarketInput } from '../../../workflows/market/contract.ts';
import { refuse } from '../../refuse.ts';
import { tell } from '../tell.ts';
import type { StoredMarket } from './market-records.ts';
import { storedMarket } from './stored-market.ts';

/**
 * Fails with channel_not_found, markets_not_offered, closes_at_not_later, validation_failed, idempotency_key_reused (the id
 * is another market's); nothing is stored then.
 */
export async function createMarket(em: EntityManager, input: MarketInput, timeScale: number): Promise<StoredMarket> {
  const { marketId, requestHash } = input;
  const before = await em.findOne(Market, { id: marketId });
  if (before) {
    if (before.requestHash !== requestHash) throw refuse('idempotency_key_reused', 'this key created another market');
    return storedMarket(em, before, true);
  }
  const channel = await em.findOne(Channel, { slug: input.channel, active: true });
  if (!channel) throw refuse('channel_not_found', `no such channel: ${input.channel}`);
  const policy = policyOf(channel, input, timeScale);
  const now = new Date();
  checkRules(policy, input, now);
  await insertMarket(em, input, channel, policy, now);
  await em.insertMany(
    MarketOutcome,
    input.outcomes.map((name, position) => {
      return { id: derivedId('outcome', marketId, String(position)), marketId, position, name };
    }),
  );
  const { createdBy: userId, title } = input;
  const actor = { role: 'moderator', id: userId } as const;
  await tell(em, [{ type: 'market.created', subjectId: marketId, actor, at: now, data: { version: 1 } }]);
  await em.insert(Activity, { type: 'market_created', userId, marketId, data: { title }, at: now });
  return storedMarket(em, await em.findOneOrFail(Market, { id: marketId }), true);
}

function policyOf({ slug, policy }: Channel, { overrides }: MarketInput, timeScale: number): MarketPolicy {
  if (!policy.market) throw refuse('markets_not_offered', `no markets in ${slug}`);
  const market = { ...policy.market, ...overrides };
  const { challengeWindowMs, resolveByMs } = market;
  if (!isDuration(challengeWindowMs) || !isDuration(resolveByMs) || resolveByMs === 0) {
    throw refuse('validation_failed', 'durations are whole milliseconds; the time to resolve is not zero');
  }
  return scalePolicyDurations({ ...policy, market }, timeScale).market ?? market;
}

function isDuration(ms: number): boolean {
  return Number.isSafeInteger(ms) && ms >= 0;
}

function checkRules(policy: MarketPolicy, { outcomes, closesAt, maxPointsPerUser }: MarketInput, now: Date): void {
  // Not a number for what is no instant: that is not later either.
  if (!(Date.parse(closesAt) > now.getTime())) throw refuse('closes_at_not_later', 'a market closes later than now');
  const names = new Set(outcomes.map((name) => name.trim().toLowerCase()));
  if (names.size < outcomes.length || names.has('')) throw refuse('validation_failed', 'each outcome has its own name');
  if (outcomes.length < 2 || outcomes.length > policy.maxOutcomes) {
    throw refuse('validation_failed', `a market has 2 to ${policy.maxOutcomes} outcomes`);
  }
  const most = maxPointsPerUser ?? policy.maxPointsPerUser;
  if (!Number.isSafeInteger(most) || most < 1 || most > policy.maxPointsPerUser) {
    throw refuse('validation_failed', `the most points of a forecast are 1 to ${policy.maxPointsPerUser}`);
  }
}

/** A title may come again: then a piece of the market's own id tells the two apart. */
async function insertMarket(
  em: EntityManager,
  input: MarketInput,
  channel: Channel,
  policy: MarketPolicy,
  now: Date,
): Promise<void> {
  const { marketId, title, description, category, metadata, createdBy, requestHash } = input;
  const base = slugOf(title);
  const ownPart = marketId.slice(marketId.indexOf('_') + 1);
  for (const slug of [base, `${base}-${ownPart.slice(-6)}`, `${base}-${ownPart}`]) {
    const row = {
      id: marketId,
      slug,
      channelId: channel.id,
      title,
      description,
      category,
      metadata,
      createdBy,
      closesAt: new Date(input.closesAt),
      maxPointsPerUser: input.maxPointsPerUser ?? policy.maxPointsPerUser,
      policy,
      policyVersion: channel.policyVersion,
      requestHash,
      nextActionAt: new Date(input.closesAt),
      createdAt: now,
    };
    const inserted = await em
      .createQueryBuilder(Market)
      .insert(row)
      .onConflict('slug')
      .ignore()
      .execute<{ affectedRows: number }>('run', false);
    if (inserted.affectedRows === 1) return;
  }
  throw new Error(`no slug is free for ${marketId}`);
}
