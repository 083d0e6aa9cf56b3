/** What every payment provider does for us: the port that activities and webhook routes speak to. */

import type { Currency } from '../../domain/currencies.ts';
import type { OrderId, PaymentId, PurchaseId } from '../../domain/ids.ts';
import type { CaptureMode, PaymentProviderName } from '../../domain/policy/policy.ts';

/** What a payment is for: an order, or chips. */
export type PaymentSubject = OrderId | PurchaseId;

/** Where a payment stands at the provider. `authorized`: the money is reserved, not taken yet. */
export const PROVIDER_PAYMENT_STATUSES = [
  'requires_payment_method',
  'requires_action',
  'processing',
  'authorized',
  'succeeded',
  'cancelled',
] as const;
export type ProviderPaymentStatus = (typeof PROVIDER_PAYMENT_STATUSES)[number];

/** A payment as the provider has it now. Amounts in our minor units. */
export type ProviderPayment = {
  providerObjectId: string;
  /** From the metadata we sent; null for an object that is not ours. */
  paymentId: PaymentId | null;
  subjectId: PaymentSubject | null;
  status: ProviderPaymentStatus;
  amountMinor: number;
  /** What the provider has taken from the buyer, before refunds. */
  amountReceivedMinor: number;
  /** What has gone back to the buyer by refunds so far, whoever made them; not what a bank took back. */
  amountRefundedMinor: number;
  currency: Currency;
  /** The charge that holds (or reserves) the money: the source of transfers. Null until one has gone through. */
  chargeId: string | null;
  /** When an authorisation lapses, RFC 3339; null unless `authorized`. */
  captureBefore: string | null;
  /** What the buyer's page pays with. */
  clientSecret: string | null;
  /** Where the buyer approves the payment, if the provider sends them somewhere. */
  approvalUrl: string | null;
  /** Why the last attempt failed, the provider's own code. */
  failureCode: string | null;
};

export type ProviderRefundStatus = 'pending' | 'requires_action' | 'succeeded' | 'failed' | 'cancelled';
export type ProviderRefund = { id: string; status: ProviderRefundStatus; amountMinor: number };

export type ProviderTransfer = { id: string; amountMinor: number };

export type ProviderReversal = { id: string; amountMinor: number };

/** Undecided, decided for us, or the money is gone. */
export type ProviderChargebackStatus = 'open' | 'won' | 'lost';

/** A chargeback as the provider has it now. Amounts in our minor units. */
export type ProviderChargeback = {
  id: string;
  /** The provider's payment that it contests; null for a charge that no payment of ours made. */
  providerPaymentId: string | null;
  chargeId: string;
  amountMinor: number;
  currency: Currency;
  status: ProviderChargebackStatus;
  /** Whether the bank has the money now: not during an inquiry, and not any more once it is won. */
  withdrawn: boolean;
  /** The bank's word for it. */
  reason: string;
  /** Evidence counts until then, RFC 3339; null where the bank hears nobody (any more). */
  evidenceDueBy: string | null;
  evidenceSent: boolean;
  /** What the provider has charged us for it so far, less what it gave back. */
  feeMinor: number;
};

/** What the bank is told, in the provider's fields of plain text; all of them together at most 150,000 characters. */
export const EVIDENCE_TEXTS = [
  'access_activity_log',
  'customer_email_address',
  'customer_name',
  'product_description',
  'refund_refusal_explanation',
  'service_date',
  'shipping_address',
  'shipping_carrier',
  'shipping_date',
  'shipping_tracking_number',
  'uncategorized_text',
] as const;
export type EvidenceTexts = Partial<Record<(typeof EVIDENCE_TEXTS)[number], string>>;

/** The provider's ids of files that were uploaded to it before. */
export type EvidenceFiles = Partial<
  Record<'customer_communication' | 'receipt' | 'shipping_documentation' | 'uncategorized_file', string>
>;

/** A verified webhook. Only a hint that something changed: read the object itself before acting. */
export type ProviderEvent = {
  id: string;
  type: string;
  objectId: string | null;
  /** The connected account it is about; null for our own. */
  account: string | null;
  livemode: boolean;
  payload: unknown;
};

export type CreatePaymentInput = {
  idempotencyKey: string;
  paymentId: PaymentId;
  subjectId: PaymentSubject;
  amountMinor: number;
  currency: Currency;
  capture: CaptureMode;
  /** The provider's method (`card`, `upi`); null lets the adapter choose its default. */
  method: string | null;
  description: string;
};

