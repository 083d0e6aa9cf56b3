/** What the escrow workflow writes: numbered changes, each one transaction over escrow, vendor order, order and ledger. */

import type { Actor, EscrowStatus } from '../../domain/escrow.ts';
import type { FactType } from '../../domain/facts.ts';
import type { EscrowId, OrderId } from '../../domain/ids.ts';

/** What every write says: which change it is (the version it makes), who caused it, why and when (RFC 3339). */
export type EscrowWrite = {
  escrowId: EscrowId;
  orderId: OrderId;
  version: number;
  actor: Actor;
  reason: string | null;
  at: string;
};

/** A change of state or of clocks. Instants are RFC 3339; every clock is given as it stands after the change. */
export type EscrowChange = EscrowWrite & {
  event: Extract<FactType, `escrow.${string}`>;
  to: EscrowStatus;
  shipBy: string | null;
  deliveredBy: string | null;
  releaseAt: string | null;
  pausedAt: string | null;
  accessedAt: string | null;
  carrier?: string;
  trackingNumber?: string;
};

/**
 * The escrow as stored after a write. `applied` is false when Postgres already held another change under this number:
 * an earlier try of the same workflow task had committed it before its worker died. The workflow takes that one over.
 */
export type StoredEscrow = {
  applied: boolean;
  version: number;
  /** The hold's own phase, whatever is contested beside it; once everything is settled, how it all ended. */
  status: EscrowStatus;
  captured: boolean;
  shipBy: string | null;
  deliveredBy: string | null;
  releaseAt: string | null;
  pausedAt: string | null;
  accessedAt: string | null;
  /** What nobody contests and nobody was paid yet, in minor units; absent in histories from before there were disputes. */
  restMinor?: number;
  openDisputes?: number;
  /** Since when all that is left is contested, so that no clock of the hold runs. */
  frozenSince?: string | null;
  /** How many releases of this hold (not of parts that were contested) are booked: each is paid out once. */
  releases?: number;
};

export type EscrowRecords = {
  changeEscrow(change: EscrowChange): Promise<StoredEscrow>;
  /** The hold goes to the seller, fees to theirs: journal and rows in one transaction. */
  releaseHold(write: EscrowWrite): Promise<StoredEscrow>;
  /** The provider has paid back (or nothing had been charged): journal, rows, unshipped goods back on the shelf. */
  finishRefund(write: EscrowWrite & RefundedHold): Promise<StoredEscrow>;
  /** The buyer's authorised card was charged. */
  markCaptured(write: EscrowWrite & { chargeId: string }): Promise<StoredEscrow>;
};

/** How a hold went back: by a refund at the provider, or by giving up an authorisation. */
export type RefundedHold = { refundId: string | null; authorisedOnly: boolean };
