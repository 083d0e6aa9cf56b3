/** Brings forecasters up to date with a batch of forecasts that were just settled: one statement, however many. */

import type { EntityManager } from '@mikro-orm/postgresql';
import { BADGE_RULES, type BadgeCondition, type BadgeMetric } from '../../domain/forecasters/badges.ts';
import type { MarketId } from '../../domain/ids.ts';

/** Forecasts of one market with `afterSeq` < seq <= `throughSeq`. */
export type SettledBatch = { marketId: MarketId; afterSeq: number; throughSeq: number };

/**
 * Reputation, record, streaks, calibration, badges and their news for everybody with a forecast in the batch. To be called
 * once, in the transaction that settled those forecasts: they commit together, so a batch counts once however often it is
 * tried. A user has one forecast in a market, so each is met once; their rows are locked in the order of user ids, so that
 * batches of several markets may run at the same time. Returned forecasts change nothing.
 */
export async function applySettledBatch(em: EntityManager, batch: SettledBatch): Promise<void> {
  const { marketId, afterSeq, throughSeq } = batch;
  await em.execute(APPLY, [marketId, afterSeq, throughSeq, RULES, marketId, marketId]);
}

const RULES = JSON.stringify(BADGE_RULES.map(({ badge, title, reason }, place) => ({ place, badge, title, reason })));

type Metrics = Readonly<Record<BadgeMetric, string>>;

/** The metrics of the rules after the forecast `batch`, for somebody who had none before. */
const OF_NEW: Metrics = {
  settled: '1',
  won: 'won::int',
  bestStreak: 'won::int',
  reputation: 'delta',
  meanBrier: 'brier',
  winProbability: 'case when won then probability end',
};

const NEW_STREAK = 'case excluded.won when 1 then f.current_streak + 1 else 0 end';

/** The same for somebody (f) who had some. */
const OF_KNOWN: Metrics = {
  settled: '(f.settled + 1)',
  won: '(f.won + excluded.won)',
  bestStreak: `greatest(f.best_streak, ${NEW_STREAK})`,
  reputation: '(f.reputation + excluded.last_delta)',
  meanBrier: '(f.brier_sum + excluded.brier_sum) / (f.settled + 1)',
  winProbability: 'case excluded.won when 1 then excluded.last_probability end',
};

/** An SQL array of the badges that are due, but for those in the array `had`. */
function dueBadges(metrics: Metrics, had: string): string {
  const bound = (condition: BadgeCondition): string =>
    'atLeast' in condition
      ? `${metrics[condition.metric]} >= ${condition.atLeast}`
      : `${metrics[condition.metric]} <= ${condition.atMost}`;
  const badges = BADGE_RULES.map(
    ({ badge, when }) =>
      `case when '${badge}' <> all (${had}) and ${when.map(bound).join(' and ')} then '${badge}' end`,
  );
  return `array_remove(array[\n      ${badges.join(',\n      ')}\n    ]::text[], null)`;
}

// No join that grows with the batch, and nothing is looked up but by the keys of the upserts: the same plan whatever
// Postgres believes about tables that have just begun to grow.
const APPLY = `
with batch as materialized (
  select user_id, status = 'won' as won, points, payout_points, probability, reputation_delta as delta,
    case status when 'won' then (1 - probability) * (1 - probability) else probability * probability end as brier
  from forecast
  where market_id = ? and seq > ? and seq <= ? and status in ('won', 'lost')
), forecasters as (
  insert into forecaster as f (user_id, reputation, last_delta, last_probability, settled, won, lost, staked_points,
    won_points, current_streak, best_streak, brier_sum, badges)
  select user_id, greatest(0, delta), delta, probability, 1, won::int, (not won)::int, points,
    payout_points, won::int, won::int, brier, ${dueBadges(OF_NEW, `'{}'::text[]`)}
  from batch order by user_id
  on conflict (user_id) do update set
    reputation = greatest(0, ${OF_KNOWN.reputation}),
    last_delta = excluded.last_delta,
    last_probability = excluded.last_probability,
    settled = ${OF_KNOWN.settled},
    won = ${OF_KNOWN.won},
    lost = f.lost + excluded.lost,
    staked_points = f.staked_points + excluded.staked_points,
    won_points = f.won_points + excluded.won_points,
    current_streak = ${NEW_STREAK},
    best_streak = ${OF_KNOWN.bestStreak},
    brier_sum = f.brier_sum + excluded.brier_sum,
    badges = f.badges || ${dueBadges(OF_KNOWN, 'f.badges')},
    updated_at = now()
  returning new.user_id, new.badges[coalesce(cardinality(old.badges), 0) + 1:] as badges
), calibrated as (
  insert into forecaster_calibration as c (user_id, decile, forecasts, won)
  select user_id, least(9, floor(probability * 10))::int, 1, won::int from batch order by user_id
  on conflict (user_id, decile) do update set forecasts = c.forecasts + 1, won = c.won + excluded.won
), rule as materialized (
  select * from jsonb_to_recordset(?::jsonb) as r(place int, badge text, title text, reason text)
), earned as materialized (
  select user_id, rule.*
  from (select user_id, unnest(badges) as badge from forecasters) each_badge join rule using (badge)
), awarded as (
  insert into badge_award (user_id, badge, market_id, reason)
  select user_id, badge, ?, reason from earned
)
insert into activity (type, user_id, market_id, data)
select 'badge_earned', user_id, ?, jsonb_build_object('badge', badge, 'title', title)
from earned order by user_id, place`;
