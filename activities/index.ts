/** All activities of a worker, built once from what they need. */

import type { ActivityDependencies } from './dependencies.ts';
import { createPaymentActivities, type PaymentActivities } from './payments.ts';
import { createPayoutActivities, type PayoutActivities } from './payouts.ts';
import { createEscrowRecords, type EscrowRecords } from './records/escrow-records.ts';
import { createOrderRecords, type OrderRecords } from './records/order-records.ts';

export type { ActivityDependencies } from './dependencies.ts';

/** Records run as local activities beside the workflows. */
export type RecordActivities = OrderRecords & EscrowRecords;

/** Provider calls run on the payments queue. */
export type ProviderActivities = PaymentActivities & PayoutActivities;

/** The one provider call that a buyer waits for: it runs on the workflows' own queue. */
export type CheckoutActivities = Pick<PaymentActivities, 'createPayment'>;

export function createRecordActivities(deps: ActivityDependencies): RecordActivities {
  return { ...createOrderRecords(deps), ...createEscrowRecords(deps) };
}

export function createCheckoutActivities(deps: ActivityDependencies): CheckoutActivities {
  const { createPayment } = createPaymentActivities(deps);
  return { createPayment };
}

export function createProviderActivities(deps: ActivityDependencies): ProviderActivities {
  return { ...createPaymentActivities(deps), ...createPayoutActivities(deps) };
}
