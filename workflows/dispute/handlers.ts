/** The messages a dispute takes in: each validator refuses early, each handler only records. */

import { setHandler } from '@temporalio/workflow';
import { disputeRefusal } from '../../domain/disputes/commands.ts';
import type { DisputeCase } from '../../domain/disputes/dispute.ts';
import { fail } from '../shared/fail.ts';
import { Request } from '../shared/request.ts';
import { isFact } from '../shared/seen-events.ts';
import { now } from './changes.ts';
import {
  type BankClosed,
  type BankOpened,
  bankClosedSignal,
  bankOpenedSignal,
  commandUpdate,
  disputeCaseQuery,
  disputeTimelineQuery,
  type RunningDisputeCommand,
} from './contract.ts';
import type { CommandRequest } from './messages.ts';
import type { DisputeState } from './state.ts';

/** Registers every handler; called before the first await, so that no message finds the door closed. */
export function registerHandlers(dispute: DisputeState): void {
  const handler = (command: RunningDisputeCommand): Promise<DisputeCase> => {
    const request: CommandRequest = new Request({ command, at: now() });
    dispute.inbox.push({ kind: 'command', request, ...(dispute.hasTakenOver && { isAgain: true }) });
    return request.answered();
  };
  const validator = (command: RunningDisputeCommand): void => {
    if (isRow(command)) throw fail('validation_failed', 'messages and evidence are stored, not asked for');
    const refusal = disputeRefusal(command, dispute.case, now());
    // A change of an earlier try was taken over: the request may be the one that had made it, and its turn will tell.
    if (refusal && !dispute.hasTakenOver) throw fail(refusal.code, refusal.message);
  };
  setHandler(commandUpdate, handler, { validator });
  setHandler(bankOpenedSignal, (fact) => {
    if (isBankOpened(fact) && dispute.seen.takeIn(fact.eventId)) dispute.inbox.push({ kind: 'bankOpened', fact });
  });
  setHandler(bankClosedSignal, (fact) => {
    if (isBankClosed(fact) && dispute.seen.takeIn(fact.eventId)) dispute.inbox.push({ kind: 'bankClosed', fact });
  });
  setHandler(disputeCaseQuery, () => dispute.case);
  setHandler(disputeTimelineQuery, () => dispute.timeline());
}

function isRow({ kind }: { kind: string }): boolean {
  return kind === 'message' || kind === 'evidence';
}

function isBankOpened(fact: unknown): fact is BankOpened {
  return isFact(fact) && 'chargebackId' in fact && typeof fact.chargebackId === 'string';
}

function isBankClosed(fact: unknown): fact is BankClosed {
  return isBankOpened(fact) && 'result' in fact && (fact.result === 'won' || fact.result === 'lost');
}
