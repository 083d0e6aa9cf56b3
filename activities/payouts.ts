/** Sends a released hold's net on to the seller's own account, where the policy pays out with each release. */

import { Escrow } from '../db/entities/escrow.entity.ts';
import type { Payment } from '../db/entities/payment.entity.ts';
import { SellerAccount } from '../db/entities/seller-account.entity.ts';
import { VendorOrder } from '../db/entities/vendor-order.entity.ts';
import { postJournals } from '../db/ledger/post.ts';
import { derivedId } from '../db/new-id.ts';
import type { EntityManager } from '../db/orm.ts';
import type { PayoutStatus } from '../db/statuses.ts';
import type { EscrowId } from '../domain/ids.ts';
import { payoutFailed, payoutPaid, payoutStarted } from '../domain/postings.ts';
import type { PaymentProvider } from '../providers/payments/port.ts';
import { ProviderError } from '../providers/payments/provider-error.ts';
import type { ActivityDependencies } from './dependencies.ts';
import { throwProviderFailure } from './provider-failures.ts';
import { sendOnce } from './provider-requests.ts';
import { paidPaymentOf } from './records/paid-payment.ts';
import { tell } from './records/tell.ts';

type Ended = Exclude<PayoutStatus, 'none' | 'in_wallet'>;

export type PayoutActivities = {
  /** Pays out once; a seller without an account that can receive keeps the money in the wallet, shown as such. */
  payOut(input: { escrowId: EscrowId }): Promise<{ status: Ended }>;
};

export function createPayoutActivities({ orm, providers }: ActivityDependencies): PayoutActivities {
  return {
    async payOut({ escrowId }) {
      const em = orm.em.fork();
      const escrow = await em.findOneOrFail(Escrow, { id: escrowId });
      if (escrow.payoutStatus === 'paid') return { status: 'paid' };
      const { netMinor } = await em.findOneOrFail(VendorOrder, { escrowId });
      if (netMinor === 0) return settle(em, escrow, 'paid');
      const payment = await paidPaymentOf(em, escrow.orderId);
      const account = await em.findOne(SellerAccount, { userId: escrow.sellerId, provider: payment.provider });
      if (!account?.transfersEnabled) return settle(em, escrow, 'waiting_for_account');
      const arrived = await transferNet(em, providers.get(payment.provider), { escrow, netMinor, payment, account });
      return settle(em, escrow, arrived ? 'paid' : 'waiting_for_account');
    },
  };
}

type Due = { escrow: Escrow; netMinor: number; payment: Payment; account: SellerAccount };

/** Wallet → in transit → outside. False when the account cannot receive: the money is back in the wallet then. */
async function transferNet(em: EntityManager, provider: PaymentProvider, due: Due): Promise<boolean> {
  const { id: escrowId, sellerId: userId, currency } = due.escrow;
  const payout = { payoutId: derivedId('payout', escrowId), userId, currency, amountMinor: due.netMinor };
  await postJournals(em, [payoutStarted(payout)]);
  const transferId = await transferOnce(em, provider, due).catch(throwProviderFailure);
  const ended =
    transferId === null
      ? payoutFailed(payout)
      : payoutPaid({ ...payout, provider: provider.name, externalRef: transferId });
  await postJournals(em, [ended]);
  return transferId !== null;
}

/** The transfer's id, or null where the provider refuses for good; a refusal is remembered, never tried again. */
async function transferOnce(em: EntityManager, provider: PaymentProvider, due: Due): Promise<string | null> {
  const { escrow, netMinor, payment, account } = due;
  const { orderId, currency } = escrow;
  const reference = `escrow/${escrow.id}:transfer`;
  const { accountId: destinationAccount } = account;
  const sourceCharge = payment.chargeId ?? null;
  const transfer = { amountMinor: netMinor, currency, destinationAccount, sourceCharge, orderId, reference };
  const sent = await sendOnce(em, {
    businessKey: reference,
    provider: provider.name,
    operation: 'transfer',
    input: transfer,
    send: () =>
      provider.transfer({ ...transfer, idempotencyKey: reference }).catch((error: unknown) => {
        if (isRefusal(error)) return { id: null };
        throw error;
      }),
    find: () => provider.findTransfer({ orderId, reference }),
    keep: ({ id }) => ({ id }),
  });
  const id = 'result' in sent ? sent.result.id : sent.repeated.id;
  return typeof id === 'string' ? id : null;
}

function isRefusal(error: unknown): boolean {
  return error instanceof ProviderError && (error.kind === 'conflict' || error.kind === 'invalid');
}

async function settle(em: EntityManager, escrow: Escrow, status: Ended): Promise<{ status: Ended }> {
  if (escrow.payoutStatus === status) return { status };
  const { id: escrowId, orderId } = escrow;
  const actor = { role: 'system', id: 'payout' } as const;
  await em.transactional(async (tx) => {
    await tx.nativeUpdate(Escrow, { id: escrowId }, { payoutStatus: status, updatedAt: new Date() });
    await tell(tx, [{ type: `payout.${status}`, orderId, escrowId, actor, at: new Date() }]);
  });
  return { status };
}
