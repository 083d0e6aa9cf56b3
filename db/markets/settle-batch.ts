/** Settles the forecasts of a decided market, a batch at a time; nothing of them travels to the process that asks. */

import type { EntityManager } from '@mikro-orm/postgresql';
import type { MarketId } from '../../domain/ids.ts';
import { applySettledBatch } from '../forecasters/apply-settled-batch.ts';
import { toLedgerError } from '../ledger/ledger-error.ts';

/** How many are settled and in how many batches, over all tries; `done`: none is left. */
export type SettledSoFar = { throughSeq: number; batches: number; forecasts: number; done: boolean };

type Row = {
  kind: 'paid' | 'returned' | null;
  settled_through: string;
  batches: number;
  through: string;
  size: number;
};

/**
 * In a transaction of its own: the next forecasts in the order they were placed, up to `size` of them, one journal for what
 * they get, and what it does to their owners. Whoever settles the same market at the same time waits, and goes on after it.
 */
export async function settleBatch(em: EntityManager, marketId: MarketId, size: number): Promise<SettledSoFar> {
  await em.execute('select from market where id = ? for no key update', [marketId]);
  const [row] = await em.execute<Row[]>(NEXT_BATCH, [size, marketId]);
  if (!row?.kind) throw new Error(`${marketId}: who gets what is not fixed yet`);
  const afterSeq = Number(row.settled_through);
  if (row.size === 0) return { throughSeq: afterSeq, batches: row.batches, forecasts: 0, done: true };
  const throughSeq = Number(row.through);
  const batches = row.batches + 1;
  const range = { marketId, afterSeq, throughSeq };
  await em.execute(UPDATE_FORECASTS, [marketId, marketId, afterSeq, throughSeq]);
  await postBatch(em, range, `market/${marketId}:settle:${batches}`, row.kind);
  await applySettledBatch(em, range);
  await em.execute('update market set settled_through = ?, batches = ?, updated_at = now() where id = ?', [
    throughSeq,
    batches,
    marketId,
  ]);
  return { throughSeq, batches, forecasts: row.size, done: row.size < size };
}

const NEXT_BATCH = `
select m.payout ->> 'kind' as kind, m.settled_through, m.batches, next.through, next.size
from market m
cross join lateral (
  select max(seq) as through, count(*)::int as size
  from (select seq from forecast where market_id = m.id and seq > m.settled_through order by seq limit ?) f
) next
where m.id = ?`;

/** `payoutOf` of `domain/markets/settlement.ts`, for many. */
const UPDATE_FORECASTS = `
with rule as materialized (
  select payout ->> 'kind' = 'returned' as is_returned, payout ->> 'outcomeId' as outcome_id,
    (payout ->> 'net')::numeric as net, (payout ->> 'winnersPoints')::numeric as winners,
    (payout -> 'lastExtra' ->> 'fraction')::numeric as last_fraction, (payout -> 'lastExtra' ->> 'seq')::bigint as last_seq
  from market where id = ?
)
update forecast f set
  status = case when r.is_returned then 'returned' when f.outcome_id = r.outcome_id then 'won' else 'lost' end,
  payout_points = case
    when r.is_returned then f.points
    when f.outcome_id <> r.outcome_id then 0
    else div(f.points * r.net, r.winners) + case
      when mod(f.points * r.net, r.winners) > r.last_fraction
        or (mod(f.points * r.net, r.winners) = r.last_fraction and f.seq <= r.last_seq) then 1 else 0 end
  end,
  reputation_delta = case when not r.is_returned
    then round((100 * ((f.outcome_id = r.outcome_id)::int - f.probability))::numeric) end,
  settled_at = now()
from rule r
where f.market_id = ? and f.seq > ? and f.seq <= ?`;

const JOURNAL_KINDS = { paid: 'market_settled', returned: 'market_stakes_returned' } as const;

/** A batch in which nobody won moves nothing. The lines in the order in which the ledger compares them. */
async function postBatch(
  em: EntityManager,
  { marketId, afterSeq, throughSeq }: { marketId: MarketId; afterSeq: number; throughSeq: number },
  key: string,
  kind: keyof typeof JOURNAL_KINDS,
): Promise<void> {
  try {
    await em.execute(POST, [marketId, afterSeq, throughSeq, marketId, key, JOURNAL_KINDS[kind], marketId]);
  } catch (error) {
    throw toLedgerError(error);
  }
}

const POST = `
with paid as materialized (
  select user_id, payout_points from forecast where market_id = ? and seq > ? and seq <= ? and payout_points > 0
),
line as (
  select 'chips:wallet:' || user_id as account, payout_points as amount from paid
  union all
  select 'chips:market:' || ?::text, -sum(payout_points)::bigint from paid having count(*) > 0
),
journal as materialized (
  select jsonb_build_array(jsonb_build_object('key', ?::text, 'kind', ?::text, 'memo', jsonb_build_object('marketId', ?::text),
    'lines', jsonb_agg(jsonb_build_object('account', account, 'currency', 'CHIP', 'amountMinor', amount)
      order by account collate "C"))) as journals
  from line having count(*) > 0
)
select posted.journal_id from journal cross join lateral ledger_post(journal.journals) posted`;
