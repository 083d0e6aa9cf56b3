/** What fraud rules look at, as rows: stakes from devices and addresses, traces, purchases and chargebacks. */

import type { EntityManager } from '@mikro-orm/postgresql';
import type { MarketRows } from '../../bench/markets/market-rows.ts';
import { newId } from '../../db/new-id.ts';
import type { ForecastId, OutcomeId, PurchaseId, UserId } from '../../domain/ids.ts';

type From = { device?: string | null; address?: string | null; minutesAgo?: number };

/** A stake without its chips. */
export async function insertStake(
  em: EntityManager,
  { marketId, outcomeIds }: MarketRows,
  userId: UserId,
  outcome: number,
  { device = null, address = null, minutesAgo = 0 }: From = {},
): Promise<ForecastId> {
  const id = newId('forecast');
  const outcomeId: OutcomeId | undefined = outcomeIds[outcome];
  await em.execute(
    `insert into forecast (id, market_id, outcome_id, user_id, points, probability, device_hash, ip_hash, placed_at)
     values (?, ?, ?, ?, 10, 0.5, ?, ?, now() - ? * interval '1 minute')`,
    [id, marketId, outcomeId, userId, device, address, minutesAgo],
  );
  return id;
}

/** A purchase without its payment and chips; `completed` or just begun. */
export async function insertPurchase(
  em: EntityManager,
  userId: UserId,
  { completed = false, hoursAgo = 0 }: { completed?: boolean; hoursAgo?: number } = {},
): Promise<PurchaseId> {
  const id = newId('purchase');
  await em.execute(
    `insert into purchase (id, user_id, channel_id, chips, amount_minor, currency, provider, status, payment_id, policy,
       request_hash, expires_at, completed_at, receipt_number, created_at)
     select ?, ?, c.id, 100, 10000, 'PHP', 'gcash', ?, ?, '{}', 'hash', now(), q.completed_at, q.receipt,
       now() - ? * interval '1 hour'
     from channel c, (select case when ? then now() end as completed_at, case when ? then ? end as receipt) q
     where c.slug = 'pilimarket'`,
    [id, userId, completed ? 'completed' : 'pending', newId('payment'), hoursAgo, completed, completed, `R-${id}`],
  );
  return id;
}

/** A bank takes the price of a purchase back; `givenBack`: and then decides for us. */
export async function insertChargeback(
  em: EntityManager,
  purchaseId: PurchaseId,
  { givenBack = false, daysAgo = 0 }: { givenBack?: boolean; daysAgo?: number } = {},
): Promise<void> {
  await em.execute(
    `insert into purchase_event (purchase_id, event, kind, amount_minor, chips, missing, taken_at, given_back_at)
     values (?, ?, 'chargeback', 10000, 100, 0, now() - ? * interval '1 day', case when ? then now() end)`,
    [purchaseId, `dp_${purchaseId}`, daysAgo, givenBack],
  );
}

/** A trace of a device, as a request leaves it. */
export async function insertTrace(
  em: EntityManager,
  userId: UserId,
  kind: 'register' | 'login' | 'purchase',
  { device = null, address = null, minutesAgo = 0 }: From,
): Promise<void> {
  await em.execute(
    `insert into signal (user_id, kind, device_hash, ip_hash, at) values (?, ?, ?, ?, now() - ? * interval '1 minute')`,
    [userId, kind, device, address, minutesAgo],
  );
}
