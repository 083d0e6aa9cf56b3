/** What a dispute is: its phases and every legal move between them, its reasons, its outcomes, and all it knows. */

import type { Currency } from '../currencies.ts';
import type { EscrowId, Id, UserId } from '../ids.ts';
import type { Fulfilment } from '../order.ts';
import type { DisputeOutcome, DisputePolicy } from '../policy/policy.ts';

export type DisputeId = Id<'dispute'>;

/**
 * `decided` is the window for appeals; from `final` on the outcome is fixed and carried out; the three after it are for
 * outcomes that send goods first.
 */
export const DISPUTE_PHASES = [
  'seller_response',
  'mediation',
  'decided',
  'review',
  'final',
  'awaiting_replacement',
  'awaiting_return',
  'return_sent',
  'resolved',
  'withdrawn',
] as const;
export type DisputePhase = (typeof DISPUTE_PHASES)[number];

/** Every legal move; anything absent is illegal, including staying put. */
export const DISPUTE_TRANSITIONS: Readonly<Record<DisputePhase, readonly DisputePhase[]>> = {
  // Straight to a decision where a silent seller loses; straight to the end by an accepted offer or the bank.
  seller_response: ['mediation', 'decided', 'final', 'withdrawn'],
  // Not through `decided` where the channel has no appeals.
  mediation: ['decided', 'final', 'withdrawn'],
  decided: ['review', 'final'],
  review: ['final'],
  final: ['awaiting_replacement', 'awaiting_return', 'resolved'],
  awaiting_replacement: ['resolved'],
  awaiting_return: ['return_sent', 'resolved'],
  return_sent: ['resolved'],
  resolved: [],
  withdrawn: [],
};

export function canMoveDispute(from: DisputePhase, to: DisputePhase): boolean {
  return DISPUTE_TRANSITIONS[from].includes(to);
}

export function isTerminalDisputePhase(phase: DisputePhase): boolean {
  return DISPUTE_TRANSITIONS[phase].length === 0;
}

/** Nobody has decided yet: the parties can still agree or withdraw. */
export function isUndecided(phase: DisputePhase): boolean {
  return phase === 'seller_response' || phase === 'mediation';
}

/** The outcome can still change: people can still be heard. */
export function isContested(phase: DisputePhase): boolean {
  return isUndecided(phase) || phase === 'decided' || phase === 'review';
}

/** What a buyer can complain about; `chargeback` is the bank's word and nobody else's. */
export const DISPUTE_REASONS = [
  'not_received',
  'not_as_described',
  'damaged',
  'wrong_item',
  'incomplete',
  'counterfeit',
  'not_working',
  'other',
  'chargeback',
] as const;
export type DisputeReason = (typeof DISPUTE_REASONS)[number];

/** Who takes part: the parties, those who decide, and the clock and the bank as facts. */
export const DISPUTE_ROLES = ['buyer', 'seller', 'admin', 'verifier', 'system', 'provider'] as const;
export type DisputeRole = (typeof DISPUTE_ROLES)[number];
export type DisputeActor = { role: DisputeRole; id: string };
export type Party = 'buyer' | 'seller';

/** What was decided. `returnGoods`: the buyer sends the goods back first. `buyerMinor`: of the frozen amount. */
export type Decision =
  | { outcome: 'release' | 'replacement' | 'dismissal' }
  | { outcome: 'refund'; returnGoods?: boolean }
  | { outcome: 'split'; buyerMinor: number };

/** A decision, who took it and when (RFC 3339). `system`: by default, nobody had decided in time. */
export type Verdict = { decision: Decision; by: DisputeActor; at: string };

/** What a party proposes. The amount is what the buyer would get. */
export type OfferTerms = { kind: 'split'; buyerMinor: number; currency: string } | { kind: 'replacement' };

