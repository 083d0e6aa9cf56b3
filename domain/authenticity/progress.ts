/** How a verifier leg goes on: begun, moved by what people ask, by its deadlines and by its hold's end. Pure, from case to case. */

import { movedBy } from '../disputes/deadlines.ts';
import { DomainError } from '../domain-error.ts';
import {
  type AuthenticityCase,
  type AuthenticityPhase,
  type AuthenticityResult,
  canMoveAuthenticity,
  isTerminalAuthenticityPhase,
} from './case.ts';
import { type AuthenticityCommand, authenticityRefusal } from './commands.ts';
import { authenticityPhaseMs } from './deadlines.ts';

/** What is known of a verifier leg when the seller has sent the goods. */
export type NewAuthenticityCase = Pick<
  AuthenticityCase,
  'escrowId' | 'orderId' | 'vendorOrderId' | 'buyerId' | 'sellerId' | 'partyIds' | 'currency' | 'itemsMinor' | 'policy'
>;

/** A verifier leg as it begins: the goods are on their way, and a verifier is looked for. */
export function beginAuthenticity(input: NewAuthenticityCase, at: string): AuthenticityCase {
  return {
    ...input,
    phase: 'assigning',
    deadlineAt: movedBy(at, input.policy.assignWithinMs),
    verifierId: null,
    inspection: null,
    result: null,
    forwarded: null,
    alerts: 0,
  };
}

/** The leg after a command that is carried out at this instant. Fails with the code it is refused with. */
export function afterAuthenticityCommand(
  leg: AuthenticityCase,
  command: AuthenticityCommand,
  at: string,
): AuthenticityCase {
  const refusal = authenticityRefusal(command, leg, at);
  if (refusal) throw new DomainError(refusal.code, refusal.message);
  switch (command.kind) {
    case 'assign': {
      const assigned = { ...leg, verifierId: command.verifierId };
      // Another verifier gets no more time: nobody keeps a buyer waiting by reassigning.
      return leg.phase === 'assigning' ? enter(assigned, 'in_transit_to_verifier', at) : assigned;
    }
    case 'receive':
      return enter(leg, 'with_verifier', at);
    case 'inspect': {
      const { finding, condition, note, lowerPriceMinor } = command;
      const inspected = { ...leg, inspection: { finding, condition, note, lowerPriceMinor, at } };
      if (finding === 'mismatch') return enter(inspected, 'mismatch_choice', at);
      return finding === 'passed' ? toForward(inspected, 'passed', at) : end(inspected, 'failed', at);
    }
    case 'choose':
      if (command.choice === 'refund') return end(leg, 'declined', at);
      return toForward(leg, command.choice === 'accept' ? 'accepted' : 'price_lowered', at);
    case 'forward': {
      if (leg.result === null) throw new RangeError('goods are sent on once it is known why');
      const { carrier, trackingNumber } = command;
      return end({ ...leg, forwarded: { carrier, trackingNumber } }, leg.result, at);
    }
  }
}

/** The leg after its deadline, at the instant this is noticed; the same one where nothing happens by itself. */
export function afterAuthenticityDeadline(leg: AuthenticityCase, at: string): AuthenticityCase {
  switch (leg.phase) {
    case 'assigning':
    case 'in_transit_to_verifier':
    case 'with_verifier':
      return end(leg, 'overdue', at);
    case 'mismatch_choice':
      return end(leg, 'declined', at);
    case 'to_forward':
      return { ...leg, alerts: leg.alerts + 1, deadlineAt: movedBy(at, leg.policy.forwardWithinMs) };
    default:
      return leg;
  }
}

/** The hold was settled otherwise: nothing is left to verify for. The same leg where it has ended already. */
export function afterHoldSettled(leg: AuthenticityCase, at: string): AuthenticityCase {
  return isTerminalAuthenticityPhase(leg.phase) ? leg : enter(leg, 'cancelled', at);
}

function toForward(leg: AuthenticityCase, result: AuthenticityResult, at: string): AuthenticityCase {
  return enter({ ...leg, result }, 'to_forward', at);
}

function end(leg: AuthenticityCase, result: AuthenticityResult, at: string): AuthenticityCase {
  return enter({ ...leg, result }, result, at);
}

/** The next phase with its deadline. Throws a RangeError for a move that the table does not have. */
function enter(leg: AuthenticityCase, phase: AuthenticityPhase, at: string): AuthenticityCase {
  if (!canMoveAuthenticity(leg.phase, phase)) throw new RangeError(`no move from ${leg.phase} to ${phase}`);
  const durationMs = authenticityPhaseMs(leg.policy, phase);
  return { ...leg, phase, deadlineAt: durationMs === null ? null : movedBy(at, durationMs) };
}
