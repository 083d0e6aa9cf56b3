/** Many forecasters with stakes on one market, a set at a time: as if each of them had placed one. */

import type { EntityManager } from '@mikro-orm/postgresql';
import { newId } from '../../db/new-id.ts';
import type { MarketId, OutcomeId, UserId } from '../../domain/ids.ts';

/** Of one user on one outcome; `probability`: what the outcome was worth before. */
export type TestStake = { userId: UserId; outcomeId: OutcomeId; points: number; probability?: number };

const CHUNK = 10_000;

/** Users with `chips` each, in the order of their ids. */
export async function addForecasters(em: EntityManager, count: number, chips: number): Promise<UserId[]> {
  const users = Array.from({ length: count }, () => newId('user'));
  for (const part of chunksOf(users)) {
    const ids = JSON.stringify(part);
    await em.execute(
      `insert into user_account (id, email, password_hash, display_name, account_type)
       select id, id || '@forecasters.test', 'none', 'Forecaster', 'individual' from jsonb_array_elements_text(?::jsonb) id`,
      [ids],
    );
    if (chips === 0) continue;
    await em.execute(
      `with line as (
         select 'chips:wallet:' || id as account, ?::bigint as amount from jsonb_array_elements_text(?::jsonb) id
         union all select 'chips:issued', -?::bigint * jsonb_array_length(?::jsonb)
       )
       select ledger_post(jsonb_build_array(jsonb_build_object('key', ?::text, 'kind', 'wallet_deposited', 'lines',
         jsonb_agg(jsonb_build_object('account', account, 'currency', 'CHIP', 'amountMinor', amount)
           order by account collate "C"))))
       from line`,
      [chips, ids, chips, ids, `given/${part[0]}:chips`],
    );
  }
  return users;
}

/** In the order given, each with its chips moved into the pool. */
export async function addStakes(em: EntityManager, marketId: MarketId, stakes: readonly TestStake[]): Promise<void> {
  for (const part of chunksOf(stakes)) {
    const rows = JSON.stringify(part.map((stake) => ({ id: newId('forecast'), probability: 0.5, ...stake })));
    await em.execute(
      `insert into forecast (id, market_id, outcome_id, user_id, points, probability, placed_at)
       select s.id, ?, s."outcomeId", s."userId", s.points, s.probability, now()
       from rows from (jsonb_to_recordset(?::jsonb)
         as (id text, "outcomeId" text, "userId" text, points bigint, probability double precision))
         with ordinality s (id, "outcomeId", "userId", points, probability, n)
       order by n`,
      [marketId, rows],
    );
    await em.execute(
      `with line as (
         select 'chips:wallet:' || (s ->> 'userId') as account, -(s ->> 'points')::bigint as amount
         from jsonb_array_elements(?::jsonb) s
         union all
         select 'chips:market:' || ?, sum((s ->> 'points')::bigint)::bigint from jsonb_array_elements(?::jsonb) s
       )
       select ledger_post(jsonb_build_array(jsonb_build_object('key', ?::text, 'kind', 'forecasts_placed', 'lines',
         jsonb_agg(jsonb_build_object('account', account, 'currency', 'CHIP', 'amountMinor', amount)
           order by account collate "C"))))
       from line`,
      [rows, marketId, rows, `forecast/${newId('forecast')}`],
    );
  }
  await em.execute(
    `update market_outcome o set total_points = f.points, forecasts = f.forecasts
     from (select outcome_id, sum(points) as points, count(*) as forecasts from forecast where market_id = ? group by 1) f
     where o.id = f.outcome_id`,
    [marketId],
  );
}

function* chunksOf<Item>(items: readonly Item[]): Generator<readonly Item[]> {
  for (let from = 0; from < items.length; from += CHUNK) yield items.slice(from, from + CHUNK);
}
