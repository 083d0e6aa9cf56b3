/** Every bad input through the real stack: refused with its code as problem+json, and nothing anywhere has changed. */

import { beforeAll, describe, expect, it } from '@jest/globals';
import { type E2eStack, onlyPart } from '../support/e2e-stack.ts';
import { inboxIsEmpty, stateOfTheWorld } from '../support/state-of-the-world.ts';
import { BAD_INPUTS } from './bad-input-cases.ts';
import type { Scene } from './scene.ts';

/** The tests, on a running stack. */
export function describeBadInput(running: () => E2eStack): void {
  describe('bad input', () => {
    let scene: Scene;

    beforeAll(async () => {
      scene = await setScene(running());
    });

    it.each(BAD_INPUTS)('refuses $title with $status $code and changes nothing', async ({ send, status, code }) => {
      const before = await stateOfTheWorld(scene.e2e);
      const reply = await send(scene);
      expect(reply).toMatchObject({ status, body: { status, code, type: `urn:holdfast:problem:${code}` } });
      expect(reply.headers.get('content-type')).toMatch(/^application\/problem\+json/);
      expect(await stateOfTheWorld(scene.e2e)).toEqual(before);
    });

    it('notices a change, so that the comparison means something', async () => {
      const before = await stateOfTheWorld(scene.e2e);
      await scene.e2e.seller.process(onlyPart(scene.held).id);
      expect(await stateOfTheWorld(scene.e2e)).not.toEqual(before);
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
  await inboxIsEmpty(e2e);
  return { e2e, goods, soldOut, dear, unpaid, usedKey, held, shipped, released };
}
