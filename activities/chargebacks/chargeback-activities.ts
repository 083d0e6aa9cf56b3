/** What is asked of a provider because of a chargeback. */

import type { Actor } from '../../domain/escrow.ts';
import type { EscrowId } from '../../domain/ids.ts';

/** Who has it sent (an admin, or the clock), and when: RFC 3339. */
export type SubmitEvidence = { chargebackId: string; actor: Actor; at: string };

export type ChargebackActivities = {
  /** Takes payouts of a released hold back, as far as the seller's account has money. */
  reverseTransfers(input: { chargebackId: string; escrowId: EscrowId }): Promise<{ reversedMinor: number }>;
  /** Sends the bank what was recorded about the deal. Null: the bank does not listen any more. */
  submitEvidence(input: SubmitEvidence): Promise<{ submittedAt: string | null }>;
};
