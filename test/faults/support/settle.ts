/** A process of its own that settles one market, batch by batch, telling of each: `settle.ts <database> <market> <batch size>`. */

import { settleMarket } from '../../../activities/bulk/settle-market.ts';
import { initOrm } from '../../../db/orm.ts';
import type { MarketId } from '../../../domain/ids.ts';

const [databaseUrl = '', marketId, batchSize] = process.argv.slice(2);
const orm = await initOrm(databaseUrl, { pool: { max: 1 } });
await settleMarket(
  { orm },
  { marketId: marketId as MarketId },
  { batchSize: Number(batchSize), afterBatch: ({ batches }) => void process.stdout.write(`${batches}\n`) },
);
await orm.close();
