/** What becomes of frozen parts on a real Postgres: shared out, back in the hold, taken by the bank; each exactly once. */

import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { DisputeLine } from '../../db/entities/dispute-line.entity.ts';
import { Listing } from '../../db/entities/listing.entity.ts';
import { Order } from '../../db/entities/order.entity.ts';
import { OrderItem } from '../../db/entities/order-item.entity.ts';
import { Payment } from '../../db/entities/payment.entity.ts';
import { VendorOrder } from '../../db/entities/vendor-order.entity.ts';
import { auditLedger } from '../../db/ledger/audit.ts';
import { ContestedHold, caseOf, refusalOf } from './support/contested.ts';
import { type Marketplace, openMarketplace } from './support/shop.ts';

let market: Marketplace;
beforeAll(async () => {
  market = await openMarketplace();
});
afterAll(() => market.close());
afterEach(async () => {
  const { findings } = await auditLedger(market.orm.em.fork());
  expect(findings.filter((finding) => finding.violations > 0)).toEqual([]);
});

const open = (facts?: Parameters<typeof ContestedHold.open>[1]) => ContestedHold.open(market, facts);
const paymentOf = ({ orderId }: ContestedHold) => market.orm.em.fork().findOneOrFail(Payment, { orderId });

describe('a part that is shared out', () => {
  it('leaves the hold by one journal, whoever settles it how often and at once', async () => {
    const hold = await open();
    const dispute = await hold.opened([[0, 1]]);
    const { disputeId } = dispute;
    await hold.close(dispute);
    const refunds = await Promise.all(
      [1, 2, 3].map(() => market.atProvider.refundPart({ disputeId, amountMinor: 1_500 }).catch(() => null)),
    );
    const { refundId } = await market.atProvider.refundPart({ disputeId, amountMinor: 1_500 });
    for (const refund of refunds) if (refund) expect(refund.refundId).toBe(refundId);
    const write = { ...hold.write(), disputeId, buyerMinor: 1_500, refundId };
    const settled = await Promise.all([1, 2, 3, 4].map(() => market.records.settlePart(write)));
    expect(settled.every((each) => each.applied && each.version === write.version)).toBe(true);
    expect(await market.records.settlePart({ ...write, version: write.version + 1 })).toMatchObject({
      applied: true,
      version: write.version,
    });
    expect(await hold.journal(`dispute/${disputeId}:resolve`)).toEqual({
      [`hold:${hold.escrowId}`]: -6_000,
      'world:stripe': 1_500,
      [`wallet:${hold.sellerId}`]: 4_050,
      'revenue:commission': 450,
    });
    expect(await hold.row()).toMatchObject({
      status: 'delivered',
      phase: 'delivered',
      frozenMinor: 0,
      releasedMinor: 4_500,
      refundedMinor: 1_500,
      payoutStatus: 'in_wallet',
    });
    expect(await hold.disputeRow(dispute)).toMatchObject({ settlement: 'split', buyerMinor: 1_500 });
    expect(await paymentOf(hold)).toMatchObject({ refundedMinor: 1_500, status: 'succeeded' });
    expect(await hold.balanceMinor()).toBe(4_000);
  });

  it('cannot be refunded a second time, not even with another amount, nor above what is frozen', async () => {
    const hold = await open();
    const dispute = await hold.opened([[0, 1]]);
    const { disputeId } = dispute;
    await expect(market.atProvider.refundPart({ disputeId, amountMinor: 6_001 })).rejects.toMatchObject({
      type: 'amount_out_of_range',
    });
    const { refundId } = await market.atProvider.refundPart({ disputeId, amountMinor: 6_000 });
    await expect(market.atProvider.refundPart({ disputeId, amountMinor: 5_000 })).rejects.toThrow();
    await hold.settle(dispute, 6_000);
    expect(await market.atProvider.refundPart({ disputeId, amountMinor: 5_000 })).toEqual({ refundId });
    const refunds = market.simulator.control.events().filter((event) => event.type === 'refund.created');
    expect(
      refunds.filter((event) => JSON.stringify(event).includes(`dispute/${disputeId}:refund`)).length,
    ).toBeLessThanOrEqual(1);
  });

  it('ends the hold when nothing else is left: released, refunded or split', async () => {
    const ends = [];
    for (const [first, second] of [
      [0, 0],
      [6_000, 4_000],
      [6_000, 0],
    ] as const) {
      const hold = await open();
      const one = await hold.opened([[0, 1]]);
      const two = await hold.opened();
      await hold.settle(one, first);
      expect(hold.stored).toMatchObject({ status: 'delivered', openDisputes: 1, restMinor: 0 });
      await hold.settle(two, second);
      expect(hold.stored).toMatchObject({ openDisputes: 0, frozenSince: null });
      const order = await market.orm.em.fork().findOneOrFail(Order, { id: hold.orderId });
      ends.push([hold.stored?.status, (await hold.row()).status, order.status, await hold.balanceMinor()]);
    }
    expect(ends).toEqual([
      ['released', 'released', 'completed', 0],
      ['refunded', 'refunded', 'refunded', 0],
      ['split', 'split', 'partially_refunded', 0],
    ]);
  });

  it('lets the rest be released on time, the hold stay disputed until it is settled, and each be paid out once', async () => {
    const hold = await open({ preset: 'fliiply', lines: [{ priceMinor: 10_000, quantity: 2 }] });
    const dispute = await hold.opened([[0, 1]]);
    const { escrowId } = hold;
    await hold.release();
    expect(hold.stored).toMatchObject({ status: 'released', openDisputes: 1, releases: 1, restMinor: 0 });
    expect((await hold.row()).status).toBe('disputed');
    expect(refusalOf(await hold.dispute([[0, 1]]))).toBe('dispute_window_closed');
    expect(await market.atProvider.payOut({ escrowId, release: 1 })).toEqual({ status: 'paid' });
    await hold.settle(dispute, dispute.frozenMinor / 2);
    expect(hold.stored).toMatchObject({ status: 'split' });
    const { disputeId } = dispute;
    await Promise.all([1, 2, 3].map(() => market.atProvider.payOut({ escrowId, disputeId }).catch(() => null)));
    expect(await market.atProvider.payOut({ escrowId, disputeId })).toEqual({ status: 'paid' });
    const transfers = market.simulator.control.events().filter((event) => event.type === 'transfer.created');
    const amounts = transfers
      .filter((event) => JSON.stringify(event).includes(hold.orderId))
      .map((event) => JSON.stringify(event));
    expect(amounts).toHaveLength(2);
    expect((await hold.row()).payoutStatus).toBe('paid');
  });

  it('that never left goes back on the shelf where it was refunded in full, and only it', async () => {
    const hold = await open({ phase: 'held' });
    const one = caseOf(await hold.dispute([[0, 1]], { reason: 'not_received' }));
    const two = caseOf(await hold.dispute([[1, 1]], { reason: 'not_received' }));
    await hold.settle(one, one.frozenMinor);
    await hold.settle(two, two.frozenMinor - 1);
    await hold.refund();
    expect(hold.stored).toMatchObject({ status: 'split' });
    const em = market.orm.em.fork();
    const items = await em.find(OrderItem, { orderId: hold.orderId }, { orderBy: { unitPriceMinor: 'desc' } });
    expect(items.map((item) => [item.quantity, item.restockedQuantity])).toEqual([
      [1, 1],
      [2, 1],
    ]);
    const listings = await em.find(Listing, { id: { $in: items.map((item) => item.listingId) } });
    expect(listings.map((listing) => listing.sold).reduce((sum, sold) => sum + sold, 0)).toBe(1);
  });
});

