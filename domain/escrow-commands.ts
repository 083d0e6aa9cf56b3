/** Who may ask what of an escrow, and when it is refused: one table, used before the workflow accepts and before it acts. */

import type { ErrorCode } from './error-codes.ts';
import { type Actor, type ActorRole, canMoveEscrow, type EscrowStatus, mayCancelEscrow } from './escrow.ts';

/** What a person can ask of an escrow: of what nobody contests of it. Instants are RFC 3339. */
export type EscrowCommand =
  | { kind: 'process' | 'deliver' | 'confirm'; actor: Actor }
  | { kind: 'ship'; actor: Actor; carrier: string; trackingNumber: string }
  | { kind: 'cancel' | 'pause' | 'resume' | 'release' | 'refund'; actor: Actor; reason: string }
  | { kind: 'extend'; actor: Actor; reason: string; until: string };

export type EscrowCommandKind = EscrowCommand['kind'];

/** What decides about a command. `deadlineAt`: when the escrow would act by itself, null if it would not. */
export type EscrowStanding = {
  status: EscrowStatus;
  fulfilment: 'physical' | 'digital';
  paused: boolean;
  deadlineAt: string | null;
  /** All that is left of the hold is contested: there is nothing that a command could be about. */
  allContested?: boolean;
  /** The goods are with a verifier, or on their way there. */
  verifying?: boolean;
  buyerId: string;
  sellerId: string;
};

export type Refusal = { code: ErrorCode; message: string };

/** Every command and the roles that may give it. */
export const COMMAND_ROLES: Readonly<Record<EscrowCommandKind, readonly ActorRole[]>> = {
  process: ['seller'],
  ship: ['seller'],
  deliver: ['seller', 'admin'],
  confirm: ['buyer'],
  cancel: ['buyer', 'seller', 'admin'],
  extend: ['admin'],
  pause: ['admin'],
  resume: ['admin'],
  release: ['admin'],
  refund: ['admin'],
};

/** Null when the command may be carried out now, else why not. */
export function refusalOf(command: EscrowCommand, escrow: EscrowStanding): Refusal | null {
  return refusedByAuthority(command, escrow) ?? refusedByState(command, escrow) ?? refusedByContent(command, escrow);
}

function refusedByAuthority({ kind, actor }: EscrowCommand, escrow: EscrowStanding): Refusal | null {
  const isParty =
    (actor.role === 'buyer' && actor.id === escrow.buyerId) ||
    (actor.role === 'seller' && actor.id === escrow.sellerId) ||
    actor.role === 'admin';
  if (isParty && COMMAND_ROLES[kind].includes(actor.role)) return null;
  return { code: 'forbidden', message: `a ${actor.role} may not ${kind} here` };
}

function refusedByState({ kind, actor }: EscrowCommand, escrow: EscrowStanding): Refusal | null {
  const { status } = escrow;
  if (escrow.allContested === true) {
    return { code: 'hold_disputed', message: 'all that is left of the hold is contested: the dispute decides' };
  }
  // Once it settles there is no clock left to stop.
  const paused = escrow.paused && escrow.deadlineAt !== null;
  if (status === 'releasing' || status === 'released') {
    return { code: 'hold_already_releasing', message: 'the money is already on its way to the seller' };
  }
  if (kind === 'cancel' && !mayCancelEscrow(status, actor.role)) {
    return { code: 'order_not_cancellable', message: `a ${actor.role} can no longer cancel: ${status}` };
  }
  if (kind === 'resume') return paused ? null : { code: 'hold_not_paused', message: 'the hold is not paused' };
  if (paused && kind !== 'release' && kind !== 'refund') {
    return { code: 'hold_paused', message: 'an admin has paused this hold' };
  }
  if (kind === 'ship' && (status === 'shipped' || status === 'delivered')) {
    return { code: 'already_shipped', message: 'the goods are already on their way' };
  }
  if (kind === 'confirm' && escrow.verifying === true) {
    return {
      code: 'not_delivered_yet',
      message: 'the goods are with a verifier: they have not been sent to the buyer',
    };
  }
  if (kind === 'confirm' && (status === 'held' || status === 'processing')) {
    return { code: 'not_delivered_yet', message: 'the goods have not been shipped yet' };
  }
  return isLegal(kind, escrow) ? null : { code: 'illegal_transition', message: `cannot ${kind} while ${status}` };
}

function isLegal(
  kind: EscrowCommandKind,
  { status, fulfilment, deadlineAt, verifying = false }: EscrowStanding,
): boolean {
  // A disputed hold moves only by what its dispute decides.
  if (status === 'disputed') return false;
  const physical = fulfilment === 'physical';
  switch (kind) {
    case 'process':
      return physical && canMoveEscrow(status, 'processing');
    case 'ship':
      return physical && canMoveEscrow(status, 'shipped');
    case 'deliver':
      return status === 'shipped' && !verifying;
    case 'confirm':
    case 'release':
      return canMoveEscrow(status, 'releasing');
    case 'cancel':
    case 'refund':
      return canMoveEscrow(status, 'refunding');
    case 'extend':
    case 'pause':
      return deadlineAt !== null;
    case 'resume':
      return true;
  }
}

/** Well before the last year that RFC 3339 (and what stores and shows instants) can write: 9999. */
const FARTHEST_MS = Date.parse('9000-01-01T00:00:00Z');

function refusedByContent(command: EscrowCommand, escrow: EscrowStanding): Refusal | null {
  if ('reason' in command && command.reason.trim() === '') {
    return { code: 'reason_required', message: `${command.kind} needs a reason: it is audited` };
  }
  if (command.kind === 'extend' && !(Date.parse(command.until) > Date.parse(escrow.deadlineAt ?? ''))) {
    return { code: 'deadline_not_later', message: `the new deadline must be later than ${escrow.deadlineAt}` };
  }
  if (command.kind === 'extend' && Date.parse(command.until) > FARTHEST_MS) {
    return { code: 'validation_failed', message: 'the new deadline is too far away' };
  }
  return null;
}
