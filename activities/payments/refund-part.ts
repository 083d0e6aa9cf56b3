/** Pays what a dispute decided of its part back to the buyer at the provider; the journal follows in the next step. */

import { Dispute } from '../../db/entities/dispute.entity.ts';
import { findProviderObject } from '../../db/repositories/provider-requests.ts';
import type { DisputeId } from '../../domain/disputes/dispute.ts';
import type { ActivityDependencies } from '../dependencies.ts';
import { paidPaymentOf } from '../records/paid-payment.ts';
import { refuse } from '../refuse.ts';
import { objectOf, refundOnce } from './refund-once.ts';

/**
 * `refundId` is null where nothing is to be paid. A part that is settled is not paid again: the answer is what was done.
 * Fails with amount_out_of_range.
 */
export async function refundPart(
  { orm, providers }: ActivityDependencies,
  { disputeId, amountMinor }: { disputeId: DisputeId; amountMinor: number },
): Promise<{ refundId: string | null }> {
  const em = orm.em.fork();
  const dispute = await em.findOneOrFail(Dispute, { id: disputeId });
  const businessKey = `dispute/${disputeId}:refund`;
  if (dispute.settledAt) return { refundId: await findProviderObject(em, businessKey) };
  if (amountMinor === 0) return { refundId: null };
  if (amountMinor < 0 || amountMinor > dispute.frozenMinor) {
    throw refuse('amount_out_of_range', `${disputeId} has frozen ${dispute.frozenMinor}, not ${amountMinor}`);
  }
  const payment = await paidPaymentOf(em, dispute.orderId);
  const { currency } = dispute;
  const asked = { providerObjectId: objectOf(payment), amountMinor, currency };
  return { refundId: await refundOnce(em, providers.get(payment.provider), businessKey, asked) };
}
