/** Begins a purchase of chips under its channel's limits, which two purchases at once cannot pass together. */

import { Purchase } from '../../../db/entities/purchase.entity.ts';
import { derivedId } from '../../../db/new-id.ts';
import type { EntityManager } from '../../../db/orm.ts';
import { findChannelBySlug } from '../../../db/repositories/channels.ts';
import { DAY_MS, HOUR_MS } from '../../../domain/durations.ts';
import type { UserId } from '../../../domain/ids.ts';
import { type ChipsPolicy, type PaymentProviderName, scalePolicyDurations } from '../../../domain/policy/policy.ts';
import { assertMayBuy, type BoughtBefore, CENTAVOS_PER_CHIP } from '../../../domain/purchase.ts';
import type { PurchaseInput } from '../../../workflows/purchase/contract.ts';
import { byRule, refuse } from '../../refuse.ts';
import { tell } from '../tell.ts';
import type { StoredPurchase } from './purchase-records.ts';

type BeginSettings = { offered: readonly PaymentProviderName[]; timeScale: number };

/** What purchases are counted over; whole days, whatever runs faster than life. */
const LIMIT_DAY_MS = DAY_MS;
const LIMIT_MONTH_MS = 30 * DAY_MS;
const LIMIT_HOUR_MS = HOUR_MS;

export async function beginPurchase(
  em: EntityManager,
  input: PurchaseInput,
  settings: BeginSettings,
): Promise<StoredPurchase> {
  const { purchaseId, userId, chips, provider, requestHash } = input;
  const { limited } = await lockBuyer(em, userId);
  const stored = await em.findOne(Purchase, { id: purchaseId });
  if (stored) return describe(stored, requestHash);

  const { channelId, policy, windowMs } = await rulesOf(em, input, settings);
  const now = new Date();
  const before = await boughtBefore(em, userId, now);
  byRule(() => assertMayBuy(policy, before, chips, limited));

  const paymentId = derivedId('payment', purchaseId, '1');
  const expiresAt = new Date(now.getTime() + windowMs);
  const amountMinor = chips * CENTAVOS_PER_CHIP;
  await em.insert(Purchase, {
    id: purchaseId,
    userId,
    channelId,
    chips,
    amountMinor,
    currency: 'PHP',
    provider,
    paymentId,
    policy,
    requestHash,
    expiresAt,
    createdAt: now,
  });
  const actor = { role: 'buyer', id: userId } as const;
  await tell(em, [{ type: 'purchase.created', subjectId: purchaseId, actor, at: now, data: { chips, amountMinor } }]);
  return { status: 'pending', paymentId, expiresAt: expiresAt.toISOString() };
}

/** One purchase of a user begins at a time: whoever comes second counts the first. */
async function lockBuyer(em: EntityManager, userId: UserId): Promise<{ limited: boolean }> {
  const [user] = await em.execute<{ limited: boolean }[]>(
    'select limited_at is not null as limited from user_account where id = ? for no key update',
    [userId],
  );
  if (!user) throw new Error(`there is no user ${userId}`);
  return user;
}

async function rulesOf(
  em: EntityManager,
  { channel: slug, provider }: PurchaseInput,
  { offered, timeScale }: BeginSettings,
): Promise<{ channelId: Purchase['channelId']; policy: ChipsPolicy; windowMs: number }> {
  const channel = await findChannelBySlug(em, slug);
  if (!channel?.active) throw refuse('channel_not_found', `no such channel: ${slug}`);
  const { market, payment } = scalePolicyDurations(channel.policy, timeScale);
  if (!market) throw refuse('markets_not_offered', `${slug} sells no chips`);
  if (!payment.providers.includes(provider) || !offered.includes(provider)) {
    throw refuse('payment_provider_not_offered', `not offered here: ${provider}`);
  }
  return { channelId: channel.id, policy: market.chips, windowMs: payment.windowMs };
}

/** In a statement after the lock, so that it sees what others have begun before. */
async function boughtBefore(em: EntityManager, userId: UserId, now: Date): Promise<BoughtBefore> {
  const since = (ms: number): Date => new Date(now.getTime() - ms);
  const [row] = await em.execute<{ day: string; month: string; hour: string }[]>(
    `select coalesce(sum(chips) filter (where status <> 'failed' and created_at > ?), 0) as day,
       coalesce(sum(chips) filter (where status <> 'failed'), 0) as month,
       count(*) filter (where created_at > ?) as hour
     from purchase where user_id = ? and created_at > ?`,
    [since(LIMIT_DAY_MS), since(LIMIT_HOUR_MS), userId, since(LIMIT_MONTH_MS)],
  );
  return { chipsOfDay: Number(row?.day), chipsOfMonth: Number(row?.month), begunThisHour: Number(row?.hour) };
}

/** The id follows from the caller's key alone: with other content under the same key it is not this purchase. */
function describe(stored: Purchase, requestHash: string): StoredPurchase {
  if (stored.requestHash !== requestHash) throw refuse('idempotency_key_reused', 'this key began another purchase');
  return { status: stored.status, paymentId: stored.paymentId, expiresAt: stored.expiresAt.toISOString() };
}
