/** Rebuilds every leaderboard from the forecasts themselves: one statement for each period, whatever their number. */

import type { EntityManager } from '@mikro-orm/postgresql';
import { BOARD_SIZE, LEADERBOARD_PERIODS, PERIOD_MS } from '../../domain/forecasters/leaderboards.ts';

/** Sums for a few hundred thousand users stay in memory instead of going through files; more than that still works. */
const WORK_MEM = '64MB';

/**
 * Replaces all boards in one transaction; whoever reads meanwhile sees the old ones. Accounts that are suspended or banned
 * stand on none. Two at once wait for each other. Returns how many places there are now.
 */
export function refreshLeaderboards(em: EntityManager): Promise<number> {
  return em.fork().transactional(async (tx) => {
    // A statement of its own: the next ones must see what the refresh before this one has written.
    await tx.execute(
      `select pg_advisory_xact_lock(hashtextextended('leaderboards', 0)), set_config('work_mem', ?, true)`,
      [WORK_MEM],
    );
    await tx.execute('delete from leaderboard_entry');
    let places = 0;
    for (const period of LEADERBOARD_PERIODS) {
      const sinceMs = PERIOD_MS[period];
      const [row] = await tx.execute<{ places: number }[]>(REBUILD, [sinceMs, sinceMs, period]);
      places += row?.places ?? 0;
    }
    return places;
  });
}

// Only what may have a place is sorted: scores are few next to users, so counting them first is cheap. Points are summed as
// doubles, exact up to 2^53 and much faster than the sum of bigints, which is a numeric.
const REBUILD = `
with standing as materialized (
  select coalesce(m.category, 'all') as category, f.user_id, sum(f.reputation_delta) as score,
    count(*) filter (where f.status = 'won') as won, count(*) as settled,
    sum(f.payout_points::double precision) as won_points
  from forecast f
  join market m on m.id = f.market_id
  where f.status in ('won', 'lost')
    and (?::bigint is null or f.settled_at > now() - ?::bigint * interval '1 millisecond')
    and not exists (select from user_account u where u.id = f.user_id and u.status <> 'active')
  group by grouping sets ((f.user_id, m.category), (f.user_id))
), cutoff as (
  select category, max(score) filter (where standing_there >= ${BOARD_SIZE}) as score
  from (
    select category, score, sum(count(*)) over (partition by category order by score desc) as standing_there
    from standing group by category, score
  ) scores
  group by category
), ranked as (
  select s.*, row_number() over (
    partition by s.category order by s.score desc, s.won_points desc, s.user_id collate "C") as rank
  from standing s
  join cutoff c on c.category = s.category and (c.score is null or s.score >= c.score)
), entry as (
  insert into leaderboard_entry (period, category, rank, user_id, score, won, settled, won_points, refreshed_at)
  select ?, category, rank, user_id, score, won, settled, won_points::bigint, now()
  from ranked where rank <= ${BOARD_SIZE}
  returning 1
)
select count(*)::int as places from entry`;
