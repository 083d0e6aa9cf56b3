/** Sends a released hold's net on to the seller's own account, where the policy pays out with each release. */

import { Escrow } from '../db/entities/escrow.entity.ts';
import { SellerAccount } from '../db/entities/seller-account.entity.ts';
import { VendorOrder } from '../db/entities/vendor-order.entity.ts';
import { postJournals } from '../db/ledger/post.ts';
import { derivedId } from '../db/new-id.ts';
import type { EntityManager } from '../db/orm.ts';
import type { PayoutStatus } from '../db/statuses.ts';
import type { EscrowId } from '../domain/ids.ts';
import { payoutFailed, payoutPaid, payoutStarted } from '../domain/postings.ts';
import { ProviderError } from '../providers/payments/provider-error.ts';
import type { ActivityDependencies } from './dependencies.ts';
import { throwProviderFailure } from './provider-failures.ts';
import { sendOnce } from './provider-requests.ts';
import { paidPaymentOf } from './records/paid-payment.ts';
import { tell } from './records/tell.ts';

export type PayoutActivities = {
  /** Pays out once; a seller without an account that can receive keeps the money in the wallet, shown as such. */
  payOut(input: { escrowId: EscrowId }): Promise<{ status: PayoutStatus }>;
};

export function createPayoutActivities({ orm, providers }: ActivityDependencies): PayoutActivities {
  return {
    async payOut({ escrowId }) {
      const em = orm.em.fork();
      const escrow = await em.findOneOrFail(Escrow, { id: escrowId });
      if (escrow.payoutStatus === 'paid') return { status: 'paid' };
      const { netMinor } = await em.findOneOrFail(VendorOrder, { escrowId });
      const payment = await paidPaymentOf(em, escrow.orderId);
      const account = await em.findOne(SellerAccount, { userId: escrow.sellerId, provider: payment.provider });
      if (netMinor === 0) return settle(em, escrow, 'paid');
      if (!account?.transfersEnabled) return settle(em, escrow, 'waiting_for_account');

      const provider = providers.get(payment.provider);
      const { orderId, sellerId: userId, currency } = escrow;
      const payout = { payoutId: derivedId('payout', escrowId), userId, currency, amountMinor: netMinor };
      await postJournals(em, [payoutStarted(payout)]);
      const businessKey = `escrow/${escrowId}:transfer`;
      const transfer = {
        amountMinor: netMinor,
        currency,
        destinationAccount: account.accountId,
        sourceCharge: payment.chargeId ?? null,
        orderId,
        reference: businessKey,
      };
      try {
        const sent = await sendOnce(em, {
          businessKey,
          provider: provider.name,
          operation: 'transfer',
          input: transfer,
          send: () => provider.transfer({ ...transfer, idempotencyKey: businessKey }),
          find: () => provider.findTransfer({ orderId, reference: businessKey }),
          keep: ({ id }) => ({ id }),
        });
        const externalRef = 'result' in sent ? sent.result.id : String(sent.repeated.id);
        await postJournals(em, [payoutPaid({ ...payout, provider: provider.name, externalRef })]);
        return settle(em, escrow, 'paid');
      } catch (error) {
        const refused = error instanceof ProviderError && (error.kind === 'conflict' || error.kind === 'invalid');
        if (!refused) return throwProviderFailure(error);
        // The account cannot receive now: the money goes back into the wallet instead of hanging in transit.
        await postJournals(em, [payoutFailed(payout)]);
        return settle(em, escrow, 'waiting_for_account');
      }
    },
  };
}

async function settle(em: EntityManager, escrow: Escrow, status: PayoutStatus): Promise<{ status: PayoutStatus }> {
  if (escrow.payoutStatus === status) return { status };
  const { id: escrowId, orderId } = escrow;
  const actor = { role: 'system', id: 'payout' } as const;
  await em.transactional(async (tx) => {
    await tx.nativeUpdate(Escrow, { id: escrowId }, { payoutStatus: status, updatedAt: new Date() });
    await tell(tx, [{ type: `payout.${status}`, orderId, escrowId, actor, at: new Date() }]);
  });
  return { status };
}
