/** Every bad input through the real stack: refused with its code as problem+json, and nothing anywhere has changed. */

import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { BAD_INPUTS, type Scene } from './support/bad-input.ts';
import { hashOfBusinessTables } from './support/business-tables.ts';
import { onlyPart, STACK_TIMEOUT_MS, startE2eStack } from './support/e2e-stack.ts';

let scene: Scene;

beforeAll(async () => {
  scene = await setScene();
}, STACK_TIMEOUT_MS);

afterAll(() => scene.e2e.stop(), STACK_TIMEOUT_MS);

async function setScene(): Promise<Scene> {
  const e2e = await startE2eStack();
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
  return { e2e, goods, soldOut, dear, unpaid, usedKey, held, shipped, released };
}

/** What is stored, and what was sent to the payment provider. */
async function stateOfTheWorld({ e2e }: Scene) {
  const sent = (await e2e.simulator.requests()).filter(({ method }) => method === 'POST');
  return { tables: await hashOfBusinessTables(e2e.orm.em.fork()), sentToProvider: sent.length };
}

describe('bad input', () => {
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
