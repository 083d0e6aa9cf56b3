/** What the chargeback workflow writes and looks up: one idempotent transaction each, rows and journals together. */

import type { ChargebackShare, ChargebackStatus } from '../../domain/disputes/chargeback.ts';
import type { EscrowId } from '../../domain/ids.ts';
import type { ChargebackInput } from '../../workflows/chargeback/contract.ts';

/** A chargeback as it is stored, by this call or by an earlier one with its id. */
export type StoredChargeback = {
  status: ChargebackStatus;
  /** Everything that follows from the bank's decision is done. */
  settled: boolean;
  evidenceSentAt: string | null;
  shares: ChargebackShare[];
};

/** `at`: RFC 3339, by the workflow's clock. */
export type ChargebackStep = { chargebackId: string; at: string };

/** A hold that a chargeback takes money from. `done`: it has given what it had to, or it is settled and can give no more. */
export type HeldShare = { escrowId: EscrowId; done: boolean };

/** What was claimed back from the seller of a released hold, in minor units; the three sum to the claim. */
export type TakenBack = { reversedMinor: number; walletMinor: number; owedMinor: number };

export type ChargebackRecords = {
  /** Stores it and fixes which hold carries how much of it. */
  openChargeback(input: ChargebackInput & { at: string }): Promise<StoredChargeback>;
  /** Books what the provider has charged for it so far, where that is more than what is booked. */
  noteChargebackFee(input: { chargebackId: string; feeMinor: number }): Promise<void>;
  /** The bank has decided. A decision that is stored stays. */
  closeChargeback(input: ChargebackStep & { status: Exclude<ChargebackStatus, 'open'> }): Promise<void>;
  /** How far the holds are that still had money when it was opened. */
  heldShares(input: { chargebackId: string }): Promise<HeldShare[]>;
  /** After a lost one, and once the holds have given theirs: what is claimed back from whom; what nobody has is our loss. */
  claimReleased(input: ChargebackStep): Promise<{ escrowId: EscrowId; amountMinor: number }[]>;
  /** Books one claim: what was reversed, then the wallet, the rest is owed. */
  takeBack(input: ChargebackStep & { escrowId: EscrowId }): Promise<TakenBack>;
  /** All is done. */
  settleChargeback(input: ChargebackStep): Promise<void>;
};
