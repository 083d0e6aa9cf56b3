/** Takes webhooks out of the inbox and tells their owners; what keeps failing is parked for an operator. */

import type { MikroORM } from '@mikro-orm/postgresql';
import type { Logger } from 'pino';
import type { WebhookInbox } from '../db/entities/webhook-inbox.entity.ts';
import { claimDueWebhooks, finishWebhook, parkWebhook, retryWebhookLater } from '../db/repositories/webhook-inbox.ts';

/** What became of a webhook: its owner was told, or it was nobody's business. */
export type Handled = 'done' | 'ignored';

/** Tells the owner. Throws to be tried again; throws `Unprocessable` to be parked at once. */
export type WebhookHandler = (webhook: WebhookInbox) => Promise<Handled>;

/** Trying again cannot help: an operator has to look. */
export class Unprocessable extends Error {}

/** Each webhook goes to the handler of the provider it came from; one of a provider that is not offered is parked. */
export function handlerOfProvider(handlers: Readonly<Record<string, WebhookHandler>>): WebhookHandler {
  return async (webhook) => {
    const handle = handlers[webhook.provider];
    if (!handle) throw new Unprocessable(`nobody here handles webhooks of ${webhook.provider}`);
    return handle(webhook);
  };
}

export type RelayDependencies = {
  orm: MikroORM;
  handle: WebhookHandler;
  log: Logger;
  /** Resolves when something may have arrived, or after a while in any case. */
  wakeUp: () => Promise<void>;
  retry?: RetryPolicy;
};

/** The n-th failure is followed by a wait of base × 2ⁿ, up to the maximum; after the last attempt the webhook is parked. */
export type RetryPolicy = { baseMs: number; maxMs: number; attemptsMax: number };

/** Some 20 minutes in all: longer than a restart or a short outage, shorter than an operator's patience. */
const RETRY: RetryPolicy = { baseMs: 500, maxMs: 10 * 60 * 1000, attemptsMax: 12 };
const BATCH = 20;

/** Runs until `stop` is called, and ends after the batch it is working on. */
export function startInboxRelay(deps: RelayDependencies): { stop(): Promise<void> } {
  let stopping = false;
  const run = async (): Promise<void> => {
    while (!stopping) {
      const handled = await relayBatch(deps).catch((error: unknown) => {
        deps.log.error({ err: error }, 'inbox relay: cannot read the inbox');
        return 0;
      });
      // A full batch may have left some; of anything newer, a notification tells.
      if (handled < BATCH && !stopping) await deps.wakeUp();
    }
  };
  const running = run();
  return {
    async stop() {
      stopping = true;
      await running;
    },
  };
}

/** Takes what is due, all at once, and answers how many there were. */
async function relayBatch(deps: RelayDependencies): Promise<number> {
  const webhooks = await claimDueWebhooks(deps.orm.em.fork(), BATCH);
  await Promise.all(webhooks.map((webhook) => relay(deps, webhook)));
  return webhooks.length;
}

async function relay(deps: RelayDependencies, webhook: WebhookInbox): Promise<void> {
  const { orm, handle, log, retry = RETRY } = deps;
  const em = orm.em.fork();
  try {
    await finishWebhook(em, webhook.id, await handle(webhook));
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    const about = {
      webhook: webhook.id,
      event: webhook.eventId,
      type: webhook.type,
      attempts: webhook.attempts,
      reason,
    };
    if (error instanceof Unprocessable || webhook.attempts >= retry.attemptsMax) {
      log.error(about, 'webhook parked: an operator has to look at it');
      await parkWebhook(em, webhook.id, reason);
      return;
    }
    log.warn(about, 'webhook will be tried again');
    const delayMs = Math.min(retry.maxMs, retry.baseMs * 2 ** webhook.attempts);
    await retryWebhookLater(em, webhook.id, reason, new Date(Date.now() + delayMs));
  }
}
