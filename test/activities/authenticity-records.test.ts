/** The verifier leg on a real Postgres: opened, changed, its scans, and a price that is lowered. */

import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { AuthenticityChange } from '../../activities/records/authenticity/authenticity-records.ts';
import type { EscrowWrite } from '../../activities/records/escrow-records.ts';
import { AuthenticityCase } from '../../db/entities/authenticity-case.entity.ts';
import { CustodyScan } from '../../db/entities/custody-scan.entity.ts';
import { DomainEvent } from '../../db/entities/domain-event.entity.ts';
import { Escrow } from '../../db/entities/escrow.entity.ts';
import { LedgerJournal } from '../../db/entities/ledger-journal.entity.ts';
import { LedgerPosting } from '../../db/entities/ledger-posting.entity.ts';
import { Listing } from '../../db/entities/listing.entity.ts';
import { Payment } from '../../db/entities/payment.entity.ts';
import { UserAccount } from '../../db/entities/user-account.entity.ts';
import { VendorOrder } from '../../db/entities/vendor-order.entity.ts';
import { auditLedger } from '../../db/ledger/audit.ts';
import { newId } from '../../db/new-id.ts';
import type { AuthenticityCommand } from '../../domain/authenticity/commands.ts';
import { afterAuthenticityCommand } from '../../domain/authenticity/progress.ts';
import type { EscrowId, OrderId, UserId } from '../../domain/ids.ts';
import { listGoods, type Marketplace, openMarketplace, orderOf, paidOrder } from './support/shop.ts';

const ADMIN = { role: 'admin', id: 'usr_admin' } as const;

