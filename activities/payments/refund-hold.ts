/** Pays a hold back to the buyer at the provider; the journal follows in the workflow's next step. */

import { ApplicationFailure } from '@temporalio/activity';
import { Escrow } from '../../db/entities/escrow.entity.ts';
import type { Payment } from '../../db/entities/payment.entity.ts';
import type { EscrowId } from '../../domain/ids.ts';
import type { PaymentProvider } from '../../providers/payments/port.ts';
import type { ActivityDependencies } from '../dependencies.ts';
import { throwProviderFailure } from '../provider-failures.ts';
import type { RefundedHold } from '../records/escrow-records.ts';
import { paidPaymentOf } from '../records/paid-payment.ts';
import { refundOnce } from './refund-once.ts';

export async function refundHold(
  { orm, providers }: ActivityDependencies,
  { escrowId }: { escrowId: EscrowId },
): Promise<RefundedHold> {
  const em = orm.em.fork();
  const escrow = await em.findOneOrFail(Escrow, { id: escrowId });
  const payment = await paidPaymentOf(em, escrow.orderId);
  const provider = providers.get(payment.provider);
  const providerObjectId = objectOf(payment);
  if (!escrow.captured) {
    await giveUpAuthorisation(provider, providerObjectId, escrow.orderId);
    return { refundId: null, authorisedOnly: true };
  }
  const { heldMinor: amountMinor, currency } = escrow;
  const refundId = await refundOnce(em, provider, `escrow/${escrowId}:refund`, {
    providerObjectId,
    amountMinor,
    currency,
  });
  return { refundId, authorisedOnly: false };
}

async function giveUpAuthorisation(
  provider: PaymentProvider,
  providerObjectId: string,
  orderId: string,
): Promise<void> {
  const idempotencyKey = `order/${orderId}:cancel-authorisation`;
  const closed = await provider.cancelPayment({ providerObjectId, idempotencyKey }).catch(throwProviderFailure);
  if (closed.status === 'cancelled') return;
  throw ApplicationFailure.retryable(`the authorisation is ${closed.status}`, 'payment_provider_unavailable');
}

function objectOf({ id, providerObjectId }: Payment): string {
  if (!providerObjectId) throw new Error(`payment ${id} has no object at its provider`);
  return providerObjectId;
}