export type FindPaymentInput = { paymentId: PaymentId; subjectId: PaymentSubject };

export type CancelPaymentInput = { providerObjectId: string; idempotencyKey: string };

export type CapturePaymentInput = {
  providerObjectId: string;
  amountMinor: number;
  currency: Currency;
  idempotencyKey: string;
};

export type RefundInput = {
  providerObjectId: string;
  amountMinor: number;
  currency: Currency;
  idempotencyKey: string;
  /** Our name for this refund, unique within the payment: `findRefund` looks for it. */
  reference: string;
};

export type FindRefundInput = { providerObjectId: string; reference: string };

export type TransferInput = {
  idempotencyKey: string;
  amountMinor: number;
  currency: Currency;
  destinationAccount: string;
  /** The charge the money comes from: then the transfer does not wait for an available balance. */
  sourceCharge: string | null;
  orderId: OrderId;
  /** Our name for this transfer, unique within the order: `findTransfer` looks for it. */
  reference: string;
};

export type FindTransferInput = { orderId: OrderId; reference: string };

export type SubmitEvidenceInput = {
  chargebackId: string;
  idempotencyKey: string;
  texts: EvidenceTexts;
  files: EvidenceFiles;
};

export type ReverseTransferInput = {
  idempotencyKey: string;
  transferId: string;
  amountMinor: number;
  currency: Currency;
  /** Our name for this reversal, unique within the transfer: `findReversal` looks for it. */
  reference: string;
};

export type FindReversalInput = { transferId: string; reference: string };

/**
 * Every method fails with `ProviderError` only, apart from `DomainError` (amount_out_of_range, currency_not_supported)
 * for an amount the provider cannot express. Repeating a call with the same key and input is safe for 24 hours; after
 * that, or when the outcome is unknown, use the matching `find…` or `retrieve…` first.
 */
export interface PaymentProvider {
  readonly name: PaymentProviderName;

  /** Makes the payment the buyer then confirms. */
  createPayment(input: CreatePaymentInput): Promise<ProviderPayment>;

  /** The payment as it is now. */
  retrievePayment(providerObjectId: string): Promise<ProviderPayment>;

  /** The payment made for this attempt, if any: the look-up before creating again once a key may be pruned. */
  findPayment(input: FindPaymentInput): Promise<ProviderPayment | null>;

  /**
   * Makes sure the payment can take no more money, and answers with it as it then stands. Where the money was there
   * first, that is `succeeded`; where the bank still decides, `processing`. Neither throws.
   */
  cancelPayment(input: CancelPaymentInput): Promise<ProviderPayment>;

  /** Takes an authorised amount, or less of it; the rest is set free. Already captured: the payment as it stands. */
  capturePayment(input: CapturePaymentInput): Promise<ProviderPayment>;

  /** Returns money to the buyer. More than is left fails with `invalid`; nothing left, with `conflict`. */
  refund(input: RefundInput): Promise<ProviderRefund>;

  findRefund(input: FindRefundInput): Promise<ProviderRefund | null>;

  /**
   * Moves money to a seller's account. A short balance or an account that may not receive fails with `conflict`; more
   * than the source charge holds, with `invalid`.
   */
  transfer(input: TransferInput): Promise<ProviderTransfer>;

  findTransfer(input: FindTransferInput): Promise<ProviderTransfer | null>;

  /**
   * Takes a transfer, or a part of it, back from the seller's account. Fails with `conflict` where the account has less
   * available, with `invalid` for more than is left of the transfer.
   */
  reverseTransfer(input: ReverseTransferInput): Promise<ProviderReversal>;

  findReversal(input: FindReversalInput): Promise<ProviderReversal | null>;

  /** What a seller's account could give back now, in minor units; 0 where it is overdrawn. */
  availableBalance(input: { account: string; currency: Currency }): Promise<number>;

  /** The chargeback as it is now. */
  retrieveChargeback(chargebackId: string): Promise<ProviderChargeback>;

  /**
   * Sends evidence to the bank. Banks read once, so this is final: sending again, or after the decision or the due date,
   * fails with `invalid` or `conflict`.
   */
  submitEvidence(input: SubmitEvidenceInput): Promise<ProviderChargeback>;

  /** Checks the signature on the raw body. Throws ProviderError of kind `signature`. */
  verifyWebhook(rawBody: string, signatureHeader: string): Promise<ProviderEvent>;
}
