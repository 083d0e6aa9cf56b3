/** What the order workflow is told when a provider has the money, whether by webhook or because we asked. */

import type { PaymentId } from '../../domain/ids.ts';
import type { ProviderPayment } from '../../providers/payments/port.ts';
import type { PaymentSucceeded } from '../../workflows/order/contract.ts';

/** `eventId` names the state rather than the message where no webhook brought the news. */
export function arrivalOf(paymentId: PaymentId, payment: ProviderPayment, eventId?: string): PaymentSucceeded {
  const captured = payment.status === 'succeeded';
  return {
    eventId: eventId ?? `${payment.providerObjectId}:${payment.status}`,
    paymentId,
    amountMinor: captured ? payment.amountReceivedMinor : payment.amountMinor,
    chargeId: payment.chargeId,
    captured,
    captureBefore: captured ? null : payment.captureBefore,
  };
}
