/** How long it takes to refresh all leaderboards for many users, on a Postgres of its own. */

import type { EntityManager } from '@mikro-orm/postgresql';
import { refreshLeaderboards } from '../../db/forecasters/refresh-leaderboards.ts';
import { initOrm } from '../../db/orm.ts';
import { seed } from '../../db/seed.ts';
import { interrupted } from '../interrupted.ts';
import { withOwnPostgres } from '../own-postgres.ts';
import { median, report, say } from '../report.ts';

const USERS = 100_000;
const FORECASTS_EACH = 3;
const MARKETS = 120;
const ROUNDS = 3;

export function measureLeaderboards(): Promise<void> {
  return withOwnPostgres('leaderboards', measureRefresh);
}

async function measureRefresh(databaseUrl: string): Promise<void> {
  const owner = await initOrm(databaseUrl, { asOwner: true, pool: { max: 1 } });
  const orm = await initOrm(databaseUrl, { pool: { max: 1 } });
  try {
    say(`${USERS} users with ${FORECASTS_EACH} settled forecasts each …`);
    await seed(owner.em);
    await seedForecasts(owner.em.fork());
    const rounds: number[] = [];
    let places = 0;
    for (let round = 0; round < ROUNDS && !interrupted.aborted; round += 1) {
      const startedMs = performance.now();
      places = await refreshLeaderboards(orm.em);
      rounds.push((performance.now() - startedMs) / 1_000);
      say(`round ${round + 1}: ${places} places`);
    }
    report({
      bench: 'markets',
      figure: 'leaderboard_refresh',
      value: median(rounds),
      unit: 's',
      note: `${USERS} users, ${USERS * FORECASTS_EACH} settled forecasts, ${places} places, median of ${rounds.length}`,
    });
  } finally {
    await orm.close();
    await owner.close();
  }
}

/** Forecasts of random luck, settled at some time in the last 40 days, in every category. */
export async function seedForecasts(em: EntityManager): Promise<void> {
  await em.execute('select setseed(0.5)');
  await em.execute(
    `insert into user_account (id, email, password_hash, display_name, account_type)
     select 'usr_' || lpad(n::text, 26, '0'), n || '@bench.test', '', 'User ' || n, 'individual'
     from generate_series(1, ?::int) n`,
    [USERS],
  );
  await em.execute(
    `insert into market (id, slug, channel_id, title, category, status, created_by, closes_at, max_points_per_user, policy,
       policy_version, request_hash, settled_at)
     select 'mkt_' || lpad(n::text, 26, '0'), 'market-' || n, c.id, 'Market ' || n,
       (array['election', 'crypto', 'entertainment', 'sports', 'politics', 'other'])[1 + n % 6],
       'settled', u.id, now(), 1000, '{}', 1, '', now() - n / 6 * interval '2 days'
     from generate_series(1, ?::int) n, channel c, user_account u
     where c.slug = 'pilimarket' and u.email = 'moderator@holdfast.test'`,
    [MARKETS],
  );
  await em.execute(
    `insert into market_outcome (id, market_id, position, name)
     select 'out_' || substring(id from 5), id, 0, 'Yes' from market`,
  );
  await em.execute(
    `insert into forecast (id, market_id, outcome_id, user_id, points, probability, status, payout_points,
       reputation_delta, placed_at, settled_at)
     select 'fct_' || lpad((n * ${FORECASTS_EACH} + k)::text, 26, '0'), m.id, 'out_' || substring(m.id from 5),
       'usr_' || lpad(n::text, 26, '0'), 100, r.probability, case when r.won then 'won' else 'lost' end,
       case when r.won then 150 else 0 end, round(100 * (r.won::int - r.probability)), now(), m.settled_at
     from generate_series(1, ?::int) n
     cross join generate_series(0, ${FORECASTS_EACH - 1}) k
     cross join lateral (select 0.05 + 0.9 * random() as probability, random() < 0.5 as won, n as of_user) r
     join market m on m.id = 'mkt_' || lpad((1 + (n * 7 + k * 17) % ${MARKETS})::text, 26, '0')`,
    [USERS],
  );
  await em.execute('analyze');
}
