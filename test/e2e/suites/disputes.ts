/** Disputes and chargebacks through the whole stack: only what is contested freezes, and money comes back once. */

import { beforeAll, describe, expect, it } from '@jest/globals';
import type { HoldfastClient } from '../../../dev/client/holdfast-client.ts';
import type { Timeline } from '../../../dev/client/resources.ts';
import { waitFor } from '../../../dev/client/wait-for.ts';
import { readJournals } from '../../../dev/demo/books.ts';
import { DAY_MS } from '../../../domain/durations.ts';
import { type E2eStack, onlyPart, secretOf } from '../support/e2e-stack.ts';

const USD = (amountMinor: number) => ({ amountMinor, currency: 'USD' as const });

/** The tests, on a running stack. */
export function describeDisputes(running: () => E2eStack): void {
  describe('a dispute', () => {
    let e2e: E2eStack;
    let admin: HoldfastClient;

    beforeAll(async () => {
      e2e = running();
      admin = await e2e.visitor.logIn('admin@holdfast.test');
    });

    it('freezes one unit of two, lets the other’s money go, and gives the buyer back what a reviewer decides', async () => {
      const { buyer, seller, simulator, orm } = e2e;
      const { listingId } = await e2e.offer();
      const placed = await buyer.placeOrder({ lines: [{ listingId, quantity: 2 }] });
      await simulator.pay(secretOf(placed));
      await buyer.waitForOrder(placed.order.id, 'paid_in_escrow');
      const part = onlyPart(placed);
      await seller.ship(part.id);

      // POST /vendor-orders/{id}/disputes → the escrow freezes the unit → a dispute workflow of its own.
      const lines = part.items.map(({ id: itemId }) => ({ itemId, quantity: 1 }));
      const complaint = { reason: 'damaged', description: 'One plate of two is broken.', lines } as const;
      const key = crypto.randomUUID();
      const { id } = await buyer.disputes.open(part.id, complaint, key);
      expect(await buyer.disputes.open(part.id, complaint, key)).toMatchObject({ id, frozen: USD(6_000) });
      expect(await seller.escrow(part.escrowId)).toMatchObject({
        status: 'disputed',
        phase: 'shipped',
        rest: USD(6_000),
        frozen: USD(6_000),
      });

      // What nobody contests is released as ever.
      await buyer.confirmDelivery(part.id);
      expect(await seller.escrow(part.escrowId)).toMatchObject({
        status: 'disputed',
        rest: USD(0),
        released: USD(6_000),
      });

      const note = { name: 'note.txt', mediaType: 'text/plain', content: 'It came in pieces.' };
      const { sha256 } = await buyer.disputes.addEvidence(id, note);
      await seller.disputes.respond(id, 'It was whole when it left.');
      await buyer.disputes.say(id, 'It is not now.');
      await admin.disputes.claim(id);
      await admin.disputes.decide(id, { outcome: 'refund', note: 'Packing is the seller’s.' });
      await buyer.waitForEscrow(part.escrowId, 'split');
      expect(await buyer.disputes.get(id)).toMatchObject({ phase: 'resolved', settlement: 'split' });

      const { seals } = await seller.disputes.evidence(id);
      expect(seals.map(({ phase }) => phase)).toEqual(['seller_response', 'mediation', 'final']);
      expect(seals[0]?.manifest).toContain(sha256);
      expect(seals[1]?.previousSeal).toBe(seals[0]?.seal);
      await buyer.waitForOrder(placed.order.id, 'partially_refunded');
      expect(await readJournals(orm.em, placed.order, () => 'seller')).toEqual([
        { kind: 'payment_captured', lines: { 'world:stripe': -12_000, 'hold:seller': 12_000 } },
        { kind: 'hold_released', lines: { 'hold:seller': -6_000, 'wallet:seller': 5_400, 'revenue:commission': 600 } },
        { kind: 'hold_split', lines: { 'hold:seller': -6_000, 'world:stripe': 6_000 } },
      ]);
    });

    it('is a part of the order’s timeline, for each party with their own moves', async () => {
      const { buyer, seller } = e2e;
      const placed = await e2e.paidOrder(await e2e.offer());
      const part = onlyPart(placed);
      await seller.ship(part.id);
      const { id, frozen } = await buyer.disputes.open(part.id, { reason: 'other', description: 'Chipped.' });
      const nextFor = async (client: HoldfastClient): Promise<Timeline['next']> =>
        (await client.timeline(placed.order.id)).next;
      const ofDispute = expect.objectContaining({ disputeId: id, amount: frozen, kind: 'mediate' });
      expect(await nextFor(buyer)).toContainEqual(ofDispute);
      const [forBuyer, forSeller] = [await nextFor(buyer), await nextFor(seller)];
      const movesOf = (next: Timeline['next']) => next.find(({ disputeId }) => disputeId === id)?.yourMoves;
      expect(movesOf(forBuyer)).toContain('withdraw');
      expect(movesOf(forSeller)).toContain('respond');
      await buyer.disputes.withdraw(id);
      await buyer.waitForEscrow(part.escrowId, 'shipped');
      expect((await nextFor(buyer)).map(({ kind }) => kind)).toEqual(['mark_delivered']);
    });
  });

  describe('a chargeback', () => {
    it('after the payout takes the transfer back, once, however often the bank says so', async () => {
      const { buyer, simulator, orm, visitor } = running();
      // What is claimed here is not mixed with what others have sold.
      const [seller, admin] = await Promise.all(
        ['seller2', 'admin'].map((name) => visitor.logIn(`${name}@holdfast.test`)),
      );
      if (!seller || !admin) throw new Error('nobody came');
      const shop = await seller.openShop('Clocks', 'pi-market');
      const product = { shopId: shop.id, title: 'Clock', price: USD(6_000), stock: 1 };
      const placed = await running().paidOrder(await seller.listProduct(product));
      const part = onlyPart(placed);
      await seller.ship(part.id);
      await buyer.confirmDelivery(part.id);
      await waitFor(
        'the payout is paid',
        () => seller.escrow(part.escrowId),
        ({ payoutStatus }) => payoutStatus === 'paid',
      );

      // What is still pending there cannot be taken back.
      await simulator.advanceClock(7 * DAY_MS);
      const { id } = await simulator.openDispute(secretOf(placed), { reason: 'product_not_received' });
      await admin.chargebacks.waitUntilKnown(id);
      expect(await admin.chargebacks.evidenceDocument(id)).toMatch(/^%PDF-/);
      await simulator.webhooks({ copies: 3, shuffleMs: 50 });
      await simulator.closeDispute(id, 'lost');
      const settled = await admin.chargebacks.waitUntilSettled(id);
      await simulator.webhooks({ copies: 1, shuffleMs: 0 });
      expect(settled).toMatchObject({
        status: 'lost',
        fee: USD(1_500),
        shares: [{ escrowId: part.escrowId, clawBack: { amount: USD(6_000), reversed: USD(6_000), owed: USD(0) } }],
      });
      const lost = await admin.chargebacks.list({ status: 'lost' });
      expect(lost.data.map((chargeback) => chargeback.id)).toContain(id);
      const journals = await readJournals(orm.em, placed.order, () => 'seller2');
      expect(journals.slice(5)).toEqual([
        { kind: 'chargeback_fee', lines: { 'expense:psp_fees': -1_500, 'world:stripe': 1_500 } },
        { kind: 'transfer_reversed', lines: { 'world:stripe': -6_000, 'wallet:seller2': 6_000 } },
        { kind: 'clawed_back', lines: { 'wallet:seller2': -6_000, 'world:stripe': 6_000 } },
      ]);
      expect((await seller.wallet()).receivables).toEqual([]);
    });
  });
}
