/** Every bad request about a dispute through the real stack: refused with its code, and nothing anywhere has changed. */

import { beforeAll, describe, expect, it } from '@jest/globals';
import type { HoldfastClient } from '../../../dev/client/holdfast-client.ts';
import type { PlacedOrder } from '../../../dev/client/resources.ts';
import { type E2eStack, onlyPart, secretOf } from '../support/e2e-stack.ts';
import { inboxIsEmpty, stateOfTheWorld } from '../support/state-of-the-world.ts';
import { BAD_DISPUTE_INPUTS, type DisputeScene } from './bad-dispute-cases.ts';

/** The tests, on a running stack. */
export function describeBadDisputes(running: () => E2eStack): void {
  describe('bad input about disputes', () => {
    let scene: DisputeScene;

    beforeAll(async () => {
      scene = await setScene(running());
    });

    it.each(BAD_DISPUTE_INPUTS)('refuses $title with $status $code and changes nothing', async (bad) => {
      const { status, code } = bad;
      const before = await stateOfTheWorld(scene.e2e);
      const reply = await bad.send(scene);
      expect(reply).toMatchObject({ status, body: { status, code, type: `urn:holdfast:problem:${code}` } });
      expect(reply.headers.get('content-type')).toMatch(/^application\/problem\+json/);
      expect(await stateOfTheWorld(scene.e2e)).toEqual(before);
    });
  });
}

async function setScene(e2e: E2eStack): Promise<DisputeScene> {
  const { buyer, seller, visitor } = e2e;
  const admin = await visitor.logIn('admin@holdfast.test');
  const released = await shippedOrder(e2e, 1);
  await buyer.confirmDelivery(onlyPart(released).id);
  await buyer.waitForOrder(released.order.id, 'completed');

  const contested = await shippedOrder(e2e, 2);
  const contestedId = await contest(buyer, contested);
  await buyer.confirmDelivery(onlyPart(contested).id);

  const appealed = await shippedOrder(e2e, 1, 'escrow-platform');
  const appealedId = await contest(buyer, appealed);
  await seller.disputes.respond(appealedId, 'It is fine.');
  await admin.disputes.decide(appealedId, { outcome: 'release', note: 'It is.' });
  await buyer.disputes.appeal(appealedId, 'It is not.');

  const closed = await shippedOrder(e2e, 1);
  const closedId = await contest(buyer, closed);
  const [offer] = (await seller.disputes.offer(closedId, { buyerMinor: 1_000 })).offers;
  await buyer.disputes.acceptOffer(closedId, offer?.id ?? '');
  await buyer.waitForEscrow(onlyPart(closed).escrowId, 'split');
  await buyer.waitForOrder(closed.order.id, 'partially_refunded');
  const shipped = await shippedOrder(e2e, 1);
  await inboxIsEmpty(e2e);
  return { e2e, admin, released, shipped, contested, contestedId, appealed, appealedId, closedId };
}

/** An order of so many units, paid and on its way. */
async function shippedOrder(e2e: E2eStack, quantity: number, channel?: string): Promise<PlacedOrder> {
  const { listingId } = await e2e.offer({ channel });
  const placed = await e2e.buyer.placeOrder({ lines: [{ listingId, quantity }] });
  await e2e.simulator.pay(secretOf(placed));
  await e2e.buyer.waitForOrder(placed.order.id, 'paid_in_escrow');
  await e2e.seller.ship(onlyPart(placed).id);
  return placed;
}

/** About one unit. */
async function contest(buyer: HoldfastClient, order: PlacedOrder): Promise<string> {
  const { id, items } = onlyPart(order);
  const lines = items.map(({ id: itemId }) => ({ itemId, quantity: 1 }));
  return (await buyer.disputes.open(id, { reason: 'damaged', description: 'It is broken.', lines })).id;
}
