/** Opening disputes on a real Postgres: what is frozen, what is refused, and who wins when several open at once. */

import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { DisputeEvidence } from '../../db/entities/dispute-evidence.entity.ts';
import { DomainEvent } from '../../db/entities/domain-event.entity.ts';
import { Order } from '../../db/entities/order.entity.ts';
import { VendorOrder } from '../../db/entities/vendor-order.entity.ts';
import { auditLedger } from '../../db/ledger/audit.ts';
import { newId } from '../../db/new-id.ts';
import { ContestedHold, caseOf, refusalOf } from './support/contested.ts';
import { type Marketplace, openMarketplace } from './support/shop.ts';

let market: Marketplace;
beforeAll(async () => {
  market = await openMarketplace();
});
afterAll(async () => {
  const audit = await auditLedger(market.orm.em.fork());
  await market.close();
  expect(audit.findings.filter((finding) => finding.violations > 0)).toEqual([]);
});

const open = (facts?: Parameters<typeof ContestedHold.open>[1]) => ContestedHold.open(market, facts);

describe('opening a dispute', () => {
  it('freezes the named units only, and shows the hold, the vendor order and the order as disputed', async () => {
    const hold = await open();
    const dispute = await hold.opened([[1, 1]]);
    expect(dispute).toMatchObject({
      frozenMinor: 2_000,
      phase: 'seller_response',
      openedBy: 'buyer',
      reason: 'damaged',
    });
    expect(hold.stored).toMatchObject({
      applied: true,
      status: 'delivered',
      restMinor: 8_000,
      openDisputes: 1,
      frozenSince: null,
    });
    const em = market.orm.em.fork();
    const row = await hold.row();
    expect(row).toMatchObject({ status: 'disputed', phase: 'delivered', frozenMinor: 2_000, openDisputes: 1 });
    expect([row.nextActionKind, row.nextActionAt?.toISOString()]).toEqual(['release', hold.stored?.releaseAt]);
    expect((await em.findOneOrFail(VendorOrder, { escrowId: hold.escrowId })).status).toBe('disputed');
    expect((await em.findOneOrFail(Order, { id: hold.orderId })).status).toBe('disputed');
    const { disputeId } = dispute;
    const facts = await em.find(DomainEvent, { subjectId: disputeId });
    expect(facts.map(({ type, escrowId, data }) => ({ type, escrowId, data }))).toEqual([
      {
        type: 'dispute.opened',
        escrowId: hold.escrowId,
        data: { escrowVersion: 4, disputeId, version: 1, disputeReason: 'damaged' },
      },
    ]);
    expect(await market.records.unsettledDisputes({ escrowId: hold.escrowId, orderId: hold.orderId })).toEqual([
      { dispute, chargebackId: null },
    ]);
  });

  it('keeps the terms of the deal as its first evidence', async () => {
    const hold = await open();
    const { disputeId } = await hold.opened([[0, 1]]);
    const em = market.orm.em.fork();
    const file = await em.findOneOrFail(DisputeEvidence, { disputeId }, { populate: ['bytes'] });
    expect(file).toMatchObject({ authorRole: 'system', fileName: 'terms-at-purchase.json', phase: 'seller_response' });
    const terms: unknown = JSON.parse(Buffer.from(file.bytes).toString());
    const { policy } = await em.findOneOrFail(Order, { id: hold.orderId });
    expect(terms).toMatchObject({
      orderId: hold.orderId,
      currency: 'USD',
      amounts: { grossMinor: 10_000, netMinor: 9_000 },
      items: expect.arrayContaining([expect.objectContaining({ itemId: hold.item(0), unitPriceMinor: 6_000 })]),
      policy: { dispute: policy.dispute },
    });
  });

  it('about everything stops the clocks of the hold', async () => {
    const hold = await open();
    const dispute = await hold.opened();
    expect(dispute.frozenMinor).toBe(10_000);
    expect(hold.stored).toMatchObject({ restMinor: 0, frozenSince: expect.any(String), status: 'delivered' });
    expect(await hold.row()).toMatchObject({ nextActionKind: 'none', nextActionAt: null });
  });

  it('about the last cent freezes it', async () => {
    const hold = await open({
      lines: [
        { priceMinor: 50, quantity: 2 },
        { priceMinor: 51, quantity: 1 },
      ],
    });
    await hold.opened([
      [0, 1],
      [1, 1],
    ]);
    expect(hold.stored).toMatchObject({ restMinor: 50 });
    const last = await hold.opened();
    expect(last.frozenMinor).toBe(50);
    expect(hold.stored).toMatchObject({ restMinor: 0, openDisputes: 2 });
    expect(refusalOf(await hold.dispute())).toBe('line_already_disputed');
  });

  it.each([1, 2, 3])('about %d of three units freezes their share of every component', async (units) => {
    const hold = await open({ preset: 'fliiply', lines: [{ priceMinor: 3_333, quantity: 3 }] });
    const { frozenMinor } = await hold.opened([[0, units]]);
    const row = await hold.row();
    expect(row.frozenMinor).toBe(frozenMinor);
    expect(frozenMinor + (row.rest?.grossMinor ?? 0)).toBe(hold.grossMinor);
    expect(Math.abs(frozenMinor - (hold.grossMinor * units) / 3)).toBeLessThan(5);
  });

  it('is refused by rule, and nothing has moved then', async () => {
    const hold = await open();
    const before = await hold.row();
    expect(refusalOf(await hold.dispute([[0, 1]], { buyerId: newId('user') }))).toBe('forbidden');
    expect(refusalOf(await hold.dispute([[0, 2]]))).toBe('quantity_out_of_range');
    expect(refusalOf(await hold.dispute([[0, 1]], { reason: 'chargeback' }))).toBe('forbidden');
    expect(refusalOf(await hold.dispute([[0, 1]], { at: hold.later(8 * 86_400_000) }))).toBe('hold_already_releasing');
    expect(await hold.row()).toEqual(before);
    await hold.opened([[0, 1]]);
    expect(refusalOf(await hold.dispute([[0, 1]]))).toBe('line_already_disputed');
  });

  it('at the very instant of the release is in time, a millisecond later it is not', async () => {
    const hold = await open();
    const releaseAt = hold.stored?.releaseAt ?? '';
    const late = new Date(Date.parse(releaseAt) + 1).toISOString();
    expect(refusalOf(await hold.dispute([[0, 1]], { at: late }))).toBe('hold_already_releasing');
    expect(refusalOf(await hold.dispute([[0, 1]], { at: releaseAt }))).toBeNull();
  });

  it('is refused while the buyer is not charged', async () => {
    const hold = await open({ preset: 'pi-market', lines: [{ priceMinor: 500, quantity: 1 }] });
    expect(refusalOf(await hold.dispute())).toBe('illegal_transition');
  });
});

