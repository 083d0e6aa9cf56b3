/** The last step of settling a market: it is checked that nothing is left, and said so. */

import type { EntityManager } from '@mikro-orm/postgresql';
import { chipsMarketAccount } from '../../domain/accounts.ts';
import type { MarketId } from '../../domain/ids.ts';
import type { MarketStatus } from '../../domain/markets/market.ts';
import { balanceOf } from '../ledger/balances.ts';

/** `finished`: by this call, and not before. `version`: the number of this change. */
export type Settled = { finished: boolean; version: number; status: MarketStatus; forecasts: number; batches: number };

type Row = {
  status: MarketStatus;
  version: number;
  forecasts: number;
  batches: number;
  settled: boolean;
  left: number;
};

/** In a transaction of its own. Throws while a forecast is not settled, or a chip of the pool is not paid out. */
export async function finishSettling(em: EntityManager, marketId: MarketId): Promise<Settled> {
  await em.execute('select from market where id = ? for no key update', [marketId]);
  const [row] = await em.execute<Row[]>(
    `select status, version, forecasts, batches, settled_at is not null as settled,
       (select count(*)::int from forecast where market_id = m.id and seq > m.settled_through) as left
     from market m where id = ?`,
    [marketId],
  );
  if (!row) throw new Error(`no such market: ${marketId}`);
  const { forecasts, batches } = row;
  if (row.settled) return { finished: false, version: row.version, status: row.status, forecasts, batches };
  const chips = await balanceOf(em, chipsMarketAccount(marketId), 'CHIP');
  if (row.left > 0 || chips !== 0) {
    throw new Error(`${marketId} is not settled: ${row.left} forecasts, ${chips} chips are left`);
  }
  const status = row.status === 'resolved' ? 'settled' : row.status;
  const version = row.version + 1;
  await em.execute(
    `update market set status = ?, version = ?, settled_at = now(), updated_at = now(),
       next_action_kind = 'none', next_action_at = null
     where id = ?`,
    [status, version, marketId],
  );
  return { finished: true, version, status, forecasts, batches };
}
