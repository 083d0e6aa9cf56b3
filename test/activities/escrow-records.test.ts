/** Escrow writes, captures, refunds and payouts on a real Postgres, paid through the simulator. */

import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { EscrowChange, EscrowWrite } from '../../activities/records/escrow-records.ts';
import { Escrow } from '../../db/entities/escrow.entity.ts';
import { LedgerJournal } from '../../db/entities/ledger-journal.entity.ts';
import { LedgerPosting } from '../../db/entities/ledger-posting.entity.ts';
import { Listing } from '../../db/entities/listing.entity.ts';
import { Order } from '../../db/entities/order.entity.ts';
import { Payment } from '../../db/entities/payment.entity.ts';
import { auditLedger } from '../../db/ledger/audit.ts';
import type { EscrowId, OrderId } from '../../domain/ids.ts';
import type { PresetName } from '../../domain/policy/policy.ts';
import {
  listGoods,
  type Marketplace,
  openMarketplace,
  orderOf,
  paidOrder,
  payByCard,
  placeWithPayment,
} from './support/shop.ts';

const ADMIN = { role: 'admin', id: 'usr_admin' } as const;

describe('escrow records', () => {
  let market: Marketplace;
  beforeAll(async () => {
    market = await openMarketplace();
  });
  afterAll(async () => {
    const audit = await auditLedger(market.orm.em.fork());
    await market.close();
    expect(audit.findings.filter((finding) => finding.violations > 0)).toEqual([]);
  });

  const held = async (preset: PresetName = 'multi-vendor') => {
    const listingId = await listGoods(market, { preset });
    const input = orderOf(market, [{ listingId, quantity: 1 }]);
    const { placed, payment } = await paidOrder(market, input);
    const [vendorOrder] = placed.vendorOrders;
    if (!vendorOrder) throw new Error('an order has a vendor order');
    return { ...vendorOrder, orderId: input.orderId, payment, listingId };
  };

  const writeOf = ({ escrowId, orderId }: { escrowId: EscrowId; orderId: OrderId }, version: number): EscrowWrite => ({
    escrowId,
    orderId,
    version,
    actor: ADMIN,
    reason: 'test',
    at: new Date().toISOString(),
  });

  const changeOf = (
    write: EscrowWrite,
    to: 'processing' | 'shipped' | 'refunding',
    more: Partial<EscrowChange> = {},
  ): EscrowChange => ({
    ...write,
    event: `escrow.${to}`,
    to,
    shipBy: null,
    deliveredBy: null,
    releaseAt: null,
    pausedAt: null,
    accessedAt: null,
    ...more,
  });

  const linesOf = async (key: string) => {
    const em = market.orm.em.fork();
    const journal = await em.findOneOrFail(LedgerJournal, { key });
    const lines = await em.find(LedgerPosting, { journalId: journal.id });
    return Object.fromEntries(lines.map((line) => [line.account, line.amountMinor]));
  };

  it('stores a change once: repeating it answers with what is stored', async () => {
    const hold = await held();
    const change = changeOf(writeOf(hold, 2), 'processing', { shipBy: new Date().toISOString() });
    const results = await Promise.all([1, 2, 3, 4].map(() => market.records.changeEscrow(change)));
    expect(results.every((result) => result.applied && result.version === 2)).toBe(true);
    expect(results.every((result) => result.status === 'processing')).toBe(true);
  });

  it('keeps the change that was stored first when another claims the same number', async () => {
    const hold = await held();
    const [ship, refund] = await Promise.all([
      market.records.changeEscrow(changeOf(writeOf(hold, 2), 'shipped', { carrier: 'DHL', trackingNumber: '1' })),
      market.records.changeEscrow(changeOf(writeOf(hold, 2), 'refunding')),
    ]);
    expect(ship.applied).not.toBe(refund.applied);
    expect(ship.status).toBe(refund.status);
    const next = ship.applied ? 'shipped' : 'refunding';
    expect(ship.status).toBe(next);
    await market.records.releaseHold(writeOf(hold, 3)); // Settled, so that the audit finds nothing open.
  });

  it('releases once, to the seller net of commission, however often it is told to', async () => {
    const hold = await held();
    const write = writeOf(hold, 2);
    const results = await Promise.all([1, 2, 3].map(() => market.records.releaseHold(write)));
    expect(results.every((result) => result.applied && result.status === 'released')).toBe(true);
    expect(await linesOf(`escrow/${hold.escrowId}:release`)).toEqual({
      [`hold:${hold.escrowId}`]: -10_000,
      [`wallet:${hold.sellerId}`]: 9_000,
      'revenue:commission': 1_000,
    });
    const order = await market.orm.em.fork().findOneOrFail(Order, { id: hold.orderId });
    expect(order.status).toBe('completed');
  });

  it('refunds once at the provider, and puts unshipped goods back on the shelf', async () => {
    const hold = await held();
    await market.records.changeEscrow(changeOf(writeOf(hold, 2), 'refunding'));
    const { escrowId } = hold;
    const answers = await Promise.all(
      [1, 2, 3].map(() => market.atProvider.refundHold({ escrowId }).catch(() => null)),
    );
    const refunded = await market.atProvider.refundHold({ escrowId });
    expect(refunded.authorisedOnly).toBe(false);
    for (const answer of answers) if (answer) expect(answer).toEqual(refunded);
    await market.records.finishRefund({ ...writeOf(hold, 3), ...refunded });
    await market.records.finishRefund({ ...writeOf(hold, 3), ...refunded });
    const em = market.orm.em.fork();
    const listing = await em.findOneOrFail(Listing, { id: hold.listingId });
    expect([listing.stock, listing.reserved, listing.sold]).toEqual([10, 0, 0]);
    const payment = await em.findOneOrFail(Payment, { id: hold.payment.id });
    expect([payment.status, payment.refundedMinor]).toEqual(['refunded', 10_000]);
    const refunds = market.simulator.control.events().filter((event) => event.type === 'refund.created');
    expect(
      refunds.filter((event) => JSON.stringify(event).includes(`escrow/${escrowId}:refund`)).length,
    ).toBeLessThanOrEqual(1);
  });

  it('captures an authorised card, books it and releases', async () => {
    const hold = await held('pi-market');
    const { escrowId, orderId } = hold;
    const em = market.orm.em.fork();
    expect((await em.findOneOrFail(Escrow, { id: escrowId })).captured).toBe(false);
    const outcome = await market.atProvider.captureHold({ escrowId });
    if (!outcome.captured) throw new Error('the authorisation is fresh');
    expect(await market.atProvider.captureHold({ escrowId })).toEqual(outcome);
    await market.records.markCaptured({ ...writeOf(hold, 2), chargeId: outcome.chargeId });
    await market.records.releaseHold(writeOf(hold, 3));
    expect(await linesOf(`order/${orderId}:captured`)).toEqual({
      'world:stripe': -10_000,
      'world:stripe_authorised': 10_000,
    });
  });

  it('gives an uncaptured authorisation up instead of refunding', async () => {
    const hold = await held('pi-market');
    await market.records.changeEscrow(changeOf(writeOf(hold, 2), 'refunding'));
    const refunded = await market.atProvider.refundHold({ escrowId: hold.escrowId });
    expect(refunded).toEqual({ refundId: null, authorisedOnly: true });
    await market.records.finishRefund({ ...writeOf(hold, 3), ...refunded });
    expect(await linesOf(`escrow/${hold.escrowId}:refund`)).toEqual({
      [`hold:${hold.escrowId}`]: -10_000,
      'world:stripe_authorised': 10_000,
    });
  });

  it('tells that an authorisation has lapsed', async () => {
    const hold = await held('pi-market');
    await market.providers
      .get('stripe')
      .cancelPayment({ providerObjectId: hold.payment.providerObjectId ?? '', idempotencyKey: 'lapse' });
    expect(await market.atProvider.captureHold({ escrowId: hold.escrowId })).toEqual({ captured: false });
    await market.records.changeEscrow(changeOf(writeOf(hold, 2), 'refunding'));
    const refunded = await market.atProvider.refundHold({ escrowId: hold.escrowId });
    await market.records.finishRefund({ ...writeOf(hold, 3), ...refunded });
  });

  it('pays out once to the account of the seller, and keeps the money in the wallet of one who cannot receive', async () => {
    const hold = await held('fliiply');
    await market.records.releaseHold(writeOf(hold, 2));
    const { escrowId } = hold;
    const paid = await Promise.all([1, 2, 3].map(() => market.atProvider.payOut({ escrowId }).catch(() => null)));
    expect(paid.some((answer) => answer?.status === 'paid')).toBe(true);
    expect(await market.atProvider.payOut({ escrowId })).toEqual({ status: 'paid' });

    const other = await held('fliiply');
    await market.records.releaseHold(writeOf(other, 2));
    const { destination } = JSON.parse(JSON.stringify(lastTransfer())) as { destination: string };
    market.simulator.control.setTransfersCapability(destination, 'inactive');
    expect(await market.atProvider.payOut({ escrowId: other.escrowId })).toEqual({ status: 'waiting_for_account' });
    market.simulator.control.setTransfersCapability(destination, 'active');
    expect(await market.atProvider.payOut({ escrowId: other.escrowId })).toEqual({ status: 'waiting_for_account' });
    expect(Object.values(await linesOf(`payout/${payoutIdOf(await allKeys(), ':failed')}:failed`))).toEqual(
      expect.arrayContaining([9_500]),
    );
  });

  it('sends money back that came after the order had ended, once', async () => {
    const input = orderOf(market, [{ listingId: await listGoods(market), quantity: 1 }]);
    const { payment } = await placeWithPayment(market, input);
    const { orderId } = input;
    await market.records.closeUnpaid({ orderId, status: 'expired', reason: 'window', actor: ADMIN });
    await payByCard(market, payment);
    const again = () => market.atProvider.refundLatePayment({ paymentId: payment.id });
    await Promise.allSettled([again(), again(), again()]);
    await again();
    const em = market.orm.em.fork();
    const stored = await em.findOneOrFail(Payment, { id: payment.id });
    expect([stored.status, stored.refundedMinor]).toEqual(['late_refunded', payment.amountMinor]);
    expect(await em.count(LedgerJournal, { orderId })).toBe(2);
  });

  it('finds what the provider did when its answer was lost', async () => {
    const hold = await held();
    await market.records.changeEscrow(changeOf(writeOf(hold, 2), 'refunding'));
    market.simulator.control.failNext({ path: '/v1/refunds', method: 'POST', when: 'after', action: 'error' });
    const { escrowId } = hold;
    const first = await market.atProvider.refundHold({ escrowId }).catch(() => null);
    const refunded = first ?? (await market.atProvider.refundHold({ escrowId }));
    await market.records.finishRefund({ ...writeOf(hold, 3), ...refunded });
  });

  const lastTransfer = () =>
    market.simulator.control.events().findLast((event) => event.type === 'transfer.created')?.data.object;

  const allKeys = async () => (await market.orm.em.fork().find(LedgerJournal, {})).map((journal) => journal.key);

  const payoutIdOf = (keys: string[], ending: string) =>
    keys.find((key) => key.startsWith('payout/') && key.endsWith(ending))?.slice('payout/'.length, -ending.length);
});
