/** Invariants between settled forecasts and what is kept of the people who placed them. */

import type { Invariant } from './invariant.ts';

/** Added one after the other, so in another order than here: the last digits of a double may differ. */
const ROUNDING = 1e-6;

export const FORECASTERS: readonly Invariant[] = [
  {
    name: 'the record of a forecaster is what became of their forecasts',
    violations: `
      select coalesce(r.user_id, f.user_id) as user_id, r.settled, f.settled as forecasts, r.won, f.won as forecasts_won
      from forecaster r
      full join (
        select user_id, count(*) as settled, count(*) filter (where status = 'won') as won, sum(points) as staked_points,
          sum(payout_points) as won_points,
          sum(case status when 'won' then (1 - probability) ^ 2 else probability ^ 2 end) as brier_sum
        from forecast where status in ('won', 'lost') group by 1
      ) f on f.user_id = r.user_id
      where (r.settled, r.won, r.lost, r.staked_points, r.won_points)
          is distinct from (f.settled, f.won, f.settled - f.won, f.staked_points, f.won_points)
        or abs(r.brier_sum - f.brier_sum) > ${ROUNDING} * f.settled`,
  },
  {
    name: 'a reputation is between what all forecasts brought and what the good ones did, and never below 0',
    violations: `
      select r.user_id, r.reputation, f.brought, f.gained
      from forecaster r
      join (
        select user_id, sum(reputation_delta) as brought, sum(greatest(reputation_delta, 0)) as gained
        from forecast where status in ('won', 'lost') group by 1
      ) f on f.user_id = r.user_id
      where r.reputation not between greatest(0, f.brought) and f.gained`,
  },
  {
    name: 'the deciles of a forecaster hold all their settled forecasts',
    violations: `
      select coalesce(r.user_id, c.user_id) as user_id, r.settled, c.forecasts, r.won, c.won as deciles_won
      from forecaster r
      full join (
        select user_id, sum(forecasts) as forecasts, sum(won) as won from forecaster_calibration group by 1
      ) c on c.user_id = r.user_id
      where (r.settled, r.won) is distinct from (c.forecasts, c.won)`,
  },
  {
    name: 'the badges of a forecaster are those that were awarded, each told of once',
    violations: `
      select coalesce(r.user_id, a.user_id) as user_id, r.badges, a.badges as awarded, n.news
      from forecaster r
      full join (select user_id, array_agg(badge) as badges from badge_award group by 1) a on a.user_id = r.user_id
      left join (
        select user_id, count(*) as news from activity where type = 'badge_earned' group by 1
      ) n on n.user_id = coalesce(r.user_id, a.user_id)
      where not (r.badges is not null and r.badges <@ coalesce(a.badges, '{}') and coalesce(a.badges, '{}') <@ r.badges)
        or cardinality(r.badges) <> coalesce(n.news, 0)`,
  },
];
