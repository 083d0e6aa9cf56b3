/** What is stored, and what was sent to the payment provider: equal before and after means that nothing has happened. */

import { WebhookInbox } from '../../../db/entities/webhook-inbox.entity.ts';
import { waitFor } from '../../../dev/client/wait-for.ts';
import { hashOfBusinessTables } from './business-tables.ts';
import type { E2eStack } from './e2e-stack.ts';

export async function stateOfTheWorld({ orm, simulator }: E2eStack) {
  const sent = (await simulator.requests()).filter(({ method }) => method === 'POST');
  return { tables: await hashOfBusinessTables(orm.em.fork()), sentToProvider: sent.length };
}

/** A webhook's row is finished a moment after what it brought about. */
export async function inboxIsEmpty({ orm }: E2eStack): Promise<void> {
  await waitFor(
    'the inbox is empty',
    () => orm.em.fork().count(WebhookInbox, { status: 'new' }),
    (count) => count === 0,
  );
}