describe('the records of the verifier leg', () => {
  let market: Marketplace;
  let verifierId: UserId;
  beforeAll(async () => {
    market = await openMarketplace();
    verifierId = (await market.orm.em.fork().findOneOrFail(UserAccount, { email: 'verifier@holdfast.test' })).id;
  });
  afterAll(async () => {
    const audit = await auditLedger(market.orm.em.fork());
    await market.close();
    expect(audit.findings.filter((finding) => finding.violations > 0)).toEqual([]);
  });

  const listed = async (asks: boolean, preset: 'fliiply' | 'multi-vendor' = 'fliiply') => {
    const id = await listGoods(market, { preset });
    await market.orm.em.fork().nativeUpdate(Listing, { id }, { authenticity: asks });
    return id;
  };

  /** A paid vendor order of 100.00 whose parcel goes to a verifier; its hold is 121.00. */
  const paid = async (...asking: boolean[]) => {
    const lines = await Promise.all(asking.map(async (asks) => ({ listingId: await listed(asks), quantity: 1 })));
    const input = orderOf(market, lines);
    const { placed, payment } = await paidOrder(market, input);
    const [vendorOrder] = placed.vendorOrders;
    if (!vendorOrder) throw new Error('an order has a vendor order');
    return { ...vendorOrder, orderId: input.orderId, paymentId: payment.id };
  };

  type Hold = { escrowId: EscrowId; orderId: OrderId; sellerId: UserId };
  const writeOf = ({ escrowId, orderId }: Hold, version: number): EscrowWrite => ({
    escrowId,
    orderId,
    version,
    actor: ADMIN,
    reason: null,
    at: new Date().toISOString(),
  });

  const shipped = async (hold: Hold, version = 2) => {
    const clocks = { shipBy: null, deliveredBy: null, releaseAt: null, pausedAt: null, accessedAt: null };
    const sent = { event: 'escrow.shipped', to: 'shipped', carrier: 'DHL', trackingNumber: '1' } as const;
    await market.records.changeEscrow({ ...writeOf(hold, version), ...clocks, ...sent });
  };

  const open = ({ escrowId, orderId, sellerId }: Hold) =>
    market.records.openAuthenticity({
      escrowId,
      orderId,
      actor: { role: 'seller', id: sellerId },
      at: new Date().toISOString(),
    });

  /** What the workflow does with a command, stored. */
  const change = async (hold: Hold, command: AuthenticityCommand, more: Partial<AuthenticityChange> = {}) => {
    const row = await caseOf(hold);
    const at = new Date().toISOString();
    return market.records.changeAuthenticity({
      escrowId: hold.escrowId,
      orderId: hold.orderId,
      version: row.version + 1,
      event: 'authenticity.assigned',
      actor: command.actor,
      reason: null,
      at,
      authenticity: afterAuthenticityCommand(row.content, command, at),
      scan: null,
      ...more,
    });
  };

  const caseOf = ({ escrowId }: Hold) => market.orm.em.fork().findOneOrFail(AuthenticityCase, { escrowId });
  const custodyOf = async (hold: Hold) => {
    const { id: authenticityId } = await caseOf(hold);
    return market.orm.em.fork().find(CustodyScan, { authenticityId }, { orderBy: { seq: 'asc' } });
  };
  const assign = (id: UserId): AuthenticityCommand => ({ kind: 'assign', actor: ADMIN, verifierId: id });
  const scan = (step: 'received' | 'inspected' | 'forwarded') => ({
    step,
    location: 'Lyon',
    note: null,
    carrier: null,
    trackingNumber: null,
  });

  it('placing freezes whether the parcel goes to a verifier: if any line asks for one', async () => {
    expect((await paid(true)).authenticity).toBe(true);
    expect((await paid(false, true)).authenticity).toBe(true);
    expect((await paid(false)).authenticity).toBeUndefined();
    const hold = await paid(true);
    const row = await market.orm.em.fork().findOneOrFail(VendorOrder, { escrowId: hold.escrowId });
    expect(row).toMatchObject({ authenticity: true, gradedCondition: null });
  });

  it('a channel without verifiers has none, whatever a listing says', async () => {
    const listingId = await listed(true, 'multi-vendor');
    const { placed } = await paidOrder(market, orderOf(market, [{ listingId, quantity: 1 }]));
    expect(placed.vendorOrders[0]?.authenticity).toBeUndefined();
  });

  it('opening stores the case, the first scan and the fact, once', async () => {
    const hold = await paid(true);
    await shipped(hold);
    const [first, again] = [await open(hold), await open(hold)];
    expect(again).toEqual(first);
    const { authenticity: leg } = first;
    expect(leg).toMatchObject({ phase: 'assigning', itemsMinor: 10_000, currency: 'EUR', verifierId: null });
    expect(leg.partyIds.toSorted()).toEqual([market.buyerId, hold.sellerId].toSorted());
    expect(await caseOf(hold)).toMatchObject({ phase: 'assigning', version: 1, closedAt: null });
    expect(await custodyOf(hold)).toMatchObject([{ seq: 1, step: 'sent', carrier: 'DHL', actorId: hold.sellerId }]);
    const told = await market.orm.em
      .fork()
      .find(DomainEvent, { type: 'authenticity.requested', escrowId: hold.escrowId });
    expect(told).toMatchObject([{ actorRole: 'seller', data: { caseVersion: 1 } }]);
  });

  it('nothing is opened for goods that go straight to the buyer', async () => {
    const hold = await paid(false);
    await shipped(hold);
    await expect(open(hold)).rejects.toThrow('straight to the buyer');
  });

  it('a change is stored once; the same number with another change is told what is stored', async () => {
    const hold = await paid(true);
    await shipped(hold);
    await open(hold);
    const stored = await change(hold, assign(verifierId));
    expect(stored).toMatchObject({ applied: true, version: 2, authenticity: { verifierId } });
    const { content } = await caseOf(hold);
    const same = {
      escrowId: hold.escrowId,
      orderId: hold.orderId,
      version: 2,
      event: 'authenticity.assigned',
      actor: ADMIN,
      reason: null,
      at: new Date().toISOString(),
      authenticity: { ...content, alerts: 9 },
      scan: null,
    } as const;
    const repeated = await market.records.changeAuthenticity(same);
    const other = await market.records.changeAuthenticity({ ...same, event: 'authenticity.overdue' });
    expect([repeated.applied, other.applied]).toEqual([true, false]);
    expect(other.authenticity).toEqual(stored.authenticity);
    const verifier = { role: 'verifier', id: verifierId } as const;
    const receive = { kind: 'receive', actor: verifier, location: 'Lyon', note: null } as const;
    await change(hold, receive, { event: 'authenticity.received', scan: scan('received') });
    const inspect = {
      kind: 'inspect',
      actor: verifier,
      finding: 'mismatch',
      condition: 'played',
      note: 'A crease.',
      lowerPriceMinor: 8_000,
    } as const;
    await change(hold, inspect, { event: 'authenticity.mismatch', reason: 'A crease.', scan: scan('inspected') });
    expect(await caseOf(hold)).toMatchObject({
      phase: 'mismatch_choice',
      finding: 'mismatch',
      condition: 'played',
      note: 'A crease.',
      lowerPriceMinor: 8_000,
      version: 4,
    });
    expect((await custodyOf(hold)).map(({ seq, step }) => [seq, step])).toEqual([
      [1, 'sent'],
      [3, 'received'],
      [4, 'inspected'],
    ]);
    const vendorOrder = await market.orm.em.fork().findOneOrFail(VendorOrder, { escrowId: hold.escrowId });
    expect(vendorOrder.gradedCondition).toBe('played');
  });

  it.each(['nobody', 'a moderator'])('%s is no verifier', async (who) => {
    const hold = await paid(true);
    await shipped(hold);
    await open(hold);
    const other = await market.orm.em.fork().findOneOrFail(UserAccount, { email: 'moderator@holdfast.test' });
    const id = who === 'nobody' ? newId('user') : other.id;
    await expect(change(hold, assign(id))).rejects.toMatchObject({ type: 'verifier_not_found' });
    expect((await caseOf(hold)).version).toBe(1);
  });

  it('scans are only ever added', async () => {
    const em = market.orm.em.fork();
    await expect(em.execute(`update custody_scan set note = 'x'`)).rejects.toThrow('permission denied');
    await expect(em.execute('delete from custody_scan')).rejects.toThrow('permission denied');
  });

  it('a lowered price goes back at the provider and in the books once, and the rest is released', async () => {
    const hold = await paid(true);
    await shipped(hold);
    const { escrowId } = hold;
    const refund = { escrowId, amountMinor: 2_000 };
    const [first, again] = [
      await market.atProvider.refundLowerPrice(refund),
      await market.atProvider.refundLowerPrice(refund),
    ];
    expect(again).toEqual(first);
    const write = { ...writeOf(hold, 3), amountMinor: 2_000, ...first };
    const stored = await market.records.lowerPrice(write);
    expect(stored).toMatchObject({ applied: true, version: 3, status: 'shipped', restMinor: 10_100 });
    expect(await market.records.lowerPrice(write)).toMatchObject({ applied: true, restMinor: 10_100 });
    const em = market.orm.em.fork();
    const journals = await em.find(LedgerJournal, { key: `authenticity/${escrowId}:lower-price` });
    expect(journals).toMatchObject([{ externalRef: first.refundId }]);
    const postings = await em.find(LedgerPosting, { journalId: journals[0]?.id ?? 0 });
    expect(Object.fromEntries(postings.map(({ account, amountMinor }) => [account, amountMinor]))).toEqual({
      [`hold:${escrowId}`]: -2_000,
      'world:stripe': 2_000,
    });
    expect(await em.findOneOrFail(Payment, { id: hold.paymentId })).toMatchObject({
      refundedMinor: 2_000,
      status: 'succeeded',
    });
    const released = await market.records.releaseHold(writeOf(hold, 4));
    // Part of it went back: neither released nor refunded as a whole.
    expect(released).toMatchObject({ status: 'split', restMinor: 0 });
    expect(await em.findOneOrFail(Escrow, { id: escrowId })).toMatchObject({
      refundedMinor: 2_000,
      releasedMinor: 10_100,
      heldMinor: 12_100,
    });
    expect(await market.atProvider.payOut({ escrowId, release: 1 })).toEqual({ status: 'paid' });
  });

  it('a line can still be contested at its lowered price', async () => {
    const hold = await paid(true);
    await shipped(hold);
    const { escrowId } = hold;
    const lowered = await market.atProvider.refundLowerPrice({ escrowId, amountMinor: 3_000 });
    await market.records.lowerPrice({ ...writeOf(hold, 3), amountMinor: 3_000, ...lowered });
    const opened = await market.records.openDispute({
      ...writeOf(hold, 4),
      actor: { role: 'buyer', id: market.buyerId },
      disputeId: newId('dispute'),
      disputeReason: 'damaged',
      description: 'Bent on the way.',
      lines: [],
    });
    if ('refused' in opened) throw new Error(opened.refused.message);
    expect(opened.dispute?.frozenMinor).toBe(9_100);
    expect(opened.escrow).toMatchObject({ restMinor: 0, openDisputes: 1 });
  });
});