describe('a part that comes back into the hold', () => {
  it('is released with the rest, and its units are not heard again', async () => {
    const hold = await open();
    const dispute = await hold.opened([[0, 1]]);
    await hold.close(dispute, 'withdrawn');
    await hold.rejoin(dispute);
    await hold.rejoin(dispute);
    expect(hold.stored).toMatchObject({ applied: true, status: 'delivered', restMinor: 10_000, openDisputes: 0 });
    expect(await hold.row()).toMatchObject({ status: 'delivered', nextActionKind: 'release' });
    expect(refusalOf(await hold.dispute([[0, 1]]))).toBe('line_already_disputed');
    await hold.release();
    expect(hold.stored).toMatchObject({ status: 'released' });
    expect(await hold.journal(`escrow/${hold.escrowId}:release`)).toMatchObject({ [`wallet:${hold.sellerId}`]: 9_000 });
  });

  it('after the rest was released is released by a second journal and paid out by itself', async () => {
    const hold = await open({ preset: 'fliiply', lines: [{ priceMinor: 5_000, quantity: 2 }] });
    const dispute = await hold.opened([[0, 1]]);
    await hold.release();
    await hold.close(dispute);
    await hold.rejoin(dispute);
    expect(hold.stored).toMatchObject({ status: 'delivered', openDisputes: 0 });
    await hold.release();
    expect(hold.stored).toMatchObject({ status: 'released', releases: 2 });
    const { escrowId } = hold;
    expect(await hold.journal(`escrow/${escrowId}:release:2`)).toMatchObject({ [`wallet:${hold.sellerId}`]: 4_750 });
    expect(await market.atProvider.payOut({ escrowId, release: 2 })).toEqual({ status: 'paid' });
    expect(await market.atProvider.payOut({ escrowId })).toEqual({ status: 'paid' });
    expect((await hold.row()).payoutStatus).toBe('paid');
  });

  it('after the rest was refunded is refunded at the provider by a refund of its own', async () => {
    const hold = await open({ phase: 'held' });
    const dispute = caseOf(await hold.dispute([[0, 1]], { reason: 'not_received' }));
    await hold.refund();
    expect(hold.stored).toMatchObject({ status: 'refunded', openDisputes: 1 });
    const late = await market.atProvider.refundHold({ escrowId: hold.escrowId });
    await hold.close(dispute);
    await hold.rejoin(dispute, 'held');
    expect(await market.atProvider.refundHold({ escrowId: hold.escrowId })).toEqual(late);
    await hold.refund();
    expect(hold.stored).toMatchObject({ status: 'refunded', openDisputes: 0 });
    expect(await hold.journal(`escrow/${hold.escrowId}:refund`)).toMatchObject({ 'world:stripe': 4_000 });
    expect(await hold.journal(`escrow/${hold.escrowId}:refund:2`)).toMatchObject({ 'world:stripe': 6_000 });
    expect(await paymentOf(hold)).toMatchObject({ refundedMinor: 10_000, status: 'refunded' });
    const items = await market.orm.em.fork().find(OrderItem, { orderId: hold.orderId });
    expect(items.every((item) => item.restockedQuantity === item.quantity)).toBe(true);
  });

  it('with a replacement goes on as shipped, and only its units can be disputed again', async () => {
    const hold = await open();
    const dispute = await hold.opened([[1, 1]]);
    await hold.release();
    await hold.close(dispute);
    await hold.rejoin(dispute, 'shipped', { carrier: 'UPS', trackingNumber: 'R1' });
    expect(hold.stored).toMatchObject({ status: 'shipped', restMinor: 2_000, openDisputes: 0 });
    const em = market.orm.em.fork();
    expect(await em.findOneOrFail(VendorOrder, { escrowId: hold.escrowId })).toMatchObject({
      carrier: 'UPS',
      trackingNumber: 'R1',
      status: 'shipped',
    });
    expect((await em.findOneOrFail(DisputeLine, { disputeId: dispute.disputeId })).freed).toBe(true);
    expect(refusalOf(await hold.dispute([[0, 1]]))).toBe('line_released');
    expect(refusalOf(await hold.dispute([[1, 2]]))).toBe('line_released');
    const again = await hold.opened();
    expect(again.frozenMinor).toBe(2_000);
    await hold.settle(again, 2_000);
    expect(hold.stored).toMatchObject({ status: 'split' });
  });

  it('waits while the rest is on its way to somebody', async () => {
    const hold = await open();
    const dispute = await hold.opened([[0, 1]]);
    await hold.close(dispute);
    await hold.move('refunding');
    expect(await hold.rejoin(dispute)).toMatchObject({ applied: false, status: 'refunding', openDisputes: 1 });
    const refunded = await market.atProvider.refundHold({ escrowId: hold.escrowId });
    hold.adopt(await market.records.finishRefund({ ...hold.write(), ...refunded }));
    expect(await hold.rejoin(dispute)).toMatchObject({ applied: true, status: 'delivered', restMinor: 6_000 });
    await hold.release();
  });
});

