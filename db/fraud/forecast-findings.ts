/** What forecasts and traces tell: accounts that share a device, sides that share a purse, crowds that come late. */

import type { EntityManager } from '@mikro-orm/postgresql';
import { FRAUD_RULES, LAST_PART_OF_LIFE, NEW_ACCOUNT_MS } from '../../domain/fraud/rules.ts';
import type { ForecastId } from '../../domain/ids.ts';
import { findingsOf, interval, SHOWN_ACCOUNTS, SHOWN_HASH_CHARS } from './candidates.ts';
import type { Finding } from './flags.ts';

/** A ring is dealt with as one: nobody reviews a thousand flags of the same minute. */
const FLAGGED_OF_A_BURST = 50;

/** What was touched: these forecasts, or everything of the last while. What it belongs to is then judged as a whole. */
export type ForecastScope = { forecastIds: readonly ForecastId[] } | { sinceMs: number };

/** Every rule about forecasts, over what the scope touches. */
export async function findingsOfForecasts(em: EntityManager, scope: ForecastScope): Promise<Finding[]> {
  const bySides = await bothSides(em, scope, 'device_hash');
  const known = new Set(bySides.map(keyOfSide));
  // Who is seen by their device needs no second flag for the address.
  const byAddress = (await bothSides(em, scope, 'ip_hash')).filter((finding) => !known.has(keyOfSide(finding)));
  return [...(await manyAccounts(em, scope)), ...bySides, ...byAddress, ...(await bursts(em, scope))];
}

const keyOfSide = ({ userId, evidence }: Finding): string => `${userId} ${String(evidence.marketId)}`;

/** A condition on `forecast f`. */
function touched(scope: ForecastScope): { sql: string; params: unknown[] } {
  return 'sinceMs' in scope
    ? { sql: `f.placed_at > now() - ${interval(scope.sinceMs)}`, params: [] }
    : { sql: `f.id = any (string_to_array(?, ','))`, params: [scope.forecastIds.join(',')] };
}

function manyAccounts(em: EntityManager, scope: ForecastScope): Promise<Finding[]> {
  const { code, threshold, windowMs } = FRAUD_RULES.many_accounts_on_device;
  const { sql, params } = touched(scope);
  const since = `now() - ${interval(windowMs ?? 0)}`;
  const fromSignals =
    'sinceMs' in scope
      ? `union select s.device_hash from signal s
         where s.device_hash is not null and s.at > now() - ${interval(scope.sinceMs)}`
      : '';
  const query = `
    with device as (
      select f.device_hash from forecast f where f.device_hash is not null and ${sql} ${fromSignals}
    ), seen as (
      select s.device_hash, s.user_id, s.at from signal s join device using (device_hash) where s.at > ${since}
      union all
      select f.device_hash, f.user_id, f.placed_at from forecast f join device using (device_hash)
      where f.placed_at > ${since}
    ), person as (
      select device_hash, user_id, min(at) as at from seen group by 1, 2
    ), crowd as (
      select device_hash, count(*)::int as accounts, min(at) as first_at,
        to_jsonb((array_agg(user_id order by at, user_id))[1:${SHOWN_ACCOUNTS}]) as users
      from person group by 1 having count(*) >= ?
    )
    select p.user_id, 'device:' || left(device_hash, ${SHOWN_HASH_CHARS}) as subject, accounts as measured,
      'device' as by, accounts, jsonb_build_object('accounts', accounts, 'users', users,
        'device', left(device_hash, ${SHOWN_HASH_CHARS}), 'firstSeenAt', first_at) as evidence
    from crowd join person p using (device_hash)`;
  return findingsOf(em, code, query, [...params, threshold]);
}

