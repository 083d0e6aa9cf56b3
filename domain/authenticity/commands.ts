/** Who may ask what of a verifier leg, and when it is refused: one table, used before the workflow accepts and before it acts. */

import { isInTime } from '../disputes/deadlines.ts';
import type { ErrorCode } from '../error-codes.ts';
import type { Actor, ActorRole } from '../escrow.ts';
import type { Refusal } from '../escrow-commands.ts';
import type { UserId } from '../ids.ts';
import {
  type AuthenticityCase,
  type AuthenticityPhase,
  type Condition,
  type Finding,
  isTerminalAuthenticityPhase,
  type MismatchChoice,
} from './case.ts';

type By = { actor: Actor };

/** What a person can ask of a verifier leg. */
export type AuthenticityCommand =
  | (By & { kind: 'assign'; verifierId: UserId })
  | (By & { kind: 'receive'; location: string | null; note: string | null })
  | (By & {
      kind: 'inspect';
      finding: Finding;
      condition: Condition | null;
      note: string;
      /** Only with a mismatch: what the goods are worth as they are, in minor units; null offers no lower price. */
      lowerPriceMinor: number | null;
    })
  | (By & { kind: 'choose'; choice: MismatchChoice })
  | (By & { kind: 'forward'; carrier: string; trackingNumber: string });

export type AuthenticityCommandKind = AuthenticityCommand['kind'];

type CommandRule = { roles: readonly ActorRole[]; phases: readonly AuthenticityPhase[] };

/** Every command, the roles that may give it and the phases it belongs to. */
export const AUTHENTICITY_COMMANDS: Readonly<Record<AuthenticityCommandKind, CommandRule>> = {
  // Another one, too, as long as the goods have not arrived.
  assign: { roles: ['admin'], phases: ['assigning', 'in_transit_to_verifier'] },
  receive: { roles: ['verifier'], phases: ['in_transit_to_verifier'] },
  inspect: { roles: ['verifier'], phases: ['with_verifier'] },
  choose: { roles: ['buyer'], phases: ['mismatch_choice'] },
  // An admin too: the goods must go on even if the verifier cannot.
  forward: { roles: ['verifier', 'admin'], phases: ['to_forward'] },
};

/** Null when the command may be carried out at this instant, else why not. */
export function authenticityRefusal(command: AuthenticityCommand, leg: AuthenticityCase, at: string): Refusal | null {
  return (
    refusedByAuthority(command, leg) ??
    refusedByPhase(command, leg) ??
    refusedByDeadline(leg, at) ??
    refusedByContent(command, leg)
  );
}

function refusedByAuthority({ kind, actor }: AuthenticityCommand, leg: AuthenticityCase): Refusal | null {
  const isStaff = actor.role === 'admin' || actor.role === 'verifier';
  if (isStaff && isParty(actor.id, leg)) return refuse('verifier_conflict', 'nobody verifies their own order');
  const isSomebodyHere =
    actor.role === 'admin' ||
    (actor.role === 'verifier' && actor.id === leg.verifierId) ||
    (actor.role === 'buyer' && actor.id === leg.buyerId);
  if (isSomebodyHere && AUTHENTICITY_COMMANDS[kind].roles.includes(actor.role)) return null;
  return refuse('forbidden', `a ${actor.role} may not ${kind} here`);
}

function refusedByPhase({ kind }: AuthenticityCommand, { phase }: AuthenticityCase): Refusal | null {
  if (AUTHENTICITY_COMMANDS[kind].phases.includes(phase)) return null;
  if (isTerminalAuthenticityPhase(phase)) return refuse('already_decided', `the verification has ended: ${phase}`);
  return refuse('not_your_turn', `cannot ${kind} in the phase ${phase}`);
}

/** Accepted at the deadline is accepted in time. Goods that wait to be sent on may go late: the clock only alerts. */
function refusedByDeadline({ phase, deadlineAt }: AuthenticityCase, at: string): Refusal | null {
  if (phase === 'to_forward' || isInTime(at, deadlineAt)) return null;
  return refuse('deadline_passed', `the phase ${phase} ended at ${deadlineAt}`);
}

function refusedByContent(command: AuthenticityCommand, leg: AuthenticityCase): Refusal | null {
  switch (command.kind) {
    case 'assign':
      return isParty(command.verifierId, leg)
        ? refuse('verifier_conflict', 'the verifier is a party of this order')
        : null;
    case 'inspect':
      return refusedInspection(command, leg);
    case 'choose':
      return command.choice === 'lower_price' && (leg.inspection?.lowerPriceMinor ?? null) === null
        ? refuse('outcome_not_offered', 'the verifier has named no lower price')
        : null;
    default:
      return null;
  }
}

function refusedInspection(
  { finding, condition, note, lowerPriceMinor }: AuthenticityCommand & { kind: 'inspect' },
  { itemsMinor }: AuthenticityCase,
): Refusal | null {
  if (note.trim() === '') return refuse('reason_required', 'an inspection needs a note: it is shown to both parties');
  if ((condition === null) !== (finding === 'failed')) {
    return refuse('validation_failed', 'genuine goods are graded, others are not');
  }
  if (lowerPriceMinor === null) return null;
  if (finding !== 'mismatch') return refuse('validation_failed', 'a lower price belongs to a mismatch');
  if (Number.isSafeInteger(lowerPriceMinor) && lowerPriceMinor >= 1 && lowerPriceMinor < itemsMinor) return null;
  return refuse('amount_out_of_range', `a lower price is from 1 to below ${itemsMinor}`);
}

function isParty(userId: string, { partyIds }: AuthenticityCase): boolean {
  return partyIds.some((partyId) => partyId === userId);
}

function refuse(code: ErrorCode, message: string): Refusal {
  return { code, message };
}
