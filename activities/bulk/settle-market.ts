/** Pays a decided market out, or returns its stakes: batch by batch, each one transaction, so that a try goes on where the last one stopped. */

import type { MikroORM } from '@mikro-orm/postgresql';
import { finishSettling } from '../../db/markets/finish-settling.ts';
import { fixPayout } from '../../db/markets/fix-payout.ts';
import { type SettledSoFar, settleBatch } from '../../db/markets/settle-batch.ts';
import type { MarketId } from '../../domain/ids.ts';
import { inTransaction } from '../records/in-transaction.ts';
import type { SettledMarket } from '../records/markets/market-records.ts';
import { tell } from '../records/tell.ts';

export type SettlingOptions = {
  /** Forecasts to a transaction. */
  batchSize?: number;
  /** Told of each batch once it is stored; what it throws ends this try. */
  afterBatch?: (batch: SettledSoFar) => void | Promise<void>;
};

/** Well under a second, and few enough to a journal. */
const BATCH_SIZE = 5_000;

/** Answers over all tries. What fails is tried again by whoever asks. */
export async function settleMarket(
  { orm }: { orm: MikroORM },
  { marketId }: { marketId: MarketId },
  { batchSize = BATCH_SIZE, afterBatch }: SettlingOptions = {},
): Promise<SettledMarket> {
  const { kind } = await inTransaction(orm, (em) => fixPayout(em, marketId));
  for (let done = false; !done; ) {
    const batch = await inTransaction(orm, (em) => settleBatch(em, marketId, batchSize));
    await afterBatch?.(batch);
    ({ done } = batch);
  }
  return inTransaction(orm, async (em) => {
    const { finished, version, status, forecasts, batches } = await finishSettling(em, marketId);
    if (finished) {
      const type = kind === 'paid' ? 'market.settled' : 'market.returned';
      const actor = { role: 'system', id: 'market' } as const;
      const data = { version, status, forecasts, batches };
      await tell(em, [{ type, subjectId: marketId, actor, at: new Date(), data }]);
    }
    return { kind, forecasts, batches };
  });
}
