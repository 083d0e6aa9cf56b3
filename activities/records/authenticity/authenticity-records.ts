/** What the verifier leg writes: numbered changes, each one transaction over the case, the goods' way and the timeline. */

import type { AuthenticityCase } from '../../../domain/authenticity/case.ts';
import type { Scan } from '../../../domain/authenticity/told.ts';
import type { Actor } from '../../../domain/escrow.ts';
import type { FactType } from '../../../domain/facts.ts';
import type { EscrowId, OrderId } from '../../../domain/ids.ts';
import type { EscrowWrite, StoredEscrow } from '../escrow-records.ts';

/** The seller has sent the goods to be verified. */
export type OpenAuthenticity = { escrowId: EscrowId; orderId: OrderId; actor: Actor; at: string };

/** One change of a running case: the case after it, under the version it makes. */
export type AuthenticityChange = {
  escrowId: EscrowId;
  orderId: OrderId;
  version: number;
  event: Extract<FactType, `authenticity.${string}`>;
  actor: Actor;
  reason: string | null;
  at: string;
  authenticity: AuthenticityCase;
  /** The seller's sending is added when the case is opened. */
  scan: Scan | null;
};

/** `applied: false`: another change had this number; the case is what Postgres holds. */
export type StoredAuthenticity = { applied: boolean; version: number; authenticity: AuthenticityCase };

/** Part of the hold goes back to the buyer; `refundId` is the provider's refund. */
export type LowerPrice = EscrowWrite & { amountMinor: number; refundId: string };

export type AuthenticityRecords = {
  /** Begins the case, or answers with the one that has begun. */
  openAuthenticity(input: OpenAuthenticity): Promise<StoredAuthenticity>;
  changeAuthenticity(change: AuthenticityChange): Promise<StoredAuthenticity>;
  /** The provider has paid the difference back: journal and rows, and the rest of the hold is smaller. */
  lowerPrice(write: LowerPrice): Promise<StoredEscrow>;
};
