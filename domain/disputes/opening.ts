/** Whether a dispute may be opened: by whom, about which units of which lines, for what reason, until when. */

import type { ErrorCode } from '../error-codes.ts';
import type { Actor, EscrowStatus } from '../escrow.ts';
import type { Refusal } from '../escrow-commands.ts';
import type { Fulfilment } from '../order.ts';
import type { DisputePolicy } from '../policy/policy.ts';
import { isInTime } from './deadlines.ts';
import type { DisputeReason } from './dispute.ts';

/**
 * The units of a line, and why some cannot be disputed: in a dispute now or in one that was withdrawn or dismissed (a unit
 * is heard once), or released or refunded already. A replacement makes its units free again.
 */
export type DisputableLine = { itemId: string; quantity: number; disputedQuantity: number; settledQuantity: number };

/** What decides. `releaseAt` is that of the undisputed rest; null where no clock runs to a release. */
export type OpeningFacts = {
  status: EscrowStatus;
  fulfilment: Fulfilment;
  paused: boolean;
  releaseAt: string | null;
  buyerId: string;
  policy: DisputePolicy;
  lines: readonly DisputableLine[];
};

/** No lines: everything that can still be disputed. */
export type OpeningRequest = {
  actor: Actor;
  reason: DisputeReason;
  lines: readonly { itemId: string; quantity: number }[];
};

/** Before the goods are on their way, all a buyer can say is that they have not come. */
const REASONS_BEFORE_SHIPPING: readonly DisputeReason[] = ['not_received'];

/**
 * Null when the dispute may be opened at this instant, else why not. Open from the payment (before shipping: for goods
 * that do not come; later: for any reason) until the auto-release: accepted at or before `releaseAt` wins, after it
 * the release does, even if its timer has not acted yet. A paused hold has its window open.
 */
export function openingRefusal(request: OpeningRequest, facts: OpeningFacts, at: string): Refusal | null {
  const { actor, reason } = request;
  if (actor.role !== 'buyer' || actor.id !== facts.buyerId) {
    return refuse('forbidden', 'a dispute is opened by the buyer of these goods');
  }
  if (facts.policy.outcomes.length === 0) return refuse('disputes_not_offered', 'this channel has no disputes');
  const { status } = facts;
  if (status === 'released' || status === 'refunding' || status === 'refunded' || status === 'split') {
    return refuse('dispute_window_closed', `the money is settled already: ${status}`);
  }
  const lines = linesRefusal(request, facts.lines);
  if (lines) return lines;
  const inTime = facts.paused || isInTime(at, facts.releaseAt);
  if (status === 'releasing' || !inTime) {
    return refuse('hold_already_releasing', 'the money is on its way to the seller: the time to object is over');
  }
  if (reason === 'chargeback') return refuse('forbidden', 'only the bank opens a chargeback');
  if ((status === 'held' || status === 'processing') && !REASONS_BEFORE_SHIPPING.includes(reason)) {
    return refuse('not_delivered_yet', `the goods are not on their way yet: they cannot be ${reason}`);
  }
  return null;
}

/** The units that the request is about: those it names, or all that can still be disputed. */
export function requestedUnits(
  { lines: named }: Pick<OpeningRequest, 'lines'>,
  lines: readonly DisputableLine[],
): { itemId: string; quantity: number }[] {
  if (named.length > 0) return named.map(({ itemId, quantity }) => ({ itemId, quantity }));
  return lines.flatMap((line) => (freeUnits(line) > 0 ? [{ itemId: line.itemId, quantity: freeUnits(line) }] : []));
}

function freeUnits({ quantity, disputedQuantity, settledQuantity }: DisputableLine): number {
  return quantity - disputedQuantity - settledQuantity;
}

function linesRefusal(request: OpeningRequest, lines: readonly DisputableLine[]): Refusal | null {
  const units = requestedUnits(request, lines);
  if (units.length === 0) {
    const disputed = lines.some((line) => line.disputedQuantity > 0);
    return refuse(disputed ? 'line_already_disputed' : 'line_released', 'nothing is left to dispute');
  }
  const seen = new Set<string>();
  for (const { itemId, quantity } of units) {
    const line = lines.find((each) => each.itemId === itemId);
    if (line === undefined) return refuse('line_not_in_order', `no line ${itemId} here`);
    if (seen.has(itemId) || !Number.isSafeInteger(quantity) || quantity < 1 || quantity > line.quantity) {
      return refuse('quantity_out_of_range', `name each line once, with 1 to ${line.quantity} units of ${itemId}`);
    }
    seen.add(itemId);
    if (quantity <= freeUnits(line)) continue;
    return line.disputedQuantity > 0
      ? refuse('line_already_disputed', `only ${freeUnits(line)} of ${itemId} can still be disputed`)
      : refuse('line_released', `the money for ${itemId} is settled already`);
  }
  return null;
}

function refuse(code: ErrorCode, message: string): Refusal {
  return { code, message };
}
