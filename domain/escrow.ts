/** The states of an escrow (one per vendor order) and every legal move between them. */

export const ESCROW_STATUSES = [
  'held',
  'processing',
  'shipped',
  'delivered',
  'releasing',
  'released',
  'disputed',
  'refunding',
  'refunded',
  'split',
] as const;
export type EscrowStatus = (typeof ESCROW_STATUSES)[number];

/** How far a hold itself has come, whatever part of it is contested. */
export const ESCROW_PHASES = ESCROW_STATUSES.filter((status) => status !== 'disputed');
export type EscrowPhase = (typeof ESCROW_PHASES)[number];

/** Before its order is paid, a vendor order exists but holds no money. */
export const VENDOR_ORDER_STATUSES = ['pending_payment', ...ESCROW_STATUSES, 'cancelled', 'expired'] as const;
export type VendorOrderStatus = (typeof VENDOR_ORDER_STATUSES)[number];

/** Every legal move; anything absent is illegal, including staying put. */
export const ESCROW_TRANSITIONS: Readonly<Record<EscrowStatus, readonly EscrowStatus[]>> = {
  // Digital goods are delivered the moment they are paid.
  held: ['processing', 'shipped', 'delivered', 'disputed', 'refunding', 'releasing'],
  processing: ['shipped', 'disputed', 'refunding', 'releasing'],
  shipped: ['delivered', 'disputed', 'refunding', 'releasing'],
  delivered: ['releasing', 'disputed', 'refunding'],
  // Back to the buyer when the capture fails because the authorisation has lapsed.
  releasing: ['released', 'refunding'],
  released: [],
  disputed: ['held', 'processing', 'shipped', 'delivered', 'releasing', 'refunding', 'split'],
  refunding: ['refunded'],
  refunded: [],
  split: [],
};

export function isTerminalEscrowStatus(status: EscrowStatus): boolean {
  return ESCROW_TRANSITIONS[status].length === 0;
}

export function canMoveEscrow(from: EscrowStatus, to: EscrowStatus): boolean {
  return ESCROW_TRANSITIONS[from].includes(to);
}

/** Who may do what: every message names its actor, and the workflow checks it again after the API did. */
export const ACTOR_ROLES = ['buyer', 'seller', 'admin', 'verifier', 'system', 'carrier', 'provider'] as const;
export type ActorRole = (typeof ACTOR_ROLES)[number];
export type Actor = { role: ActorRole; id: string };

/** What an open escrow will do by itself when its deadline passes. */
export const NEXT_ACTIONS = ['cancel_and_refund', 'mark_delivered', 'release', 'none'] as const;
export type NextActionKind = (typeof NEXT_ACTIONS)[number];

/** May this role cancel now? Seller any time before shipping, buyer only before processing, admin before shipping. */
export function mayCancelEscrow(status: EscrowStatus, role: ActorRole): boolean {
  if (role === 'buyer') return status === 'held';
  if (role === 'seller' || role === 'admin') return status === 'held' || status === 'processing';
  return false;
}

type EscrowClocks<Instant> = {
  status: EscrowStatus;
  shipBy: Instant | null;
  deliveredBy: Instant | null;
  releaseAt: Instant | null;
  pausedAt: Instant | null;
  /** Since when all that is left of the hold is contested. */
  frozenSince?: Instant | null;
};

/** What an escrow does by itself from here, and when; nothing while it is paused, all contested or settling. */
export function nextActionOf<Instant>(clocks: EscrowClocks<Instant>): { kind: NextActionKind; at: Instant | null } {
  const { status, shipBy, deliveredBy, releaseAt, pausedAt } = clocks;
  if (pausedAt !== null || (clocks.frozenSince ?? null) !== null) return { kind: 'none', at: null };
  if ((status === 'held' || status === 'processing') && shipBy !== null)
    return { kind: 'cancel_and_refund', at: shipBy };
  if (status === 'shipped' && deliveredBy !== null) return { kind: 'mark_delivered', at: deliveredBy };
  if (status === 'delivered' && releaseAt !== null) return { kind: 'release', at: releaseAt };
  return { kind: 'none', at: null };
}
