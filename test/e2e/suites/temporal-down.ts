/** Temporal is gone for a while: reads go on, changes are refused in time, and no webhook is lost. */

import { beforeAll, describe, expect, it } from '@jest/globals';
import { WebhookInbox } from '../../../db/entities/webhook-inbox.entity.ts';
import { orderBody } from '../../../dev/client/holdfast-client.ts';
import { persist } from '../../../dev/client/persist.ts';
import type { PlacedOrder, Product } from '../../../dev/client/resources.ts';
import { waitFor } from '../../../dev/client/wait-for.ts';
import { type E2eStack, onlyPart, secretOf } from '../support/e2e-stack.ts';

/** The API's own deadline for a call to Temporal is 5 s; then it looks whether anybody is there. */
const ANSWER_WITHIN_MS = 8_000;

/** The tests, on a running stack: they kill its Temporal server and start it again. */
export function describeTemporalDown(running: () => E2eStack): void {
  describe('while Temporal is down', () => {
    let e2e: E2eStack;
    let goods: Product;
    let unpaid: PlacedOrder;
    let held: PlacedOrder;

    beforeAll(async () => {
      e2e = running();
      goods = await e2e.offer();
      held = await e2e.paidOrder(goods);
      unpaid = await e2e.order(goods);
      await e2e.stack.temporal?.kill('SIGKILL');
    });

    const idempotencyKey = crypto.randomUUID();
    const order = () => ({ lines: [{ listingId: goods.listingId, quantity: 2 }] });

    it('reads still answer', async () => {
      expect((await e2e.visitor.products()).data.length).toBeGreaterThan(0);
      expect(await e2e.buyer.order(held.order.id)).toMatchObject({ status: 'paid_in_escrow' });
      expect(await e2e.buyer.escrow(onlyPart(held).escrowId)).toMatchObject({ status: 'held' });
      expect((await e2e.buyer.timeline(held.order.id)).data.length).toBeGreaterThan(0);
    });

    it('changes are answered with 503 or 202 in time, and change nothing', async () => {
      const startedAt = performance.now();
      const [placing, shipping] = await Promise.all([
        e2e.buyer.request('POST', '/orders', { body: orderBody(order()), idempotencyKey }),
        e2e.seller.request('POST', `/vendor-orders/${onlyPart(held).id}/ship`, {
          body: { carrier: 'DHL', trackingNumber: 'T1' },
          idempotencyKey: 'ship-while-down',
        }),
      ]);
      expect(performance.now() - startedAt).toBeLessThan(ANSWER_WITHIN_MS);
      for (const { status, headers } of [placing, shipping]) {
        expect([202, 503]).toContain(status);
        expect(headers.get('retry-after')).not.toBeNull();
      }
      expect(await e2e.buyer.vendorOrder(onlyPart(held).id)).toMatchObject({ status: 'held' });
      expect((await e2e.buyer.product(goods.id)).available).toBe(8);
    });

    it('webhooks are taken in and kept', async () => {
      await e2e.simulator.pay(secretOf(unpaid));
      const [paid] = (await e2e.simulator.eventsOf(secretOf(unpaid))).filter(
        ({ type }) => type === 'payment_intent.succeeded',
      );
      const row = await waitFor(
        'the webhook is in the inbox',
        () => e2e.orm.em.fork().findOne(WebhookInbox, { eventId: paid?.id ?? '' }),
        (found) => found !== null,
      );
      expect(row).toMatchObject({ type: 'payment_intent.succeeded', status: 'new' });
      expect(await e2e.buyer.order(unpaid.order.id)).toMatchObject({ status: 'pending_payment' });
    });

    it('everything arrives once Temporal is back', async () => {
      await e2e.stack.temporal?.restart();
      const placed = await persist(() => e2e.buyer.placeOrder(order(), idempotencyKey));
      expect(placed.order.status).toBe('pending_payment');
      expect((await e2e.buyer.product(goods.id)).available).toBe(6);
      expect(await persist(() => e2e.seller.ship(onlyPart(held).id, 'ship-after'))).toMatchObject({
        status: 'shipped',
      });
      await e2e.buyer.waitForOrder(unpaid.order.id, 'paid_in_escrow');
    });
  });
}
