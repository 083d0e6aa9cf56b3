/** Everything that is asked of a payment provider, made from what it needs. */

import type { ActivityDependencies } from './dependencies.ts';
import { cancelPayment } from './payments/cancel-payment.ts';
import { captureHold } from './payments/capture-hold.ts';
import { createPayment } from './payments/create-payment.ts';
import { refundHold } from './payments/refund-hold.ts';
import { refundLatePayment } from './payments/refund-late-payment.ts';
import { refundLowerPrice } from './payments/refund-lower-price.ts';
import { refundPart } from './payments/refund-part.ts';
import type { PaymentActivities } from './payments.ts';

export function createPaymentActivities(deps: ActivityDependencies): PaymentActivities {
  return {
    createPayment: (input) => createPayment(deps, input),
    cancelPayment: (input) => cancelPayment(deps, input),
    captureHold: (input) => captureHold(deps, input),
    refundHold: (input) => refundHold(deps, input),
    refundPart: (input) => refundPart(deps, input),
    refundLowerPrice: (input) => refundLowerPrice(deps, input),
    refundLatePayment: (input) => refundLatePayment(deps, input),
  };
}
