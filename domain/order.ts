/** The states of an order, every legal move between them, and how an order's state follows from its vendor orders. */

import type { EscrowStatus } from './escrow.ts';

export const ORDER_STATUSES = [
  'created',
  'pending_payment',
  'paid_in_escrow',
  'processing',
  'shipped',
  'delivered',
  'disputed',
  'completed',
  'cancelled',
  'refunded',
  'partially_refunded',
  'expired',
] as const;
export type OrderStatus = (typeof ORDER_STATUSES)[number];

/** How goods reach the buyer. A vendor order holds one kind only, because the clocks of its hold depend on it. */
export const FULFILMENTS = ['physical', 'digital'] as const;
export type Fulfilment = (typeof FULFILMENTS)[number];

/**
 * Every legal move; anything absent is illegal, including staying put. Moves among the states of a paid order follow
 * its vendor orders (`aggregateOrderStatus`), so one vendor's cancellation may take the order back from `shipped`
 * to what the remaining vendors have reached.
 */
export const ORDER_TRANSITIONS: Readonly<Record<OrderStatus, readonly OrderStatus[]>> = {
  created: ['pending_payment', 'cancelled'],
  pending_payment: ['paid_in_escrow', 'cancelled', 'expired'],
  paid_in_escrow: ['processing', 'shipped', 'delivered', 'disputed', 'completed', 'refunded', 'partially_refunded'],
  processing: ['paid_in_escrow', 'shipped', 'delivered', 'disputed', 'completed', 'refunded', 'partially_refunded'],
  shipped: ['paid_in_escrow', 'processing', 'delivered', 'disputed', 'completed', 'refunded', 'partially_refunded'],
  delivered: ['paid_in_escrow', 'processing', 'shipped', 'disputed', 'completed', 'refunded', 'partially_refunded'],
  disputed: ['paid_in_escrow', 'processing', 'shipped', 'delivered', 'completed', 'refunded', 'partially_refunded'],
  completed: [],
  cancelled: [],
  refunded: [],
  partially_refunded: [],
  expired: [],
};

export const TERMINAL_ORDER_STATUSES: readonly OrderStatus[] = ORDER_STATUSES.filter(
  (status) => ORDER_TRANSITIONS[status].length === 0,
);

export function isTerminalOrderStatus(status: OrderStatus): boolean {
  return ORDER_TRANSITIONS[status].length === 0;
}

export function canMoveOrder(from: OrderStatus, to: OrderStatus): boolean {
  return ORDER_TRANSITIONS[from].includes(to);
}

/** How far an open escrow has come: the order shows the first of these that any of its vendor orders is in. */
const PROGRESS: readonly (readonly [EscrowStatus, OrderStatus])[] = [
  ['held', 'paid_in_escrow'],
  ['processing', 'processing'],
  ['shipped', 'shipped'],
  ['delivered', 'delivered'],
  ['releasing', 'delivered'],
  ['refunding', 'processing'],
];

/**
 * The state of a paid order, derived from its vendor orders' escrows (at least one): disputed if any is, else the least
 * advanced of those still open, else completed, refunded or partially refunded by how they all ended.
 */
export function aggregateOrderStatus(escrowStatuses: readonly EscrowStatus[]): OrderStatus {
  if (escrowStatuses.length === 0) throw new RangeError('an order has at least one vendor order');
  if (escrowStatuses.includes('disputed')) return 'disputed';
  for (const [escrowStatus, orderStatus] of PROGRESS) {
    if (escrowStatuses.includes(escrowStatus)) return orderStatus;
  }
  if (escrowStatuses.every((status) => status === 'released')) return 'completed';
  if (escrowStatuses.every((status) => status === 'refunded')) return 'refunded';
  return 'partially_refunded';
}