describe('a part that the bank takes', () => {
  it('leaves the hold once; what the bank did not take is in it again', async () => {
    const hold = await open();
    const dispute = await hold.opened([[0, 1]]);
    await hold.close(dispute);
    await hold.chargeBack(dispute, 'dp_part', 2_500);
    await hold.chargeBack(dispute, 'dp_part', 2_500);
    expect(hold.stored).toMatchObject({ applied: true, restMinor: 7_500, openDisputes: 0 });
    expect(await hold.journal(`dispute/${dispute.disputeId}:chargeback-lost:dp_part`)).toEqual({
      [`hold:${hold.escrowId}`]: -2_500,
      'world:stripe': 2_500,
    });
    expect(await hold.row()).toMatchObject({ chargedBackMinor: 2_500, status: 'delivered' });
    await hold.release();
    expect(hold.stored).toMatchObject({ status: 'split' });
  });

  it('as a whole ends the hold as refunded where nothing else is left', async () => {
    const hold = await open();
    const bank = await hold.bankDispute('dp_whole', 10_000);
    await hold.close(bank);
    await hold.chargeBack(bank, 'dp_whole', 10_000);
    expect(hold.stored).toMatchObject({ status: 'refunded', restMinor: 0 });
    const row = await hold.row();
    expect([row.status, row.chargedBackMinor, row.refundedMinor]).toEqual(['refunded', 10_000, 0]);
  });
});
