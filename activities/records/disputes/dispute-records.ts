/** What the escrow and dispute workflows write about disputes: numbered changes, each one transaction. */

import type { DisputeCase, DisputeId, DisputeReason } from '../../../domain/disputes/dispute.ts';
import type { Actor } from '../../../domain/escrow.ts';
import type { Refusal } from '../../../domain/escrow-commands.ts';
import type { FactType } from '../../../domain/facts.ts';
import type { EscrowId, OrderId } from '../../../domain/ids.ts';
import type { EscrowWrite, StoredEscrow } from '../escrow-records.ts';

/** The buyer contests units of lines (none named: all that can still be contested). */
export type OpenDispute = EscrowWrite & {
  disputeId: DisputeId;
  disputeReason: DisputeReason;
  description: string;
  lines: readonly { itemId: string; quantity: number }[];
};

/** The bank contests an amount; where the hold's open disputes cover it already, there is none to open. */
export type OpenBankDispute = EscrowWrite & { disputeId: DisputeId; chargebackId: string; amountMinor: number };

/**
 * Refused by rule, nothing changed; else the dispute as stored (by this write or by an earlier try of it; null where the
 * bank's matter needed none) and the escrow with it. `applied: false` without a dispute: another change had the number,
 * look again.
 */
export type OpenedDispute = { refused: Refusal } | { escrow: StoredEscrow; dispute: DisputeCase | null };

/** One change of a running dispute: the case after it, under the version it makes. */
export type DisputeChange = {
  disputeId: DisputeId;
  escrowId: EscrowId;
  orderId: OrderId;
  version: number;
  event: Extract<FactType, `dispute.${string}`>;
  actor: { role: Actor['role']; id: string };
  reason: string | null;
  at: string;
  dispute: DisputeCase;
  chargebackId?: string;
};

/** `applied: false`: another change had this number; the case is what Postgres holds. */
export type StoredDispute = { applied: boolean; version: number; dispute: DisputeCase };

/** The part goes where it was decided: `buyerMinor` to the buyer (`refundId`: the provider's refund), the rest released. */
export type SettlePart = EscrowWrite & { disputeId: DisputeId; buyerMinor: number; refundId: string | null };

/** The part is in the hold again; with a replacement on its way the hold goes on as shipped. */
export type RejoinPart = EscrowWrite & {
  disputeId: DisputeId;
  replacement: { carrier: string; trackingNumber: string } | null;
};

/** The bank took this much of the part (at most its gross); what is left of it is in the hold again. */
export type ChargePartBack = EscrowWrite & { disputeId: DisputeId; chargebackId: string; amountMinor: number };

export type DisputeRecords = {
  openDispute(input: OpenDispute): Promise<OpenedDispute>;
  openBankDispute(input: OpenBankDispute): Promise<OpenedDispute>;
  changeDispute(change: DisputeChange): Promise<StoredDispute>;
  settlePart(write: SettlePart): Promise<StoredEscrow>;
  rejoinPart(write: RejoinPart): Promise<StoredEscrow>;
  chargePartBack(write: ChargePartBack): Promise<StoredEscrow>;
};