/** An open offer ends once: answered, taken back, replaced by the same party's next one, or overtaken by a decision. */
export const OFFER_STATUSES = ['open', 'accepted', 'declined', 'withdrawn', 'replaced', 'lapsed'] as const;
export type OfferStatus = (typeof OFFER_STATUSES)[number];
export type Offer = { offerId: string; by: Party; terms: OfferTerms; status: OfferStatus };

/** How it ended, and by what: agreement, verdict, review, default or the bank. */
export type Resolution = { decision: Decision; by: 'offer' | 'verdict' | 'review' | 'default' | 'bank' };

/** Everything a running dispute knows; JSON-safe. Instants are RFC 3339. */
export type DisputeCase = {
  disputeId: DisputeId;
  escrowId: EscrowId;
  buyerId: UserId;
  sellerId: UserId;
  openedBy: 'buyer' | 'provider';
  reason: DisputeReason;
  fulfilment: Fulfilment;
  currency: Currency;
  /** The gross of the part that the dispute froze. */
  frozenMinor: number;
  policy: DisputePolicy;
  phase: DisputePhase;
  /** When the phase ends by itself; null once the dispute has ended. */
  deadlineAt: string | null;
  /** The reviewer who works on it; cleared for the review. */
  claimedBy: string | null;
  verdict: Verdict | null;
  /** Who has appealed; the window both have for it. */
  appeals: readonly Party[];
  appealUntil: string | null;
  offers: readonly Offer[];
  resolution: Resolution | null;
  /** The parcel that replaces the contested goods, once it is on its way. */
  replacement?: { carrier: string; trackingNumber: string };
  /** Since when the bank has been deciding: no clock runs and nothing is decided here meanwhile. */
  bankSince: string | null;
};

/** The frozen money's fate: shared out, back under the hold's own clocks, or taken by the bank. */
export type Settlement = { kind: 'split'; buyerMinor: number } | { kind: 'hold_goes_on' } | { kind: 'charged_back' };

/**
 * What becomes of the frozen money, once the dispute has ended; null before. A replacement and a dismissal leave it in the
 * hold, which goes on as if there had been no dispute.
 */
export function settlementOf({ phase, resolution, frozenMinor }: DisputeCase): Settlement | null {
  if (phase === 'withdrawn') return { kind: 'hold_goes_on' };
  if (phase !== 'resolved' || resolution === null) return null;
  if (resolution.by === 'bank' && resolution.decision.outcome === 'refund') return { kind: 'charged_back' };
  switch (resolution.decision.outcome) {
    case 'release':
      return { kind: 'split', buyerMinor: 0 };
    case 'refund':
      return { kind: 'split', buyerMinor: frozenMinor };
    case 'split':
      return { kind: 'split', buyerMinor: resolution.decision.buyerMinor };
    case 'replacement':
    case 'dismissal':
      return { kind: 'hold_goes_on' };
  }
}

/** The side of the case an actor is on; null for those who decide, the clock and the bank. */
export function partyOf(
  { buyerId, sellerId }: Pick<DisputeCase, 'buyerId' | 'sellerId'>,
  { role, id }: DisputeActor,
): Party | null {
  if (role === 'buyer' && id === buyerId) return 'buyer';
  return role === 'seller' && id === sellerId ? 'seller' : null;
}

/** What accepting these terms decides: at its ends a split is a refund or a release. */
export function decisionOf(terms: OfferTerms, frozenMinor: number): Decision {
  if (terms.kind === 'replacement') return { outcome: 'replacement' };
  if (terms.buyerMinor === 0) return { outcome: 'release' };
  return terms.buyerMinor === frozenMinor ? { outcome: 'refund' } : { outcome: 'split', buyerMinor: terms.buyerMinor };
}

/** Does the channel have this outcome for these goods? Nothing digital is sent a second time. */
export function isOffered(outcome: DisputeOutcome, { policy, fulfilment }: DisputeCase): boolean {
  return policy.outcomes.includes(outcome) && (outcome !== 'replacement' || fulfilment === 'physical');
}
