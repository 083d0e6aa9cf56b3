/** All activities of a worker, built once from what they need. */

import type { ChargebackActivities } from './chargebacks/chargeback-activities.ts';
import type { ChargebackRecords } from './chargebacks/chargeback-records.ts';
import { createChargebackActivities } from './chargebacks/create-chargeback-activities.ts';
import { createChargebackRecords } from './chargebacks/create-chargeback-records.ts';
import { createPaymentActivities } from './create-payment-activities.ts';
import type { ActivityDependencies } from './dependencies.ts';
import type { PaymentActivities } from './payments.ts';
import { createPayoutActivities, type PayoutActivities } from './payouts.ts';
import type { AuthenticityRecords } from './records/authenticity/authenticity-records.ts';
import { createAuthenticityRecords } from './records/authenticity/create-authenticity-records.ts';
import { createEscrowRecords } from './records/create-escrow-records.ts';
import { createOrderRecords } from './records/create-order-records.ts';
import { createDisputeRecords } from './records/disputes/create-dispute-records.ts';
import type { DisputeRecords } from './records/disputes/dispute-records.ts';
import type { EscrowRecords } from './records/escrow-records.ts';
import type { OrderRecords } from './records/order-records.ts';

export type { ActivityDependencies } from './dependencies.ts';

/** Records run as local activities beside the workflows. */
export type RecordActivities = OrderRecords & EscrowRecords & DisputeRecords & AuthenticityRecords & ChargebackRecords;

/** Provider calls run on the payments queue. */
export type ProviderActivities = PaymentActivities & PayoutActivities & ChargebackActivities;

/** The one provider call that a buyer waits for: it runs on the workflows' own queue. */
export type CheckoutActivities = Pick<PaymentActivities, 'createPayment'>;

export function createRecordActivities(deps: ActivityDependencies): RecordActivities {
  return {
    ...createOrderRecords(deps),
    ...createEscrowRecords(deps),
    ...createDisputeRecords(deps),
    ...createAuthenticityRecords(deps),
    ...createChargebackRecords(deps),
  };
}

export function createCheckoutActivities(deps: ActivityDependencies): CheckoutActivities {
  const { createPayment } = createPaymentActivities(deps);
  return { createPayment };
}

export function createProviderActivities(deps: ActivityDependencies): ProviderActivities {
  return { ...createPaymentActivities(deps), ...createPayoutActivities(deps), ...createChargebackActivities(deps) };
}
