/** Every bad input through the real stack: refused with its code as problem+json, and nothing anywhere has changed. */

import { beforeAll, describe, expect, it } from '@jest/globals';
import { WebhookInbox } from '../../../db/entities/webhook-inbox.entity.ts';
import { waitFor } from '../../../dev/client/wait-for.ts';
import { hashOfBusinessTables } from '../support/business-tables.ts';
import { type E2eStack, onlyPart } from '../support/e2e-stack.ts';
import { BAD_INPUTS } from './bad-input-cases.ts';
import type { Scene } from './scene.ts';

const SCENE_TIMEOUT_MS = 30_000;

/** The tests, on a running stack. */
export function describeBadInput(running: () => E2eStack): void {
  describe('bad input', () => {
    let scene: Scene;

    beforeAll(async () => {
      scene = await setScene(running());
    }, SCENE_TIMEOUT_MS);

    it.each(BAD_INPUTS)('refuses $title with $status $code and changes nothing', async ({ send, status, code }) => {
      const before = await stateOfTheWorld(scene);
      const reply = await send(scene);
      expect(reply).toMatchObject({ status, body: { status, code, type: `urn:holdfast:problem:${code}` } });
      expect(reply.headers.get('content-type')).toMatch(/^application\/problem\+json/);
      expect(await stateOfTheWorld(scene)).toEqual(before);
    });

    it('notices a change, so that the comparison means something', async () => {
      const before = await stateOfTheWorld(scene);
      await scene.e2e.seller.process(onlyPart(scene.held).id);
      expect(await stateOfTheWorld(scene)).not.toEqual(before);
    });
  });
}

async function setScene(e2e: E2eStack): Promise<Scene> {
  const goods = await e2e.offer();
  const soldOut = await e2e.offer({ stock: 0 });
  const dear = await e2e.offer({ stock: 10_000, amountMinor: 1_000_000_000_000 });
  const usedKey = crypto.randomUUID();
  const unpaid = await e2e.buyer.placeOrder({ lines: [{ listingId: goods.listingId, quantity: 1 }] }, usedKey);
  const held = await e2e.paidOrder(goods);
  const shipped = await e2e.paidOrder(goods);
  await e2e.seller.ship(onlyPart(shipped).id);
  const released = await e2e.paidOrder(goods);
  await e2e.seller.ship(onlyPart(released).id);
  await e2e.buyer.confirmDelivery(onlyPart(released).id);
  await e2e.buyer.waitForOrder(released.order.id, 'completed');
  // A webhook's row is finished a moment after what it brought about.
  await waitFor(
    'the inbox is empty',
    () => e2e.orm.em.fork().count(WebhookInbox, { status: 'new' }),
    (count) => count === 0,
  );
  return { e2e, goods, soldOut, dear, unpaid, usedKey, held, shipped, released };
}

/** What is stored, and what was sent to the payment provider. */
async function stateOfTheWorld({ e2e }: Scene) {
  const sent = (await e2e.simulator.requests()).filter(({ method }) => method === 'POST');
  return { tables: await hashOfBusinessTables(e2e.orm.em.fork()), sentToProvider: sent.length };
}
