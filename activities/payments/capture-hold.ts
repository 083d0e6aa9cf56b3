/** Charges the authorised card behind a hold. */

import { Escrow } from '../../db/entities/escrow.entity.ts';
import type { EscrowId } from '../../domain/ids.ts';
import type { ProviderPayment } from '../../providers/payments/port.ts';
import { ProviderError } from '../../providers/payments/provider-error.ts';
import type { ActivityDependencies } from '../dependencies.ts';
import type { CaptureHoldResult } from '../payments.ts';
import { throwProviderFailure } from '../provider-failures.ts';
import { paidPaymentOf } from '../records/paid-payment.ts';

export async function captureHold(
  { orm, providers }: ActivityDependencies,
  { escrowId }: { escrowId: EscrowId },
): Promise<CaptureHoldResult> {
  const em = orm.em.fork();
  const escrow = await em.findOneOrFail(Escrow, { id: escrowId });
  const payment = await paidPaymentOf(em, escrow.orderId);
  const provider = providers.get(payment.provider);
  const { providerObjectId, amountMinor, currency } = payment;
  if (!providerObjectId) throw new Error(`payment ${payment.id} has no object at its provider`);
  try {
    const idempotencyKey = `order/${escrow.orderId}:capture`;
    return outcomeOf(await provider.capturePayment({ providerObjectId, amountMinor, currency, idempotencyKey }));
  } catch (error) {
    if (!(error instanceof ProviderError) || error.retryable) return throwProviderFailure(error);
    // Refused for good: look whether the authorisation is gone, or whether somebody has captured it before us.
    return outcomeOf(await provider.retrievePayment(providerObjectId).catch(throwProviderFailure));
  }
}

function outcomeOf({ status, chargeId, providerObjectId }: ProviderPayment): CaptureHoldResult {
  if (status === 'succeeded') return { captured: true, chargeId: chargeId ?? providerObjectId };
  if (status === 'cancelled') return { captured: false };
  throw new Error(`the provider did not capture: ${status}`);
}
