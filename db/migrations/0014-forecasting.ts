/** Placing forecasts: many at once in one round trip, exact at the instant a market closes. */

import { Migration } from '@mikro-orm/migrations';

export class Forecasting extends Migration {
  override up(): void {
    this.addSql(`
-- Locks the wallets that exist, in the order in which the ledger locks them, and answers what they hold. The app has no
-- right of its own to lock a balance.
create function chips_lock_wallets(user_ids text[]) returns table (user_id text, balance_points bigint)
language sql security definer set search_path = public, pg_temp
set enable_hashjoin = off set enable_mergejoin = off set enable_seqscan = off as $$
  select split_part(b.account, ':', 3), b.balance_minor::bigint
  from ledger_balance b
  where b.account = any (array(select ('chips:wallet:' || id) collate "C" from unnest(user_ids) id)) and b.currency = 'CHIP'
  order by b.account
  for no key update
$$;

create type forecast_placing as (
  n int, id text, market_id text, outcome_id text, user_id text, points bigint, probability double precision,
  device_hash text, ip_hash text
);

-- Places forecasts: [{ forecastId, userId, marketId, outcomeId, points, deviceHash, ipHash }], a user at most once a call.
-- One row for each, in their order: code is null for what is placed, else why it is not, with what would be allowed
-- (points_out_of_range: the most; insufficient_funds: the balance). An id that is placed already is answered as it is.
--
-- Locks: outcomes, markets, wallets, the ledger's; each kind sorted. Outcomes come first so that calls on one market
-- queue up there: whoever waits to change the market then finds a gap between two calls. The market's lock is shared and
-- lasts until the commit: a change of its status waits for the forecasts under way, and all later ones see it. The clock
-- is read when every lock is there. What is closed is not locked at all, so nothing holds up what comes after closing.
-- Planner settings as in ledger_take_lines.
create function place_forecasts(inputs jsonb) returns table (
  forecast_id text, code text, allowed_points bigint, probability double precision, placed_at timestamptz)
language plpgsql set search_path = public, pg_temp set plan_cache_mode = force_generic_plan
set enable_hashjoin = off set enable_mergejoin = off set enable_material = off set enable_seqscan = off as $$
#variable_conflict use_column
declare
  held text[];
  wallet_users text[];
  wallet_points bigint[];
  instant timestamptz;
  judged record;
begin
  if (select count(*) > count(distinct j ->> 'userId') from jsonb_array_elements(inputs) j) then
    raise exception 'a user has several forecasts in one call' using errcode = 'HF002';
  end if;

  held := array(
    select m.id from market m
    where m.id in (select j ->> 'marketId' from jsonb_array_elements(inputs) j)
      and m.status = 'open' and m.closes_at > clock_timestamp());
  perform from market_outcome o where o.market_id = any (held) order by o.id for no key update;
  perform from market m where m.id = any (held) order by m.id for share;
  select array_agg(user_id), array_agg(balance_points) into wallet_users, wallet_points
  from chips_lock_wallets(array(
    select j ->> 'userId' from jsonb_array_elements(inputs) j where j ->> 'marketId' = any (held)));
  instant := clock_timestamp();

  with input as (
    select n::int as n, j ->> 'forecastId' as id, j ->> 'userId' as user_id, j ->> 'marketId' as market_id,
      j ->> 'outcomeId' as outcome_id, (j ->> 'points')::bigint as points, j ->> 'deviceHash' as device_hash,
      j ->> 'ipHash' as ip_hash
    from jsonb_array_elements(inputs) with ordinality i (j, n)
  ),
  known as materialized (
    select i.*, m.status, m.closes_at, m.id = any (held) as is_held, u.status as user_status, o.id as known_outcome,
      f.id as earlier_id, coalesce(w.balance, 0) as balance,
      least(m.max_points_per_user, case when u.limited_at is not null
        then (m.policy ->> 'maxPointsOfLimited')::bigint end) as most
    from input i
    left join market m on m.id = i.market_id
    left join user_account u on u.id = i.user_id
    left join market_outcome o on o.market_id = i.market_id and o.id = i.outcome_id
    left join forecast f on f.user_id = i.user_id and f.market_id = i.market_id
    left join unnest(wallet_users, wallet_points) w (user_id, balance) on w.user_id = i.user_id
  ),
  answered as materialized (
    select k.*, case
        when earlier_id = id then null
        when status is null then 'market_not_found'
        when status not in ('open', 'suspended') or closes_at <= instant then 'market_closed'
        when status = 'suspended' or not is_held then 'market_not_open'
        when user_status is distinct from 'active' then 'account_not_active'
        when known_outcome is null then 'outcome_not_in_market'
        when points not between 1 and most then 'points_out_of_range'
        when earlier_id is not null then 'already_forecast'
        when balance < points then 'insufficient_funds'
      end as code
    from known k
  ),
  pool as materialized (
    select market_id, sum(total_points) as points, count(*) as outcomes
    from market_outcome where market_id = any (held) group by market_id
  ),
  -- Each sees those before it.
  accepted as (
    select a.n, a.id, a.market_id, a.outcome_id, a.user_id, a.points, a.device_hash, a.ip_hash,
      (o.total_points + 1 + coalesce(sum(a.points) over (partition by a.outcome_id order by a.n
        rows between unbounded preceding and 1 preceding), 0))::double precision
      / (p.points + p.outcomes + coalesce(sum(a.points) over (partition by a.market_id order by a.n
        rows between unbounded preceding and 1 preceding), 0))::double precision as probability
    from answered a
    join market_outcome o on o.id = a.outcome_id
    join pool p on p.market_id = a.market_id
    where a.code is null and a.earlier_id is null
  )
  select array_agg(a.id order by a.n) as ids, array_agg(a.code order by a.n) as codes,
    array_agg(case a.code when 'points_out_of_range' then a.most when 'insufficient_funds' then a.balance end
      order by a.n) as allowed,
    (select array_agg((p.n, p.id, p.market_id, p.outcome_id, p.user_id, p.points, p.probability, p.device_hash,
      p.ip_hash)::forecast_placing order by p.n) from accepted p) as placed
  into strict judged
  from answered a;

  perform place_judged_forecasts(judged.placed, instant);
  return query
    select i.id, i.code, i.allowed, f.probability, f.placed_at
    from unnest(judged.ids, judged.codes, judged.allowed) with ordinality i (id, code, allowed, n)
    left join forecast f on f.id = i.id and i.code is null
    order by i.n;
end $$;

-- What follows from a call of place_forecasts, which holds the locks: rows, totals, chart, feed, and a journal a market.
create function place_judged_forecasts(placed forecast_placing[], instant timestamptz) returns void
language plpgsql set search_path = public, pg_temp set plan_cache_mode = force_generic_plan
set enable_hashjoin = off set enable_mergejoin = off set enable_material = off set enable_seqscan = off as $$
begin
  if placed is null then
    return;
  end if;
  insert into forecast (id, market_id, outcome_id, user_id, points, probability, device_hash, ip_hash, placed_at)
  select p.id, p.market_id, p.outcome_id, p.user_id, p.points, p.probability, p.device_hash, p.ip_hash, instant
  from unnest(placed) p order by p.n;

  with changed as (
    update market_outcome o set total_points = o.total_points + n.points, forecasts = o.forecasts + n.forecasts
    from (
      select p.outcome_id, sum(p.points)::bigint as points, count(*)::int as forecasts
      from unnest(placed) p group by p.outcome_id
    ) n
    where o.id = n.outcome_id
    returning o.market_id, o.id, o.total_points
  )
  insert into market_history (market_id, minute, outcome_id, total_points)
  select market_id, date_trunc('minute', instant), id, total_points from changed
  on conflict (market_id, minute, outcome_id) do update set total_points = excluded.total_points;

  insert into activity (type, user_id, market_id, data, at)
  select 'forecast_placed', p.user_id, p.market_id,
    jsonb_build_object('forecastId', p.id, 'outcomeId', p.outcome_id, 'points', p.points), instant
  from unnest(placed) p order by p.n;

  perform ledger_post(jsonb_agg(journal))
  from (
    select jsonb_build_object(
      'key', 'forecast/' || (array_agg(p.id order by p.n))[1],
      'kind', 'forecasts_placed',
      'memo', jsonb_build_object('marketId', p.market_id, 'forecasts', count(*)),
      'lines', jsonb_build_object('account', 'chips:market:' || p.market_id, 'currency', 'CHIP', 'amountMinor', sum(p.points))
        || jsonb_agg(jsonb_build_object('account', 'chips:wallet:' || p.user_id, 'currency', 'CHIP',
          'amountMinor', -p.points) order by p.user_id collate "C")
    ) as journal
    from unnest(placed) p group by p.market_id
  ) journals;
end $$;

grant execute on function chips_lock_wallets(text[]), place_forecasts(jsonb),
  place_judged_forecasts(forecast_placing[], timestamptz) to holdfast_app;
`);
  }
}
