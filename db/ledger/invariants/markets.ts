/** Invariants between the ledger and the markets: every chip of a pool is a stake, and goes where the outcome says. */

import type { Invariant } from './invariant.ts';

/** Each market: its stakes, what of them is paid, the platform's share, and what lies in its pool. */
const POOL = `
  select m.id, m.status, m.settled_at, m.payout, f.*,
    coalesce((m.payout ->> 'rake')::bigint, 0) as rake,
    coalesce(b.balance_minor, 0) as pool
  from market m
  cross join lateral (
    select coalesce(sum(points), 0) as stakes, coalesce(sum(payout_points), 0) as paid, count(*) as forecasts,
      count(*) filter (where f.status = 'placed') as unsettled,
      count(*) filter (where f.status = 'returned' and payout_points = points) as returned
    from forecast f where f.market_id = m.id
  ) f
  left join ledger_balance b on b.account = 'chips:market:' || m.id and b.currency = 'CHIP'`;

/** The journals that pay a market's batches. */
const SETTLING = `
  select j.id, j.key, split_part(split_part(j.key, '/', 2), ':', 1) as market_id, split_part(j.key, ':', 3) as batch
  from ledger_journal j where j.kind in ('market_settled', 'market_stakes_returned')`;

export const MARKETS: readonly Invariant[] = [
  {
    name: 'the pool of a market holds its stakes until they are paid out',
    violations: `
      select id as market_id, status, stakes, rake, paid, pool
      from (${POOL}) p where pool <> stakes - rake - paid`,
  },
  {
    name: 'every pool belongs to a market',
    violations: `
      select b.account, b.balance_minor
      from ledger_balance b left join market m on b.account = 'chips:market:' || m.id
      where b.account like 'chips:market:%' and m.id is null`,
  },
  {
    name: 'nothing is left of a market that is settled: no chip in its pool, no forecast that waits',
    violations: `
      select id as market_id, status, settled_at, pool, unsettled
      from (${POOL}) p
      where (settled_at is not null and (pool <> 0 or unsettled > 0)) or (status = 'settled' and settled_at is null)
        or (settled_at is null and payout is null and unsettled <> forecasts)`,
  },
  {
    name: 'what a settled market has paid is its pool without the rake, or every stake as it was',
    violations: `
      select id as market_id, stakes, rake, paid, returned, payout
      from (${POOL}) p
      where settled_at is not null and (
        payout is null or paid <> stakes - rake or (payout ->> 'kind' = 'returned' and returned <> forecasts)
        or (payout ->> 'kind' = 'paid' and (returned > 0 or (payout ->> 'net')::bigint <> stakes - rake)))`,
  },
  {
    name: 'a market has a resolution once its outcome is final, and is paid out by it',
    violations: `
      select m.id as market_id, m.status, r.outcome_id, m.payout
      from market m left join market_resolution r on r.market_id = m.id
      where (m.status in ('resolved', 'settled')) <> (r.market_id is not null)
        or (m.payout ->> 'kind' = 'paid' and m.payout ->> 'outcomeId' is distinct from r.outcome_id)`,
  },
  {
    name: 'who chose the outcome has won, and nobody else',
    violations: `
      select f.id as forecast_id, f.market_id, f.status, f.payout_points
      from forecast f join market m on m.id = f.market_id
      where m.payout ->> 'kind' = 'paid' and f.status <> 'placed' and (
        (f.outcome_id = m.payout ->> 'outcomeId') <> (f.status = 'won')
        or f.status not in ('won', 'lost') or (f.status = 'lost' and f.payout_points <> 0))`,
  },
  {
    name: 'each batch of a market has at most one journal, and every forecast was paid by one',
    violations: `
      select m.id as market_id, m.batches, j.journals, j.paid, p.paid as payouts
      from market m
      full join (
        select s.market_id, count(distinct s.id) as journals, max(s.batch::int) as last_batch,
          sum(l.amount_minor) filter (where l.amount_minor > 0) as paid
        from (${SETTLING}) s join ledger_posting l on l.journal_id = s.id group by 1
      ) j on j.market_id = m.id
      left join (${POOL}) p on p.id = m.id
      where m.id is null or coalesce(j.journals, 0) > m.batches or coalesce(j.last_batch, 0) > m.batches
        or coalesce(j.paid, 0) <> p.paid`,
  },
  {
    name: 'every forecaster got what their forecast says',
    violations: `
      select coalesce(f.market_id, l.market_id) as market_id, coalesce(f.account, l.account) as account,
        f.payout_points, l.amount_minor
      from (
        select market_id, 'chips:wallet:' || user_id as account, payout_points from forecast where payout_points > 0
      ) f
      full join (
        select s.market_id, p.account, sum(p.amount_minor) as amount_minor
        from (${SETTLING}) s join ledger_posting p on p.journal_id = s.id and p.amount_minor > 0 group by 1, 2
      ) l on l.market_id = f.market_id and l.account = f.account
      where f.payout_points is distinct from l.amount_minor`,
  },
  {
    name: 'outcomes count their forecasts, and a closed market its outcomes',
    violations: `
      select m.id as market_id, o.id as outcome_id, o.total_points, o.forecasts, f.points, f.forecasts as placed
      from market m join market_outcome o on o.market_id = m.id
      cross join lateral (
        select coalesce(sum(points), 0) as points, count(*) as forecasts
        from forecast f where f.market_id = m.id and f.outcome_id = o.id
      ) f
      where o.total_points <> f.points or o.forecasts <> f.forecasts
      union all
      select m.id, null, m.pool_points, m.forecasts, p.stakes, p.forecasts
      from market m join (${POOL}) p on p.id = m.id
      where m.status not in ('open', 'suspended') and (m.pool_points <> p.stakes or m.forecasts <> p.forecasts)`,
  },
];
