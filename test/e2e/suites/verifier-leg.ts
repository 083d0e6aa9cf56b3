/** Goods that go to a verifier first, on the real stack: taken at a lower price, and found not genuine. */

import { beforeAll, describe, expect, it } from '@jest/globals';
import { auditLedger } from '../../../db/ledger/audit.ts';
import type { HoldfastClient } from '../../../dev/client/holdfast-client.ts';
import { waitFor } from '../../../dev/client/wait-for.ts';
import { readJournals } from '../../../dev/demo/books.ts';
import { type E2eStack, onlyPart } from '../support/e2e-stack.ts';

const vendor = () => 'seller';

/** The tests, on a running stack. */
export function describeVerifierLeg(running: () => E2eStack): void {
  describe('goods that a verifier sees first', () => {
    let e2e: E2eStack;
    let admin: HoldfastClient;
    let verifier: HoldfastClient;
    let verifierId: string;

    beforeAll(async () => {
      e2e = running();
      admin = await e2e.visitor.logIn('admin@holdfast.test');
      verifier = await e2e.visitor.logIn('verifier@holdfast.test');
      verifierId = (await verifier.me()).id;
    });

    /** A card for 100.00 EUR, paid with 121.00, in the hands of a verifier. */
    async function withVerifier() {
      const { seller, buyer, simulator } = e2e;
      const shop = await seller.openShop('Cards', 'fliiply');
      const price = { amountMinor: 10_000, currency: 'EUR' } as const;
      const card = { shopId: shop.id, title: 'First-edition card', price, stock: 3, authenticity: true };
      const { listingId } = await seller.listProduct(card);
      const placed = await buyer.placeOrder({ lines: [{ listingId, quantity: 1 }] });
      await simulator.pay(placed.payment?.clientSecret ?? '');
      await buyer.waitForOrder(placed.order.id, 'paid_in_escrow');
      const part = onlyPart(placed);
      await seller.ship(part.id);
      await admin.authenticity.assign(part.escrowId, verifierId);
      await verifier.authenticity.receive(part.escrowId, 'Lyon');
      return { order: placed.order, part };
    }

    it('are taken at a lower price: the difference goes back, the rest is released when they are delivered', async () => {
      const { order, part } = await withVerifier();
      const inspection = {
        result: 'mismatch',
        condition: 'played',
        note: 'A crease.',
        lowerPriceMinor: 8_000,
      } as const;
      await verifier.authenticity.inspect(part.escrowId, inspection);
      await expect(e2e.buyer.confirmDelivery(part.id)).rejects.toMatchObject({ code: 'not_delivered_yet' });
      await e2e.buyer.authenticity.choose(part.id, 'lower_price');
      await verifier.authenticity.forward(part.escrowId);
      await waitFor(
        'the goods are on their way to the buyer',
        () => e2e.buyer.escrow(part.escrowId),
        ({ nextAction }) => nextAction.kind === 'mark_delivered',
      );
      await e2e.buyer.confirmDelivery(part.id);
      await e2e.buyer.waitForOrder(order.id, 'partially_refunded');
      const journals = await readJournals(e2e.orm.em, order, vendor);
      expect(journals.slice(0, 2)).toEqual([
        { kind: 'payment_captured', lines: { 'world:stripe': -12_100, 'hold:seller': 12_100 } },
        { kind: 'hold_split', lines: { 'hold:seller': -2_000, 'world:stripe': 2_000 } },
      ]);
      expect(journals[2]).toMatchObject({ kind: 'hold_released', lines: { 'hold:seller': -10_100 } });
      const leg = await e2e.seller.authenticity.ofVendorOrder(part.id);
      expect(leg).toMatchObject({ phase: 'price_lowered', canChange: [] });
      expect(leg.custody.map(({ step }) => step)).toEqual(['sent', 'received', 'inspected', 'forwarded']);
    });

    it('are found not genuine: the buyer has the money back', async () => {
      const { order, part } = await withVerifier();
      await verifier.authenticity.inspect(part.escrowId, { result: 'failed', note: 'A copy.' });
      await e2e.buyer.waitForOrder(order.id, 'refunded');
      expect((await readJournals(e2e.orm.em, order, vendor)).at(-1)).toEqual({
        kind: 'hold_refunded',
        lines: { 'hold:seller': -12_100, 'world:stripe': 12_100 },
      });
      await expect(verifier.authenticity.forward(part.escrowId)).rejects.toMatchObject({ code: 'already_decided' });
    });

    it('leave books that balance', async () => {
      const { findings } = await auditLedger(e2e.orm.em.fork());
      expect(findings.filter(({ violations }) => violations > 0)).toEqual([]);
    });
  });
}