/** Groups of one market whose forecasts came from the same device (or address), on several outcomes. */
function bothSides(em: EntityManager, scope: ForecastScope, column: 'device_hash' | 'ip_hash'): Promise<Finding[]> {
  const { code, threshold } = FRAUD_RULES.both_sides_of_market;
  const by = column === 'device_hash' ? 'device' : 'address';
  const { sql, params } = touched(scope);
  const query = `
    with place as (
      select distinct f.market_id, f.${column} as hash from forecast f where f.${column} is not null and ${sql}
    ), stake as (
      select f.market_id, p.hash, f.outcome_id, f.user_id, f.points, f.placed_at
      from place p join forecast f on f.market_id = p.market_id and f.${column} = p.hash
    ), side as (
      select market_id, hash, outcome_id, sum(points)::bigint as points, count(*)::int as forecasts,
        min(placed_at) as first_at
      from stake group by 1, 2, 3
    ), person as (
      select market_id, hash, to_jsonb((array_agg(user_id order by placed_at, user_id))[1:${SHOWN_ACCOUNTS}]) as users
      from stake group by 1, 2
    ), sides as (
      select market_id, hash, count(*)::int as outcomes, sum(forecasts)::int as accounts,
        jsonb_agg(jsonb_build_object('outcomeId', outcome_id, 'points', points, 'forecasts', forecasts,
          'firstPlacedAt', first_at) order by first_at, outcome_id) as shown
      from side group by 1, 2 having count(*) >= ?
    )
    select s.user_id, s.market_id || ':${by}:' || left(s.hash, ${SHOWN_HASH_CHARS}) as subject, q.outcomes as measured,
      '${by}' as by, q.accounts, jsonb_build_object('marketId', s.market_id, 'by', '${by}',
        '${by}', left(s.hash, ${SHOWN_HASH_CHARS}), 'accounts', q.accounts, 'users', p.users, 'sides', q.shown) as evidence
    from sides q join person p using (market_id, hash) join stake s using (market_id, hash)`;
  return findingsOf(em, code, query, [...params, threshold]);
}

/**
 * New accounts on one outcome in the last minutes of a market; the first of them are flagged, and the evidence says how
 * many they are.
 */
function bursts(em: EntityManager, scope: ForecastScope): Promise<Finding[]> {
  const { code, threshold, windowMs } = FRAUD_RULES.burst_before_closing;
  const { sql, params } = touched(scope);
  const atEnd = `f.placed_at >= m.closes_at
    - least(${interval(windowMs ?? 0)}, (m.closes_at - m.created_at) / ${LAST_PART_OF_LIFE})`;
  const query = `
    with target as (
      select distinct f.market_id, f.outcome_id from forecast f join market m on m.id = f.market_id
      where ${sql} and ${atEnd}
    ), late as (
      select f.market_id, f.outcome_id, f.user_id, f.points, f.placed_at, m.closes_at,
        row_number() over (partition by f.market_id, f.outcome_id order by f.placed_at, f.user_id) as n
      from target t
      join forecast f on f.market_id = t.market_id and f.outcome_id = t.outcome_id
      join market m on m.id = f.market_id
      join user_account u on u.id = f.user_id
      where ${atEnd} and u.created_at > f.placed_at - ${interval(NEW_ACCOUNT_MS)}
    ), burst as (
      select market_id, outcome_id, count(*)::int as accounts, sum(points)::bigint as points, min(placed_at) as first_at,
        to_jsonb((array_agg(user_id order by placed_at, user_id))[1:${SHOWN_ACCOUNTS}]) as users
      from late group by 1, 2 having count(*) >= ?
    )
    select l.user_id, market_id || ':' || outcome_id as subject, b.accounts as measured, 'device' as by, b.accounts,
      jsonb_build_object('marketId', market_id, 'outcomeId', outcome_id, 'accounts', b.accounts, 'users', b.users, 'points', b.points,
        'firstPlacedAt', b.first_at, 'closesAt', l.closes_at) as evidence
    from burst b join late l using (market_id, outcome_id) where l.n <= ${FLAGGED_OF_A_BURST}`;
  return findingsOf(em, code, query, [...params, threshold]);
}
