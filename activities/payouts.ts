/** Sends a seller's share of a release on to the seller's own account, where the policy pays out with each release. */

import { Escrow } from '../db/entities/escrow.entity.ts';
import { SellerAccount } from '../db/entities/seller-account.entity.ts';
import { balanceOf } from '../db/ledger/balances.ts';
import { netOfJournals } from '../db/ledger/releases.ts';
import { derivedId } from '../db/new-id.ts';
import type { EntityManager } from '../db/orm.ts';
import type { PayoutStatus } from '../db/statuses.ts';
import { payoutAccount, walletAccount } from '../domain/accounts.ts';
import type { DisputeId } from '../domain/disputes/dispute.ts';
import type { EscrowId, PayoutId } from '../domain/ids.ts';
import { holdEndKey, receivableSettledKey } from '../domain/postings.ts';
import type { ActivityDependencies } from './dependencies.ts';
import { noteNothingToSend, noteWaiting, transferShare } from './payouts/transfer-share.ts';
import { paidPaymentOf } from './records/paid-payment.ts';

/**
 * Which release is paid out: that of the part a dispute had frozen, or the n-th of the hold itself (from 1; none given: the
 * first).
 */
export type PayOutInput = { escrowId: EscrowId; disputeId?: DisputeId; release?: number };

export type PayoutActivities = {
  /**
   * Pays out once what the release gave the seller, without what it paid of the seller's debt. A seller without an account
   * that can receive keeps the money in the wallet, shown as such; `in_wallet`: it was taken back from there meanwhile.
   */
  payOut(input: PayOutInput): Promise<{ status: Exclude<PayoutStatus, 'none'> }>;
};

export function createPayoutActivities({ orm, providers }: ActivityDependencies): PayoutActivities {
  return {
    async payOut(input) {
      const em = orm.em.fork();
      const escrow = await em.findOneOrFail(Escrow, { id: input.escrowId });
      const due = await shareOf(em, escrow, input);
      if (due.shareMinor === 0) return noteNothingToSend(em, escrow);
      if (due.amountMinor === 0) return { status: 'in_wallet' };
      const payment = await paidPaymentOf(em, escrow.orderId);
      const account = await em.findOne(SellerAccount, { userId: escrow.sellerId, provider: payment.provider });
      if (!account?.transfersEnabled) return noteWaiting(em, escrow);
      return transferShare(em, providers.get(payment.provider), { ...due, escrow, payment, account });
    },
  };
}

type Share = { payoutId: PayoutId; reference: string; shareMinor: number; amountMinor: number };

/** How much there is to send: never more than the wallet has, for a claw-back may have been there first. */
async function shareOf(em: EntityManager, escrow: Escrow, input: PayOutInput): Promise<Share> {
  const { escrowId, disputeId, release = 1 } = input;
  const { sellerId, currency } = escrow;
  const wallet = walletAccount(sellerId);
  const released = disputeId === undefined ? holdEndKey(escrowId, 'release', release) : `dispute/${disputeId}:resolve`;
  const shareMinor = await netOfJournals(em, [released, receivableSettledKey(input)], wallet);
  if (shareMinor === null) throw new Error(`${released} is not posted: there is nothing to pay out`);
  const payoutId = payoutIdOf(input);
  // What has begun goes on with the amount it began with.
  const begunMinor = await netOfJournals(em, [`payout/${payoutId}:started`], payoutAccount(payoutId));
  const amountMinor = begunMinor ?? Math.min(shareMinor, await balanceOf(em, wallet, currency));
  return { payoutId, reference: referenceOf(input), shareMinor, amountMinor };
}

function payoutIdOf({ escrowId, disputeId, release = 1 }: PayOutInput): PayoutId {
  if (disputeId !== undefined) return derivedId('payout', disputeId);
  return release === 1 ? derivedId('payout', escrowId) : derivedId('payout', escrowId, String(release));
}

function referenceOf({ escrowId, disputeId, release = 1 }: PayOutInput): string {
  if (disputeId !== undefined) return `dispute/${disputeId}:transfer`;
  return `escrow/${escrowId}:transfer${release === 1 ? '' : `:${release}`}`;
}