describe('several disputes of one vendor order', () => {
  it('with the same number at once: one is stored, the other looks again and is stored next', async () => {
    const hold = await open();
    const version = hold.version + 1;
    const [one, two] = await Promise.all([hold.dispute([[0, 1]], { version }), hold.dispute([[1, 2]], { version })]);
    const applied = [one, two].map((opened) => 'escrow' in opened && opened.escrow.applied);
    expect(applied[0]).not.toBe(applied[1]);
    const loser = applied[0] ? two : one;
    expect(loser).toMatchObject({ dispute: null });
    const again = caseOf(await hold.dispute(applied[0] ? [[1, 2]] : [[0, 1]]));
    expect(again.frozenMinor).toBe(applied[0] ? 4_000 : 6_000);
    expect(hold.stored).toMatchObject({ restMinor: 0, openDisputes: 2 });
  });

  it('about the same line at once: one is stored, the other is refused when it looks again', async () => {
    const hold = await open();
    const version = hold.version + 1;
    const opened = await Promise.all([1, 2, 3].map(() => hold.dispute([[0, 1]], { version })));
    expect(opened.filter((each) => 'escrow' in each && each.escrow.applied)).toHaveLength(1);
    expect(refusalOf(await hold.dispute([[0, 1]]))).toBe('line_already_disputed');
    expect(hold.stored).toMatchObject({ restMinor: 4_000, openDisputes: 1 });
  });

  it('with the same id are one dispute, at once and later', async () => {
    const hold = await open();
    const disputeId = newId('dispute');
    const version = hold.version + 1;
    const opened = await Promise.all([1, 2, 3].map(() => hold.dispute([[0, 1]], { version, disputeId })));
    const cases = opened.map(caseOf);
    expect(new Set(cases.map((each) => JSON.stringify(each))).size).toBe(1);
    expect(opened.every((each) => 'escrow' in each && each.escrow.applied)).toBe(true);
    const repeated = await hold.dispute([[0, 1]], { disputeId });
    expect(caseOf(repeated)).toEqual(cases[0]);
    expect(repeated).toMatchObject({ escrow: { applied: false, openDisputes: 1, version } });
  });

  it('against a release with the same number: one of the two happens', async () => {
    const hold = await open();
    const write = hold.write();
    const [dispute, released] = await Promise.all([
      hold.dispute([[0, 1]], { version: write.version }),
      market.records.releaseHold(write),
    ]);
    const isOpened = 'escrow' in dispute && dispute.escrow.applied;
    expect(isOpened).not.toBe(released.applied);
    const row = await hold.row();
    expect([row.openDisputes, row.releases]).toEqual(isOpened ? [1, 0] : [0, 1]);
  });
});

describe('the bank', () => {
  it('freezes an amount out of every component of the rest, and lines disputed after it share what is left', async () => {
    const hold = await open();
    const bank = await hold.bankDispute('dp_1', 5_000);
    expect(bank).toMatchObject({
      openedBy: 'provider',
      reason: 'chargeback',
      frozenMinor: 5_000,
      bankSince: expect.any(String),
    });
    expect(await hold.disputeRow(bank)).toMatchObject({ chargebackId: 'dp_1', deadlineAt: null });
    const dispute = await hold.opened([[0, 1]]);
    expect(dispute.frozenMinor).toBe(3_000);
    const rest = await hold.opened();
    expect(rest.frozenMinor).toBe(2_000);
    expect(hold.stored).toMatchObject({ restMinor: 0, openDisputes: 3 });
    expect(await hold.balanceMinor()).toBe(10_000);
  });

  it('that has frozen everything leaves nothing to dispute', async () => {
    const hold = await open();
    expect((await hold.bankDispute('dp_2', 99_999)).frozenMinor).toBe(10_000);
    expect(refusalOf(await hold.dispute([[0, 1]]))).toBe('line_already_disputed');
  });
});
