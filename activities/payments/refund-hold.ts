/** Pays what nobody contests of a hold back to the buyer at the provider; the journal follows in the workflow's next step. */

import { ApplicationFailure } from '@temporalio/activity';
import { Escrow } from '../../db/entities/escrow.entity.ts';
import { findProviderObject } from '../../db/repositories/provider-requests.ts';
import type { EscrowId } from '../../domain/ids.ts';
import { holdEndKey } from '../../domain/postings.ts';
import type { PaymentProvider } from '../../providers/payments/port.ts';
import type { ActivityDependencies } from '../dependencies.ts';
import { throwProviderFailure } from '../provider-failures.ts';
import type { RefundedHold } from '../records/escrow-records.ts';
import { restMinorOf } from '../records/escrow-row.ts';
import { paidPaymentOf } from '../records/paid-payment.ts';
import { refuse } from '../refuse.ts';
import { objectOf, refundOnce } from './refund-once.ts';

/**
 * Sends money only while the hold is being refunded: a try that comes too late finds what was sent, because what is in the
 * hold by then is another matter. Fails with illegal_transition for a hold that nobody refunds.
 */
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
  if (escrow.phase !== 'refunding') {
    const refundId = await findProviderObject(em, holdEndKey(escrowId, 'refund', escrow.refunds));
    if (refundId === null) throw refuse('illegal_transition', `${escrowId} is not being refunded: ${escrow.phase}`);
    return { refundId, authorisedOnly: false };
  }
  const businessKey = holdEndKey(escrowId, 'refund', escrow.refunds + 1);
  const asked = { providerObjectId, amountMinor: restMinorOf(escrow), currency: escrow.currency };
  const refundId = await refundOnce(em, provider, businessKey, asked);
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
