/** Fixes who gets what of a pool: the rule of `domain/markets/settlement.ts`, computed where the stakes are. */

import type { EntityManager } from '@mikro-orm/postgresql';
import type { MarketId, OutcomeId } from '../../domain/ids.ts';
import type { MarketStatus } from '../../domain/markets/market.ts';
import type { PayoutRule } from '../../domain/markets/settlement.ts';
import { marketRaked } from '../../domain/postings/chips.ts';
import { postJournals } from '../ledger/post.ts';

type Row = { status: MarketStatus; payout: PayoutRule | null; rake_bps: number; outcome_id: OutcomeId | null };

/**
 * In a transaction of its own, once: the rule, the pool as its forecasts add up to it, and the platform's share. Answers the
 * rule that is stored. Throws for a market that is not decided.
 */
export async function fixPayout(em: EntityManager, marketId: MarketId): Promise<PayoutRule> {
  const [market] = await em.execute<Row[]>(
    `select m.status, m.payout, (m.policy ->> 'rakeBps')::int as rake_bps, r.outcome_id
     from market m left join market_resolution r on r.market_id = m.id
     where m.id = ? for no key update of m`,
    [marketId],
  );
  if (!market) throw new Error(`no such market: ${marketId}`);
  if (market.payout) return market.payout;
  const { status, outcome_id: outcomeId, rake_bps: rakeBps } = market;
  if (status !== 'cancelled' && (status !== 'resolved' || outcomeId === null)) {
    throw new Error(`${marketId} is ${status}: nothing is paid out yet`);
  }
  const winner = status === 'resolved' ? outcomeId : null;
  const [stored] = await em.execute<{ payout: PayoutRule }[]>(STORE_RULE, [
    marketId,
    rakeBps,
    winner,
    winner,
    winner,
    marketId,
  ]);
  if (!stored) throw new Error(`no such market: ${marketId}`);
  const { payout } = stored;
  if (payout.kind === 'paid' && payout.rake > 0) await postJournals(em, [marketRaked({ marketId, rake: payout.rake })]);
  return payout;
}

/** In numeric, exact at any size: a stake times a pool may be more than a bigint holds. No winner: all stakes go back. */
const STORE_RULE = `
with stake as materialized (
  select seq, points::numeric as points, outcome_id from forecast where market_id = ?
),
pool as (
  select points, forecasts, winners, div(points * rake_bps, 10000) as rake, points - div(points * rake_bps, 10000) as net
  from (
    select coalesce(sum(points), 0) as points, count(*) as forecasts, ?::int as rake_bps,
      coalesce(sum(points) filter (where outcome_id = ?::text), 0) as winners
    from stake
  ) sums
),
share as materialized (
  select s.seq, div(s.points * p.net, p.winners) as whole, mod(s.points * p.net, p.winners) as fraction
  from stake s cross join pool p
  where s.outcome_id = ?::text and p.winners > 0
),
remainder as (
  select p.net - coalesce((select sum(whole) from share), 0) as chips from pool p
),
last_extra as (
  select fraction, seq from share where (select chips from remainder) > 0
  order by fraction desc, seq
  offset (select greatest(chips - 1, 0)::bigint from remainder) limit 1
)
update market m set pool_points = p.points, forecasts = p.forecasts, updated_at = now(),
  payout = case when p.winners = 0 then jsonb_build_object('kind', 'returned') else jsonb_build_object(
    'kind', 'paid', 'outcomeId', ?::text, 'net', p.net, 'rake', p.rake, 'winnersPoints', p.winners,
    'lastExtra', (select jsonb_build_object('fraction', fraction, 'seq', seq) from last_extra)) end
from pool p
where m.id = ?
returning m.payout`;
