/** Closes the payment of a purchase at its provider first: whoever has the money decides what the purchase is. */

import { Purchase } from '../../db/entities/purchase.entity.ts';
import type { PurchaseId } from '../../domain/ids.ts';
import type { ActivityDependencies } from '../dependencies.ts';
import { throwProviderFailure } from '../provider-failures.ts';
import { closeAtProvider } from './cancel-payment.ts';
import type { CancelPurchaseResult } from './purchase-payments.ts';

export async function cancelPurchasePayment(
  { orm, providers }: ActivityDependencies,
  { purchaseId }: { purchaseId: PurchaseId },
): Promise<CancelPurchaseResult> {
  const purchase = await orm.em.fork().findOne(Purchase, { id: purchaseId });
  if (!purchase) return { cancelled: true };
  const { paymentId, provider, providerObjectId } = purchase;
  const idempotencyKey = `purchase/${purchaseId}:cancel-payment`;
  const attempted = { paymentId, subjectId: purchaseId, providerObjectId: providerObjectId ?? null, idempotencyKey };
  try {
    const arrival = await closeAtProvider(providers.get(provider), attempted);
    if (!arrival) return { cancelled: true };
    const { eventId, amountMinor, chargeId } = arrival;
    return { cancelled: false, arrival: { eventId, paymentId, amountMinor, chargeId } };
  } catch (error) {
    return throwProviderFailure(error);
  }
}
