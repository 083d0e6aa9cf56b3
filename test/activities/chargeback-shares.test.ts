/** Chargebacks of money that is still held, or was refunded: who carries them, and who does not. */

import { describe, expect, it } from '@jest/globals';
import { Chargeback } from '../../db/entities/chargeback.entity.ts';
import { Escrow } from '../../db/entities/escrow.entity.ts';
import { Payment } from '../../db/entities/payment.entity.ts';
import {
  at,
  DAY_MS,
  held,
  linesOf,
  lose,
  market,
  opened,
  release,
  sellersBalance,
  useMarketplace,
  write,
} from './support/chargebacks.ts';
import { ContestedHold } from './support/contested.ts';

useMarketplace();

describe('chargebacks before the payout', () => {
  it('are carried by the wallet of a seller who is paid on request', async () => {
    const hold = await held('escrow-platform');
    await release(hold);
    const before = await sellersBalance(hold.sellerId, 'USD');
    const { chargebackId } = await opened(hold, 2_000);
    expect(await lose(chargebackId)).toEqual([{ reversedMinor: 0, walletMinor: 2_000, owedMinor: 0 }]);
    expect(await sellersBalance(hold.sellerId, 'USD')).toBe(before - 2_000);
  });

  it('of money that had gone back to the buyer are nobody’s claim: nothing is refunded twice', async () => {
    const hold = await held();
    const refunding = { to: 'refunding', event: 'escrow.refunding' } as const;
    const clocks = { shipBy: null, deliveredBy: null, releaseAt: null, pausedAt: null, accessedAt: null };
    await market.records.changeEscrow({ ...write(hold, 2), ...refunding, ...clocks });
    const refunded = await market.atProvider.refundHold({ escrowId: hold.escrowId });
    await market.records.finishRefund({ ...write(hold, 3), ...refunded });
    const { chargebackId, stored } = await opened(hold, 10_000);
    expect(stored.shares).toEqual([]);
    expect(await lose(chargebackId)).toEqual([]);
    expect(await linesOf(`order/${hold.orderId}:chargeback-absorbed:${chargebackId}`)).toEqual({
      'loss:chargebacks': -10_000,
      'world:stripe': 10_000,
    });
  });

  it('wait for the holds that still have the money, and claim nothing of it', async () => {
    const hold = await held();
    const { chargebackId, stored } = await opened(hold, 4_000);
    expect(stored.shares).toEqual([{ escrowId: hold.escrowId, amountMinor: 4_000, heldMinor: 4_000 }]);
    expect(await market.records.heldShares({ chargebackId })).toEqual([{ escrowId: hold.escrowId, done: false }]);
    await release(hold);
    // It had been released before it could be frozen: then it is the seller's to give back.
    expect(await market.records.heldShares({ chargebackId })).toEqual([{ escrowId: hold.escrowId, done: true }]);
    expect(await lose(chargebackId)).toEqual([expect.objectContaining({ reversedMinor: 0 })]);
  });

  it('take what is frozen out of the hold, and the rest back from what was released', async () => {
    const hold = await ContestedHold.open(market, {
      preset: 'fliiply',
      lines: [{ priceMinor: 10_000, quantity: 2 }],
    });
    const { escrowId, orderId, sellerId, grossMinor } = hold;
    const contested = await hold.opened([[0, 1]]);
    await hold.release();
    await market.atProvider.payOut({ escrowId });
    market.simulator.control.advanceClock(3 * DAY_MS);
    const [payment] = await market.orm.em.fork().find(Payment, { orderId });
    if (!payment) throw new Error('it was paid');
    const { chargebackId, stored } = await opened({ escrowId, orderId, sellerId, payment }, grossMinor);
    const heldMinor = contested.frozenMinor;
    expect(stored.shares).toEqual([{ escrowId, amountMinor: grossMinor, heldMinor }]);
    await hold.close(contested);
    await hold.chargeBack(contested, chargebackId, heldMinor);
    expect(await market.records.heldShares({ chargebackId })).toEqual([{ escrowId, done: true }]);
    const [taken] = await lose(chargebackId);
    expect(taken?.reversedMinor).toBe(9_500);
    const claimed = (taken?.reversedMinor ?? 0) + (taken?.walletMinor ?? 0) + (taken?.owedMinor ?? 0);
    expect(claimed).toBe(grossMinor - heldMinor);
  });

  it('of a part that a dispute froze wait until its escrow has settled it', async () => {
    const hold = await ContestedHold.open(market, { lines: [{ priceMinor: 5_000, quantity: 2 }] });
    const { escrowId, orderId, sellerId } = hold;
    const [payment] = await market.orm.em.fork().find(Payment, { orderId });
    if (!payment) throw new Error('it was paid');
    const { chargebackId, stored } = await opened({ escrowId, orderId, sellerId, payment }, 4_000);
    expect(stored.shares).toEqual([{ escrowId, amountMinor: 4_000, heldMinor: 4_000 }]);
    const frozen = await hold.bankDispute(chargebackId, 4_000);
    const waiting = () => market.records.heldShares({ chargebackId });
    expect(await waiting()).toEqual([{ escrowId, done: false }]);
    await hold.close(frozen);
    await hold.chargeBack(frozen, chargebackId, 4_000);
    expect(await waiting()).toEqual([{ escrowId, done: true }]);
    expect(await lose(chargebackId)).toEqual([]);
    expect(await hold.row()).toMatchObject({ chargedBackMinor: 4_000, status: 'delivered' });
    expect(await hold.journal(`dispute/${frozen.disputeId}:chargeback-lost:${chargebackId}`)).toMatchObject({
      'world:stripe': 4_000,
    });
  });

  it('that are won change nothing but what they cost', async () => {
    const hold = await held();
    const { chargebackId } = await opened(hold, 10_000);
    await market.records.noteChargebackFee({ chargebackId, feeMinor: 1_500 });
    await market.records.closeChargeback({ chargebackId, status: 'won', at: at() });
    await market.records.closeChargeback({ chargebackId, status: 'lost', at: at() });
    await market.records.settleChargeback({ chargebackId, at: at() });
    const em = market.orm.em.fork();
    expect(await em.findOneOrFail(Chargeback, { id: chargebackId })).toMatchObject({
      status: 'won',
      feeMinor: 1_500,
    });
    expect(await em.findOneOrFail(Escrow, { id: hold.escrowId })).toMatchObject({
      status: 'held',
      chargedBackMinor: 0,
    });
  });
});
