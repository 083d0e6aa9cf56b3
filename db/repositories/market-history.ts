/** How the probabilities of a market's outcomes came about, for charts; and what those who watch it see. */

import type { EntityManager } from '@mikro-orm/postgresql';
import { isId, type MarketId, type OutcomeId } from '../../domain/ids.ts';
import { type MarketStatus, probabilityOf } from '../../domain/markets/market.ts';

const MINUTE_MS = 60_000;

export type HistoryPoint = { at: Date; totalPoints: number; probability: number };
export type OutcomeHistory = { id: OutcomeId; name: string; points: HistoryPoint[] };
/** `stepMs`: between two points, whole minutes. */
export type MarketHistory = { marketId: MarketId; stepMs: number; outcomes: OutcomeHistory[] };

type OutcomeRow = { market_id: MarketId; id: OutcomeId; name: string; from_ms: string; to_ms: string };
type BucketRow = { outcome_id: OutcomeId; bucket: number; total_points: string };

/**
 * What each outcome was worth at equal steps from the market's first minute to now (or to its closing), at most
 * `maxPoints` of them, 2 or more; null for an unknown market. Between two forecasts nothing changes, so each point
 * carries on what the one before it had; the first is from before all forecasts.
 */
export async function loadMarketHistory(
  em: EntityManager,
  idOrSlug: string,
  maxPoints: number,
): Promise<MarketHistory | null> {
  const outcomes = await em.execute<OutcomeRow[]>(
    `select m.id as market_id, o.id, o.name,
       floor(extract(epoch from date_trunc('minute', m.created_at)) * 1000)::bigint as from_ms,
       ceil(extract(epoch from least(now(), coalesce(m.closed_at, m.closes_at))) / 60)::bigint * ${MINUTE_MS} as to_ms
     from market m join market_outcome o on o.market_id = m.id
     where ${isId('market', idOrSlug) ? 'm.id' : 'm.slug'} = ? order by o.position`,
    [idOrSlug],
  );
  const [first] = outcomes;
  if (!first) return null;
  const { market_id: marketId } = first;
  const fromMs = Number(first.from_ms);
  const minutes = Math.max(1, Math.ceil((Number(first.to_ms) - fromMs) / MINUTE_MS));
  const stepMs = Math.ceil(minutes / (maxPoints - 1)) * MINUTE_MS;
  const count = Math.ceil((minutes * MINUTE_MS) / stepMs);
  // Points are only ever added to an outcome: the last total of a stretch is its largest.
  const buckets = await em.execute<BucketRow[]>(
    `select outcome_id, least(floor((extract(epoch from minute) * 1000 - ?::bigint) / ?::bigint)::int, ?::int - 1) as bucket,
       max(total_points)::bigint as total_points
     from market_history where market_id = ? group by 1, 2`,
    [fromMs, stepMs, count, marketId],
  );
  return { marketId, stepMs, outcomes: carryOn(outcomes, buckets, { fromMs, stepMs, count }) };
}

type Steps = { fromMs: number; stepMs: number; count: number };

function carryOn(outcomes: readonly OutcomeRow[], buckets: readonly BucketRow[], steps: Steps): OutcomeHistory[] {
  const totals = outcomes.map(({ id }) => {
    const known = new Map(
      buckets.filter((each) => each.outcome_id === id).map((each) => [each.bucket, Number(each.total_points)]),
    );
    let last = 0;
    return Array.from({ length: steps.count + 1 }, (_, n) => {
      last = known.get(n - 1) ?? last;
      return last;
    });
  });
  const pools = Array.from({ length: steps.count + 1 }, (_, n) =>
    totals.reduce((sum, each) => sum + (each[n] ?? 0), 0),
  );
  return outcomes.map(({ id, name }, index) => ({
    id,
    name,
    points: (totals[index] ?? []).map((totalPoints, n) => ({
      at: new Date(steps.fromMs + n * steps.stepMs),
      totalPoints,
      probability: probabilityOf(totalPoints, pools[n] ?? 0, outcomes.length),
    })),
  }));
}

/** A market at this moment; `counter` grows with each of its changes and each forecast on it. */
export type MarketNow = {
  id: MarketId;
  counter: number;
  status: MarketStatus;
  poolPoints: number;
  outcomes: { id: OutcomeId; totalPoints: number; probability: number }[];
};

type NowRow = { id: MarketId; status: MarketStatus; version: number; outcomes: [OutcomeId, number, number][] };

/** These markets as people see them now: closed from the instant they close on. Unknown ids are left out. */
export async function loadMarketsNow(em: EntityManager, marketIds: readonly MarketId[]): Promise<MarketNow[]> {
  const rows = await em.execute<NowRow[]>(
    `select m.id, m.version,
       case when m.status in ('open', 'suspended') and m.closes_at <= now() then 'closed' else m.status end as status,
       jsonb_agg(jsonb_build_array(o.id, o.total_points, o.forecasts) order by o.position) as outcomes
     from market m join market_outcome o on o.market_id = m.id
     where m.id in (select jsonb_array_elements_text(?::jsonb)) group by m.id`,
    [JSON.stringify(marketIds)],
  );
  return rows.map(({ id, status, version, outcomes }) => {
    const poolPoints = outcomes.reduce((sum, [, points]) => sum + points, 0);
    return {
      id,
      status,
      poolPoints,
      counter: outcomes.reduce((sum, [, , forecasts]) => sum + forecasts, version),
      outcomes: outcomes.map(([outcomeId, totalPoints]) => ({
        id: outcomeId,
        totalPoints,
        probability: probabilityOf(totalPoints, poolPoints, outcomes.length),
      })),
    };
  });
}
