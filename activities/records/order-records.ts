/** What the order workflow writes: one idempotent transaction per step, rows and journal together. */

import type { Currency } from '../../domain/currencies.ts';
import type { Actor } from '../../domain/escrow.ts';
import type { EscrowId, OrderId, UserId, VendorOrderId } from '../../domain/ids.ts';
import type { OrderStatus } from '../../domain/order.ts';
import type { PaymentProviderName, PresetName } from '../../domain/policy/policy.ts';
import type { EscrowInput } from '../../workflows/escrow/contract.ts';
import type { OrderInput, PaymentFailed, PaymentSucceeded } from '../../workflows/order/contract.ts';

/** What the workflow needs to know of a placed order; everything else stays in Postgres. */
export type PlacedOrder = {
  preset: PresetName;
  currency: Currency;
  totalMinor: number;
  /** What the buyer may pay with. */
  providers: readonly PaymentProviderName[];
  /** RFC 3339. */
  paymentExpiresAt: string;
  holdPolicy: EscrowInput['policy'];
  vendorOrders: {
    vendorOrderId: VendorOrderId;
    escrowId: EscrowId;
    sellerId: UserId;
    grossMinor: number;
    fulfilment: 'physical' | 'digital';
    /** The goods go to a verifier first. */
    authenticity?: boolean;
  }[];
};

export type MarkPaidInput = { orderId: OrderId; arrival: PaymentSucceeded };

/** `paidAt` is null when the order had ended before the money came: it must go back. */
export type MarkPaidResult = { status: OrderStatus; paidAt: string | null };

export type CloseUnpaidInput = { orderId: OrderId; status: 'cancelled' | 'expired'; reason: string; actor: Actor };

export type RecordDeclineInput = PaymentFailed & { orderId: OrderId };

export type OrderRecords = {
  /** Stores the order and reserves its goods; placing it again answers with the stored order. */
  placeOrder(input: OrderInput): Promise<PlacedOrder>;
  /** The money is there: journal, reserved → sold, one escrow row per vendor order. */
  markPaid(input: MarkPaidInput): Promise<MarkPaidResult>;
  /** Ends an unpaid order and frees its goods; answers with the status that is stored then. */
  closeUnpaid(input: CloseUnpaidInput): Promise<{ status: OrderStatus }>;
  /** Notes a declined attempt. */
  recordDecline(input: RecordDeclineInput): Promise<void>;
};
