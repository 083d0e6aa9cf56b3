/** Journals of wallets, payouts and chargebacks. */

import { describe, expect, it } from '@jest/globals';
import {
  chargebackAbsorbed,
  chargebackFee,
  chargebackLost,
  clawedBack,
  payoutFailed,
  payoutPaid,
  payoutStarted,
  receivableSettled,
  receivableWrittenOff,
  transferReversed,
  walletDeposited,
} from '../../../domain/postings.ts';
import { amountsOf, balancesAfter, claim, escrowId, hold, paymentId, payout, payoutId, sellerId } from './support.ts';

describe('a wallet', () => {
  const deposit = walletDeposited({
    provider: 'stripe',
    paymentId,
    userId: sellerId,
    currency: 'EUR',
    amountMinor: 700,
    externalRef: 'ch_1',
  });

  it('takes a deposit from the world, and gives it back through a payout', () => {
    const paid = payoutPaid({ ...payout, provider: 'stripe', externalRef: 'tr_1' });
    expect(balancesAfter([deposit])).toEqual({ 'world:stripe': -700, [`wallet:${sellerId}`]: 700 });
    expect(balancesAfter([deposit, payoutStarted(payout)])).toEqual({
      'world:stripe': -700,
      [`payout:${payoutId}`]: 700,
    });
    expect(balancesAfter([deposit, payoutStarted(payout), paid])).toEqual({});
  });

  it('has its money back when the payout fails', () => {
    expect(balancesAfter([deposit, payoutStarted(payout), payoutFailed(payout)])).toEqual(balancesAfter([deposit]));
  });
});

describe('a chargeback', () => {
  it('lost while held leaves the hold, and its fee is the platform’s', () => {
    expect(amountsOf(chargebackLost(claim))).toEqual({ [`hold:${escrowId}`]: -900, 'world:stripe': 900 });
    expect(amountsOf(chargebackFee(claim))).toEqual({ 'expense:psp_fees': -900, 'world:stripe': 900 });
  });

  it('of money that had gone back to the buyer already is the platform’s loss', () => {
    expect(amountsOf(chargebackAbsorbed(claim))).toEqual({ 'loss:chargebacks': -900, 'world:stripe': 900 });
  });

  it.each([
    [2_000, { [`wallet:${sellerId}`]: -900, 'world:stripe': 900 }],
    [400, { [`wallet:${sellerId}`]: -400, [`receivable:${sellerId}`]: -500, 'world:stripe': 900 }],
    [0, { [`receivable:${sellerId}`]: -900, 'world:stripe': 900 }],
  ])('after the release, with %d in the seller’s wallet, claws back what is there', (walletBalanceMinor, expected) => {
    expect(amountsOf(clawedBack({ ...claim, sellerId, walletBalanceMinor }))).toEqual(expected);
  });

  it('is covered by reversing the transfer', () => {
    const reversed = transferReversed({ ...claim, sellerId });
    const clawed = clawedBack({ ...claim, sellerId, walletBalanceMinor: 900 });
    expect(balancesAfter([reversed, clawed])).toEqual({});
  });

  it('leaves a debt that a later release settles or an admin writes off', () => {
    const clawed = clawedBack({ ...claim, sellerId, walletBalanceMinor: 0 });
    const settled = receivableSettled({ ...hold, sellerId, amountMinor: 600 });
    const writtenOff = receivableWrittenOff({ ...claim, sellerId, amountMinor: 300 });
    expect(balancesAfter([clawed, settled, writtenOff])).toEqual({
      'world:stripe': 900,
      [`wallet:${sellerId}`]: -600,
      'loss:chargebacks': -300,
    });
  });
});
