/** A webhook as it arrived, kept until the relay has delivered it. */

import { defineEntity, p } from '@mikro-orm/postgresql';
import { INBOX_STATUSES } from '../statuses.ts';
import { insertedAt, instant } from './columns.ts';

const WebhookInboxSchema = defineEntity({
  name: 'WebhookInbox',
  tableName: 'webhook_inbox',
  properties: {
    id: p.bigint('number').primary().autoincrement(),
    provider: p.text(),
    eventId: p.text(),
    type: p.text(),
    account: p.text().nullable(),
    livemode: p.boolean(),
    payload: p.json<unknown>(),
    receivedAt: insertedAt(),
    status: p.enum(INBOX_STATUSES).default('new'),
    attempts: p.integer().default(0),
    nextAttemptAt: insertedAt(),
    lastError: p.text().nullable(),
    processedAt: instant().nullable(),
  },
});

/** A row of `webhook_inbox`. */
export class WebhookInbox extends WebhookInboxSchema.class {}
WebhookInboxSchema.setClass(WebhookInbox);
