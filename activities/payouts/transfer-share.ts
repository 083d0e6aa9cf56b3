/** One transfer to a seller's account: wallet → in transit → outside, or back into the wallet. */

import { Dispute } from '../../db/entities/dispute.entity.ts';
import { Escrow } from '../../db/entities/escrow.entity.ts';
import type { Payment } from '../../db/entities/payment.entity.ts';
import type { SellerAccount } from '../../db/entities/seller-account.entity.ts';
import { postJournals } from '../../db/ledger/post.ts';
import type { EntityManager } from '../../db/orm.ts';
import type { PayoutId } from '../../domain/ids.ts';
import { payoutFailed, payoutPaid, payoutStarted } from '../../domain/postings.ts';
import type { PaymentProvider } from '../../providers/payments/port.ts';
import { ProviderError } from '../../providers/payments/provider-error.ts';
import { throwProviderFailure } from '../provider-failures.ts';
import { sendOnce } from '../provider-requests.ts';
import { tell } from '../records/tell.ts';

export type Due = {
  escrow: Escrow;
  payment: Payment;
  account: SellerAccount;
  payoutId: PayoutId;
  /** The business key of the transfer. */
  reference: string;
  amountMinor: number;
};

type Ended = { status: 'paid' | 'waiting_for_account' };

/** `waiting_for_account` when the account cannot receive: the money is back in the wallet then. */
export async function transferShare(em: EntityManager, provider: PaymentProvider, due: Due): Promise<Ended> {
  const { escrow, payoutId, amountMinor } = due;
  const payout = { payoutId, userId: escrow.sellerId, currency: escrow.currency, amountMinor };
  await postJournals(em, [payoutStarted(payout)]);
  const externalRef = await transferOnce(em, provider, due).catch(throwProviderFailure);
  const status = externalRef === null ? 'waiting_for_account' : 'paid';
  const ended =
    externalRef === null ? payoutFailed(payout) : payoutPaid({ ...payout, provider: provider.name, externalRef });
  await em.transactional(async (tx) => {
    const [journal] = await postJournals(tx, [ended]);
    if (journal?.replayed !== true) await note(tx, escrow, status);
  });
  return { status };
}

/** There is no account that could receive: shown as such, told once. */
export async function noteWaiting(em: EntityManager, escrow: Escrow): Promise<Ended> {
  const status = 'waiting_for_account';
  if (escrow.payoutStatus !== status) await em.transactional((tx) => note(tx, escrow, status));
  return { status };
}

/** There was nothing to send: the release has paid what the seller owed. */
export async function noteNothingToSend(em: EntityManager, { id, payoutStatus }: Escrow): Promise<Ended> {
  if (payoutStatus === 'in_wallet')
    await em.nativeUpdate(Escrow, { id }, { payoutStatus: 'paid', updatedAt: new Date() });
  return { status: 'paid' };
}

/** The transfer's id, or null where the provider refuses for good; a refusal is remembered, never tried again. */
async function transferOnce(em: EntityManager, provider: PaymentProvider, due: Due): Promise<string | null> {
  const { escrow, amountMinor, payment, account, reference } = due;
  const { orderId, currency } = escrow;
  const { accountId: destinationAccount } = account;
  const sourceCharge = payment.chargeId ?? null;
  const transfer = { amountMinor, currency, destinationAccount, sourceCharge, orderId, reference };
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

async function note(em: EntityManager, escrow: Escrow, status: Ended['status']): Promise<void> {
  const { id: escrowId, orderId } = escrow;
  const actor = { role: 'system', id: 'payout' } as const;
  const shown = status === 'paid' && (await isOneOfSeveralThatWait(em, escrow)) ? escrow.payoutStatus : status;
  await em.nativeUpdate(Escrow, { id: escrowId }, { payoutStatus: shown, updatedAt: new Date() });
  await tell(em, [{ type: `payout.${status}`, orderId, escrowId, actor, at: new Date() }]);
}

/** Where one of several shares waits for the account, the hold shows that, whatever became of the others. */
async function isOneOfSeveralThatWait(em: EntityManager, { id, payoutStatus, releases }: Escrow): Promise<boolean> {
  if (payoutStatus !== 'waiting_for_account') return false;
  return releases + (await em.count(Dispute, { escrowId: id, settlement: 'split' })) > 1;
}
