/** What a verifier leg is: its phases and every legal move between them, its findings, its results, and all it knows. */

import type { Currency } from '../currencies.ts';
import type { EscrowId, OrderId, UserId, VendorOrderId } from '../ids.ts';
import type { AuthenticityPolicy } from '../policy/policy.ts';

/** How it can come out. The first three send the goods on to the buyer, the others give the buyer the money back. */
export const AUTHENTICITY_RESULTS = ['passed', 'accepted', 'price_lowered', 'failed', 'declined', 'overdue'] as const;
export type AuthenticityResult = (typeof AUTHENTICITY_RESULTS)[number];

/** `cancelled`: the hold was settled otherwise meanwhile (an admin, a dispute, the bank). */
export const AUTHENTICITY_PHASES = [
  'assigning',
  'in_transit_to_verifier',
  'with_verifier',
  'mismatch_choice',
  'to_forward',
  ...AUTHENTICITY_RESULTS,
  'cancelled',
] as const;
export type AuthenticityPhase = (typeof AUTHENTICITY_PHASES)[number];

/** Every legal move; anything absent is illegal, including staying put. */
export const AUTHENTICITY_TRANSITIONS: Readonly<Record<AuthenticityPhase, readonly AuthenticityPhase[]>> = {
  assigning: ['in_transit_to_verifier', 'overdue', 'cancelled'],
  in_transit_to_verifier: ['with_verifier', 'overdue', 'cancelled'],
  with_verifier: ['to_forward', 'failed', 'mismatch_choice', 'overdue', 'cancelled'],
  mismatch_choice: ['to_forward', 'declined', 'cancelled'],
  to_forward: ['passed', 'accepted', 'price_lowered', 'cancelled'],
  passed: [],
  accepted: [],
  price_lowered: [],
  failed: [],
  declined: [],
  overdue: [],
  cancelled: [],
};

export function canMoveAuthenticity(from: AuthenticityPhase, to: AuthenticityPhase): boolean {
  return AUTHENTICITY_TRANSITIONS[from].includes(to);
}

export function isTerminalAuthenticityPhase(phase: AuthenticityPhase): boolean {
  return AUTHENTICITY_TRANSITIONS[phase].length === 0;
}

/** What an inspection finds: genuine and as described; not genuine; genuine but not as described. */
export const FINDINGS = ['passed', 'failed', 'mismatch'] as const;
export type Finding = (typeof FINDINGS)[number];

/** Condition as collectors grade it, best first. */
export const CONDITIONS = ['mint', 'near_mint', 'excellent', 'good', 'light_played', 'played', 'poor'] as const;
export type Condition = (typeof CONDITIONS)[number];

/** What a buyer can do with goods that are genuine but not as described. */
export const MISMATCH_CHOICES = ['accept', 'lower_price', 'refund'] as const;
export type MismatchChoice = (typeof MISMATCH_CHOICES)[number];

/** A step of the goods from hand to hand. */
export const CUSTODY_STEPS = ['sent', 'received', 'inspected', 'forwarded'] as const;
export type CustodyStep = (typeof CUSTODY_STEPS)[number];

/** What the verifier found. `lowerPriceMinor`: what the goods are worth as they are, where a lower price is offered. */
export type Inspection = {
  finding: Finding;
  /** Null for goods that are not genuine: there is nothing to grade. */
  condition: Condition | null;
  note: string;
  lowerPriceMinor: number | null;
  at: string;
};

export type Parcel = { carrier: string; trackingNumber: string };

/** Everything a running verifier leg knows; JSON-safe. Instants are RFC 3339. */
export type AuthenticityCase = {
  escrowId: EscrowId;
  orderId: OrderId;
  vendorOrderId: VendorOrderId;
  buyerId: UserId;
  sellerId: UserId;
  /** The buyer and every seller of the order: none of them verifies any part of it. */
  partyIds: readonly UserId[];
  currency: Currency;
  /** The price of the goods, without fees and shipping. */
  itemsMinor: number;
  policy: AuthenticityPolicy;
  phase: AuthenticityPhase;
  /** When the phase ends by itself (in `to_forward`: when an admin is alerted); null once the leg has ended. */
  deadlineAt: string | null;
  verifierId: UserId | null;
  inspection: Inspection | null;
  /** Known from `to_forward` on. */
  result: AuthenticityResult | null;
  forwarded: Parcel | null;
  /** How often an admin was alerted that the goods were not sent on in time. */
  alerts: number;
};

/** What the escrow is to do: the goods are on their way to the buyer, or the buyer gets the money back. */
export type AuthenticityDecision = {
  result: AuthenticityResult;
  /** What goes back to the buyer while the rest goes on, in minor units; 0 but for a lowered price. */
  refundMinor: number;
  /** Null: the goods do not go to the buyer, and the whole hold goes back. */
  forwarded: Parcel | null;
};

/** The decision of a leg that has ended; null before, and for one that was cancelled. */
export function decisionOfCase(leg: AuthenticityCase): AuthenticityDecision | null {
  const { phase, result, forwarded, inspection, itemsMinor } = leg;
  if (result === null || phase !== result) return null;
  const lowerPriceMinor = inspection?.lowerPriceMinor ?? itemsMinor;
  return { result, refundMinor: result === 'price_lowered' ? itemsMinor - lowerPriceMinor : 0, forwarded };
}
