/** Webhooks as they arrive: stored before they are acknowledged, each once. */

import type { EntityDictionary, EntityManager } from '@mikro-orm/postgresql';
import { WebhookInbox } from '../entities/webhook-inbox.entity.ts';
import { plainRow } from '../plain-rows.ts';
import { prepared } from '../prepared.ts';

type ReceivedWebhook = {
  provider: string;
  eventId: string;
  type: string;
  account: string | null;
  livemode: boolean;
  payload: unknown;
};

/** Stores a verified webhook; false when this event is there already. */
export async function receiveWebhook(em: EntityManager, webhook: ReceivedWebhook): Promise<boolean> {
  const inserted = await prepared<{ id: string }>(
    em,
    `insert into webhook_inbox (provider, event_id, type, account, livemode, payload)
     values (?, ?, ?, ?, ?, ?::jsonb) on conflict (provider, event_id) do nothing returning id`,
    [
      webhook.provider,
      webhook.eventId,
      webhook.type,
      webhook.account,
      webhook.livemode,
      JSON.stringify(webhook.payload),
    ],
  );
  return inserted.length > 0;
}

/** A claim lasts this long: if its worker dies, the webhook is due again afterwards. */
const CLAIM_SECONDS = 15;

/** Takes up to `limit` due webhooks, oldest first; several relays at once never get the same one. */
export async function claimDueWebhooks(em: EntityManager, limit: number): Promise<WebhookInbox[]> {
  const rows = await prepared<{ webhook: EntityDictionary<WebhookInbox> }>(
    em,
    `update webhook_inbox w set attempts = attempts + 1, next_attempt_at = now() + make_interval(secs => ?::int)
     where id in (select id from webhook_inbox where status = 'new' and next_attempt_at <= now()
                  order by next_attempt_at, id limit ?::int for update skip locked)
     returning to_json(w) as webhook`,
    [CLAIM_SECONDS, limit],
  );
  return rows.map(({ webhook }) => plainRow(em, WebhookInbox, webhook)).toSorted((a, b) => a.id - b.id);
}

/** The owner was told, or nobody had to be. */
export async function finishWebhook(em: EntityManager, id: number, status: 'done' | 'ignored'): Promise<void> {
  await prepared(em, `update webhook_inbox set status = ?, processed_at = now(), last_error = null where id = ?`, [
    status,
    id,
  ]);
}

/** It failed and will be due again. */
export async function retryWebhookLater(em: EntityManager, id: number, lastError: string, at: Date): Promise<void> {
  await em.nativeUpdate(WebhookInbox, { id, status: 'new' }, { lastError, nextAttemptAt: at });
}

/** It keeps failing, or never can succeed: an operator looks, and sets it back to `new` to try again. */
export async function parkWebhook(em: EntityManager, id: number, lastError: string): Promise<void> {
  await em.nativeUpdate(WebhookInbox, { id, status: 'new' }, { status: 'parked', lastError });
}
