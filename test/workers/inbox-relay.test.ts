/** The inbox relay on a real Postgres: each webhook once, retries, parking, waking up. */

import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { MikroORM } from '@mikro-orm/postgresql';
import pg from 'pg';
import { pino } from 'pino';
import { WebhookInbox } from '../../db/entities/webhook-inbox.entity.ts';
import { initOrm } from '../../db/orm.ts';
import { claimDueWebhooks, receiveWebhook } from '../../db/repositories/webhook-inbox.ts';
import {
  type RelayDependencies,
  startInboxRelay,
  Unprocessable,
  type WebhookHandler,
} from '../../workers/inbox-relay.ts';
import { type InboxWakeUp, listenToInbox } from '../../workers/inbox-wake-up.ts';
import { createTestDatabase, type TestDatabase } from '../support/database.ts';

const log = pino({ level: 'silent' });
const QUICKLY = { baseMs: 1, maxMs: 5, attemptsMax: 4 };

describe('inbox relay', () => {
  let database: TestDatabase;
  let orm: MikroORM;
  let inbox: InboxWakeUp;
  beforeAll(async () => {
    database = await createTestDatabase();
    orm = await initOrm(database.url);
    inbox = listenToInbox(database.url, log);
  });
  afterAll(async () => {
    await inbox.close();
    await orm.close();
    await database.drop();
  });

  const receive = (eventId: string) =>
    receiveWebhook(orm.em.fork(), {
      provider: 'stripe',
      eventId,
      type: 'payment_intent.succeeded',
      account: null,
      livemode: false,
      payload: { id: eventId },
    });

  const stored = (eventId: string) => orm.em.fork().findOneOrFail(WebhookInbox, { provider: 'stripe', eventId });

  /** Runs relays with this handler until `done` says so, looking whenever a webhook was handled. */
  const relayUntil = async (handle: WebhookHandler, done: () => Promise<boolean>, relays = 1): Promise<void> => {
    let look: () => void = () => {};
    const deps: RelayDependencies = {
      orm,
      log,
      retry: QUICKLY,
      handle: async (webhook) => {
        try {
          return await handle(webhook);
        } finally {
          setImmediate(() => look());
        }
      },
      // Retries come due without a notification: a short wait stands in for the slow poll.
      wakeUp: () => Promise.race([inbox.wakeUp(), new Promise<void>((resolve) => setTimeout(resolve, 10))]),
    };
    const running = Array.from({ length: relays }, () => startInboxRelay(deps));
    while (!(await done()))
      await new Promise<void>((resolve) => {
        look = resolve;
        setTimeout(resolve, 20);
      });
    await Promise.all(running.map((relay) => relay.stop()));
  };

  it('hands every webhook to its owner once, with three relays at work', async () => {
    const ids = Array.from({ length: 60 }, (_, index) => `evt_once_${index}`);
    const told: string[] = [];
    const all = Promise.all(ids.flatMap((id) => [receive(id), receive(id)]));
    const handle: WebhookHandler = async ({ eventId }) => {
      told.push(eventId);
      return 'done';
    };
    await relayUntil(
      handle,
      async () => {
        await all;
        return (await orm.em.fork().count(WebhookInbox, { status: 'new' })) === 0;
      },
      3,
    );
    expect(told.toSorted()).toEqual(ids.toSorted());
  });

  it('tries again what failed, and says why meanwhile', async () => {
    await receive('evt_flaky');
    let tries = 0;
    const handle: WebhookHandler = async () => {
      tries += 1;
      if (tries < 3) throw new Error('the provider is away');
      return 'done';
    };
    await relayUntil(handle, async () => (await stored('evt_flaky')).status === 'done');
    expect(tries).toBe(3);
    expect((await stored('evt_flaky')).lastError).toBeNull();
  });

  it('parks what keeps failing, while others pass it by', async () => {
    await receive('evt_poison');
    await receive('evt_after');
    const handle: WebhookHandler = async ({ eventId }) => {
      if (eventId === 'evt_poison') throw new Error('cannot be understood');
      return 'ignored';
    };
    await relayUntil(handle, async () => (await stored('evt_poison')).status === 'parked');
    const poison = await stored('evt_poison');
    expect([poison.attempts, poison.lastError]).toEqual([QUICKLY.attemptsMax, 'cannot be understood']);
    expect((await stored('evt_after')).status).toBe('ignored');
  });

  it('parks at once what cannot succeed', async () => {
    await receive('evt_hopeless');
    const handle: WebhookHandler = () => Promise.reject(new Unprocessable('names no object'));
    await relayUntil(handle, async () => (await stored('evt_hopeless')).status === 'parked');
    expect((await stored('evt_hopeless')).attempts).toBe(1);
  });

  it('leaves a webhook to others when its relay dies, after the claim has run out', async () => {
    await receive('evt_orphan');
    const [claimed] = await claimDueWebhooks(orm.em.fork(), 10);
    expect(claimed?.eventId).toBe('evt_orphan');
    expect(await claimDueWebhooks(orm.em.fork(), 10)).toEqual([]);
    const { nextAttemptAt, status } = await stored('evt_orphan');
    expect(status).toBe('new');
    expect(nextAttemptAt.getTime()).toBeGreaterThan(Date.now());
    await orm.em.fork().nativeUpdate(WebhookInbox, { eventId: 'evt_orphan' }, { nextAttemptAt: new Date(0) });
    expect((await claimDueWebhooks(orm.em.fork(), 10)).map(({ eventId }) => eventId)).toEqual(['evt_orphan']);
  });

  it('listens again after its connection was cut', async () => {
    const admin = new pg.Client({ connectionString: database.url });
    await admin.connect();
    const listeners = `select pid from pg_stat_activity where query = 'listen webhook_inbox' and datname = current_database()`;
    const listening = async () => (await admin.query<{ pid: number }>(listeners)).rows.map(({ pid }) => pid);
    const before = await listening();
    expect(before).toHaveLength(1);
    await admin.query(`select pg_terminate_backend(pid) from (${listeners}) as l`);
    // An earlier notification or the slow poll may wake us before the new connection does: look again each time.
    let after: number[] = [];
    while (after.length === 0 || after.includes(before[0] as number)) {
      await inbox.wakeUp();
      after = await listening();
    }
    expect(after).toHaveLength(1);
    await admin.end();
  });
});
