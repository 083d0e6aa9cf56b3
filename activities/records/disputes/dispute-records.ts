/** What the escrow and dispute workflows write about disputes: numbered changes, each one transaction. */

import type { DisputeCase, DisputeId, DisputeReason } from '../../../domain/disputes/dispute.ts';
import type { Actor } from '../../../domain/escrow.ts';
import type { Refusal } from '../../../domain/escrow-commands.ts';
import type { FactType } from '../../../domain/facts.ts';
import type { EscrowId, OrderId } from '../../../domain/ids.ts';
import type { EscrowChange, EscrowWrite, StoredEscrow } from '../escrow-records.ts';

/** The buyer contests units of lines (none named: all that can still be contested). */
export type OpenDispute = EscrowWrite & {
  disputeId: DisputeId;
  disputeReason: DisputeReason;
  description: string;
  lines: readonly { itemId: string; quantity: number }[];
};

/** The bank contests what no open dispute covers already: `amountMinor` (1 to its gross) of the rest freezes. */
export type OpenBankDispute = EscrowWrite & { disputeId: DisputeId; chargebackId: string; amountMinor: number };

/**
 * Refused by rule, nothing changed; else the dispute as stored (by this write, or by an earlier one with its id: nothing
 * changed then) and the escrow with it. `applied: false` without a dispute: another change had the number, look again.
 */
export type OpenedDispute = { refused: Refusal } | { escrow: StoredEscrow; dispute: DisputeCase | null };

export type UnsettledDispute = { dispute: DisputeCase; chargebackId: string | null };

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

/**
 * The hold's own phase and clocks once (more of) a part is in it again; all clocks are given as they stand then, and the
 * rest is not frozen any more. Not used where nothing is left in the hold: then it ends.
 */
export type HoldAgain = Pick<EscrowChange, 'to' | 'shipBy' | 'deliveredBy' | 'releaseAt'>;

/** The part is in the hold again; with a replacement on its way its units are free to be disputed again. */
export type RejoinPart = EscrowWrite &
  HoldAgain & { disputeId: DisputeId; replacement: { carrier: string; trackingNumber: string } | null };

/** The bank took this much of the part (1 to its gross); what is left of it is in the hold again. */
export type ChargePartBack = EscrowWrite &
  HoldAgain & { disputeId: DisputeId; chargebackId: string; amountMinor: number };

/**
 * What settles a part (the last three) leaves a dispute alone whose part is settled already: the escrow is answered as it
 * stands, `applied: true`, for there is nothing left to do.
 */
export type DisputeRecords = {
  /** The escrow's disputes that are not settled yet, in the order they were opened; nothing is changed. */
  unsettledDisputes(input: { escrowId: EscrowId; orderId: OrderId }): Promise<UnsettledDispute[]>;
  openDispute(input: OpenDispute): Promise<OpenedDispute>;
  openBankDispute(input: OpenBankDispute): Promise<OpenedDispute>;
  changeDispute(change: DisputeChange): Promise<StoredDispute>;
  settlePart(write: SettlePart): Promise<StoredEscrow>;
  rejoinPart(write: RejoinPart): Promise<StoredEscrow>;
  chargePartBack(write: ChargePartBack): Promise<StoredEscrow>;
};
