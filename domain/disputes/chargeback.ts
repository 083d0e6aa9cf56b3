/** What a bank's chargeback means for the holds of its order: who carries how much, and when the bank must hear us. */

import type { EscrowId } from '../ids.ts';
import { allocate, assertMinor, sumMinor } from '../money.ts';

/** As the provider says it: undecided, decided for us, or the money is gone. */
export const CHARGEBACK_STATUSES = ['open', 'won', 'lost'] as const;
export type ChargebackStatus = (typeof CHARGEBACK_STATUSES)[number];

/**
 * Evidence goes to the bank by itself this long before it is due: late enough for the parties to add theirs, early enough
 * for an operator to step in when sending fails. Real time, whatever the policy: the date is the bank's.
 */
export const EVIDENCE_SENT_BEFORE_DUE_MS = 24 * 60 * 60 * 1000;

/**
 * One hold of the order: what is still in it, and what it has released; both less what other chargebacks take or may take.
 * What was refunded is in neither.
 */
export type CarryingHold = { escrowId: EscrowId; heldMinor: number; releasedMinor: number };

/** What of a chargeback one hold carries: `heldMinor` of it from the hold itself, the rest from what was released. */
export type ChargebackShare = { escrowId: EscrowId; amountMinor: number; heldMinor: number };

/**
 * Shares a chargeback among the holds by what each still has or has released; within a hold, held money is taken first.
 * What was refunded already is not taken a second time: where the bank takes more than is left, nobody but the platform
 * can carry it (`absorbedMinor`). Shares and absorbed sum to the amount.
 */
export function shareChargeback(
  amountMinor: number,
  holds: readonly CarryingHold[],
): { shares: ChargebackShare[]; absorbedMinor: number } {
  const weights = holds.map(({ heldMinor, releasedMinor }) => heldMinor + releasedMinor);
  const carriedMinor = Math.min(assertMinor(amountMinor), sumMinor(weights));
  if (carriedMinor === 0) return { shares: [], absorbedMinor: amountMinor };
  const parts = allocate(carriedMinor, weights);
  const shares = holds.map(({ escrowId, heldMinor }, index) => {
    const shareMinor = parts[index] ?? 0;
    return { escrowId, amountMinor: shareMinor, heldMinor: Math.min(shareMinor, heldMinor) };
  });
  return { shares: shares.filter((share) => share.amountMinor > 0), absorbedMinor: amountMinor - carriedMinor };
}

/** When the evidence is sent by itself, RFC 3339; null where the bank hears nobody. */
export function evidenceSendAt(evidenceDueBy: string | null): string | null {
  if (evidenceDueBy === null) return null;
  return new Date(Date.parse(evidenceDueBy) - EVIDENCE_SENT_BEFORE_DUE_MS).toISOString();
}
