/** What the purchase workflow writes: one idempotent transaction per step. */

import type { PaymentId, PurchaseId } from '../../../domain/ids.ts';
import type { PurchaseStatus } from '../../../domain/purchase.ts';
import type { PurchaseInput, PurchasePaid } from '../../../workflows/purchase/contract.ts';

/** What the workflow needs to know of a purchase. Instants are RFC 3339. */
export type StoredPurchase = { status: PurchaseStatus; paymentId: PaymentId; expiresAt: string };

export type CompletePurchaseInput = { purchaseId: PurchaseId; arrival: Omit<PurchasePaid, 'eventId'> };

export type DeclinePurchaseInput = { purchaseId: PurchaseId; eventId: string; failureCode: string };

export type FailPurchaseInput = { purchaseId: PurchaseId; reason: string };

export type PurchaseRecords = {
  /**
   * Stores the purchase unless a limit stands against it; storing it again answers with what is stored. Fails with
   * channel_not_found, markets_not_offered, payment_provider_not_offered, chips_out_of_range, purchase_limit_reached,
   * idempotency_key_reused (the id is another purchase's).
   */
  beginPurchase(input: PurchaseInput): Promise<StoredPurchase>;
  /** The money is there: chips into the wallet and a receipt, once; also after the purchase had failed. Fails with payment_amount_mismatch. */
  completePurchase(input: CompletePurchaseInput): Promise<{ status: PurchaseStatus }>;
  /** Notes that an attempt to pay was declined; the purchase stays open. */
  declinePurchase(input: DeclinePurchaseInput): Promise<void>;
  /** Ends a purchase that was not paid; does nothing to one that is not open any more, and answers with what it is. */
  failPurchase(input: FailPurchaseInput): Promise<{ status: PurchaseStatus }>;
};
