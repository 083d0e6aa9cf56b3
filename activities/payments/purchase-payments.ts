/** What is asked of a payment provider on behalf of a purchase of chips: one payment, which is never refunded from here. */

import type { PaymentId, PurchaseId } from '../../domain/ids.ts';
import type { PurchasePaid } from '../../workflows/purchase/contract.ts';
import type { ActivityDependencies } from '../dependencies.ts';
import { cancelPurchasePayment } from './cancel-purchase-payment.ts';
import { createPurchasePayment } from './create-purchase-payment.ts';

/** Not cancelled: the provider had the money first. */
export type CancelPurchaseResult = { cancelled: true } | { cancelled: false; arrival: PurchasePaid };

export type PurchasePaymentActivities = {
  /** Makes the payment a buyer then confirms. Fails with payment_provider_unavailable, amount_out_of_range. */
  createPurchasePayment(input: { purchaseId: PurchaseId }): Promise<{ paymentId: PaymentId }>;
  /** Makes sure that it can take no more money, or tells that it already has. */
  cancelPurchasePayment(input: { purchaseId: PurchaseId }): Promise<CancelPurchaseResult>;
};

export function createPurchasePaymentActivities(deps: ActivityDependencies): PurchasePaymentActivities {
  return {
    createPurchasePayment: (input) => createPurchasePayment(deps, input),
    cancelPurchasePayment: (input) => cancelPurchasePayment(deps, input),
  };
}
