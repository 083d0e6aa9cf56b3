/** All activities of a worker, built once from what they need. */

import { reportBatch } from './bulk/report-batch.ts';
import { settleMarket } from './bulk/settle-market.ts';
import { createSweepActivities, type SweepActivities } from './bulk/sweeps.ts';
import type { ChargebackActivities } from './chargebacks/chargeback-activities.ts';
import type { ChargebackRecords } from './chargebacks/chargeback-records.ts';
import { createChargebackActivities } from './chargebacks/create-chargeback-activities.ts';
import { createChargebackRecords } from './chargebacks/create-chargeback-records.ts';
import { createPaymentActivities } from './create-payment-activities.ts';
import type { ActivityDependencies } from './dependencies.ts';
import { createPurchasePaymentActivities, type PurchasePaymentActivities } from './payments/purchase-payments.ts';
import type { PaymentActivities } from './payments.ts';
import { createPayoutActivities, type PayoutActivities } from './payouts.ts';
import type { AuthenticityRecords } from './records/authenticity/authenticity-records.ts';
import { createAuthenticityRecords } from './records/authenticity/create-authenticity-records.ts';
import { createEscrowRecords } from './records/create-escrow-records.ts';
import { createOrderRecords } from './records/create-order-records.ts';
import { createDisputeRecords } from './records/disputes/create-dispute-records.ts';
import type { DisputeRecords } from './records/disputes/dispute-records.ts';
import type { EscrowRecords } from './records/escrow-records.ts';
import type { MarketBulkActivities } from './records/markets/market-records.ts';
import type { OrderRecords } from './records/order-records.ts';
import { createPurchaseRecords } from './records/purchases/create-purchase-records.ts';
import type { PurchaseRecords } from './records/purchases/purchase-records.ts';

export type { ActivityDependencies } from './dependencies.ts';
export { createMarketRecords } from './records/markets/create-market-records.ts';

/** Records run as local activities beside the workflows. */
export type RecordActivities = OrderRecords &
  EscrowRecords &
  DisputeRecords &
  AuthenticityRecords &
  ChargebackRecords &
  PurchaseRecords;

/** Provider calls run on the payments queue. */
export type ProviderActivities = PaymentActivities &
  PayoutActivities &
  ChargebackActivities &
  PurchasePaymentActivities;

/** The provider calls that a buyer waits for: they run on the workflows' own queue. */
export type CheckoutActivities = Pick<PaymentActivities, 'createPayment'> &
  Pick<PurchasePaymentActivities, 'createPurchasePayment'>;

export function createRecordActivities(deps: ActivityDependencies): RecordActivities {
  return {
    ...createOrderRecords(deps),
    ...createEscrowRecords(deps),
    ...createDisputeRecords(deps),
    ...createAuthenticityRecords(deps),
    ...createChargebackRecords(deps),
    ...createPurchaseRecords(deps),
  };
}

export function createCheckoutActivities(deps: ActivityDependencies): CheckoutActivities {
  const { createPayment } = createPaymentActivities(deps);
  const { createPurchasePayment } = createPurchasePaymentActivities(deps);
  return { createPayment, createPurchasePayment };
}

export function createProviderActivities(deps: ActivityDependencies): ProviderActivities {
  return {
    ...createPaymentActivities(deps),
    ...createPayoutActivities(deps),
    ...createChargebackActivities(deps),
    ...createPurchasePaymentActivities(deps),
  };
}

/** Long work on many rows, on the bulk queue. */
export type BulkActivities = MarketBulkActivities & SweepActivities;

export function createBulkActivities(deps: ActivityDependencies): BulkActivities {
  return {
    settleMarket: (input) => settleMarket(deps, input, { afterBatch: reportBatch }),
    ...createSweepActivities(deps),
  };
}
