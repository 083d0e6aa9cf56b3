/** When to kill: moments in the life of a batch of checkouts, known by what has happened, never by the clock. */

import type { EntityManager } from '../../../db/orm.ts';
import { waitFor } from '../../../dev/client/wait-for.ts';
import type { Batch } from './checkout.ts';

export type Moment = {
  what: string;
  hasCome(em: EntityManager, batch: Batch): Promise<boolean>;
  /** Between two looks; default 25 ms. */
  pollMs?: number;
};

/** As long as earlier kills may hold the batch up. */
const TIMEOUT_MS = 120_000;
const POLL_MS = 25;

/** Resolves when the moment has come; fails with the first checkout that fails before. */
export async function untilMoment(moment: Moment, em: EntityManager, batch: Batch): Promise<void> {
  const { pollMs = POLL_MS } = moment;
  const moments = waitFor(moment.what, () => moment.hasCome(em, batch), Boolean, { timeoutMs: TIMEOUT_MS, pollMs });
  await Promise.race([moments, batch.ended.then(() => moments)]);
}

/** How many rows the query finds; its parameter is the batch's listing. */
async function rows(em: EntityManager, { product }: Batch, query: string): Promise<number> {
  const found = await em.execute<{ count: number }[]>(`select count(*)::int as count from (${query}) found`, [
    product.listingId,
  ]);
  return found[0]?.count ?? 0;
}

const ORDERS = 'select order_id from order_item where listing_id = ?';

export const REQUESTS_SENT: Moment = {
  what: 'the requests are sent and the first has been taken in',
  async hasCome(em, { keys }) {
    const taken = await em.execute<unknown[]>(
      `select 1 from idempotency_key where status = 'running' and key = any (?) limit 1`,
      [`{${keys.join(',')}}`],
    );
    return taken.length > 0;
  },
};

export const ORDERS_APPEAR: Moment = {
  what: 'the first orders are rows',
  hasCome: async (em, batch) => (await rows(em, batch, ORDERS)) >= 3,
};

export const PAYMENTS_CONFIRMED: Moment = {
  what: 'the first payments are confirmed',
  hasCome: async (_em, { reached }) => reached.paid >= 3,
};

/** Claimed by a relay, not done yet. Should no glance catch that instant: the last of the batch is. */
export const WEBHOOKS_RELAYED: Moment = {
  what: 'webhooks are being relayed',
  pollMs: 5,
  async hasCome(em, batch) {
    const claimed = `select 1 from webhook_inbox where status = 'new' and attempts > 0
      and payload -> 'data' -> 'object' -> 'metadata' ->> 'order_id' in (${ORDERS})`;
    return batch.reached.held === batch.keys.length || (await rows(em, batch, claimed)) > 0;
  },
};

export const HOLDS_RELEASED: Moment = {
  what: 'the first holds are released',
  async hasCome(em, batch) {
    const released = `select 1 from domain_event where type = 'escrow.released' and order_id in (${ORDERS})`;
    return (await rows(em, batch, released)) > 0;
  },
};
