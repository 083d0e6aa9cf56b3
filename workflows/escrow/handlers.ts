/** The escrow's message handlers: they validate and record; the main loop does the rest. */

import type { UpdateDefinition } from '@temporalio/common';
import { setHandler } from '@temporalio/workflow';
import type { DisputeCase } from '../../domain/disputes/dispute.ts';
import { type EscrowCommand, refusalOf } from '../../domain/escrow-commands.ts';
import { fail } from '../shared/fail.ts';
import { Request } from '../shared/request.ts';
import { isFact } from '../shared/seen-events.ts';
import {
  authenticityDecidedSignal,
  cancelEscrowUpdate,
  carrierReportedSignal,
  chargebackClosedSignal,
  chargebackOpenedSignal,
  confirmDeliveryUpdate,
  digitalAccessedSignal,
  disputeResolvedSignal,
  type EscrowSnapshot,
  escrowSnapshotQuery,
  escrowTimelineQuery,
  extendUpdate,
  markDeliveredUpdate,
  markProcessingUpdate,
  type OpenDisputeInput,
  openDisputeUpdate,
  pauseUpdate,
  refundUpdate,
  releaseUpdate,
  resumeUpdate,
  shipUpdate,
} from './contract.ts';
import { now } from './deadlines.ts';
import { isAuthenticityDecided, isChargebackClosed, isChargebackOpened, isDisputeResolved } from './facts.ts';
import type { OpeningRequest } from './messages.ts';
import { openingRefusalHere } from './opening.ts';
import type { EscrowState } from './state.ts';

/** Registers every handler; called before the first await, so that no message finds the door closed. */
export function registerHandlers(escrow: EscrowState): void {
  command(escrow, markProcessingUpdate, (input) => ({ kind: 'process', ...input }));
  command(escrow, shipUpdate, (input) => ({ kind: 'ship', ...input }));
  command(escrow, markDeliveredUpdate, (input) => ({ kind: 'deliver', ...input }));
  command(escrow, confirmDeliveryUpdate, (input) => ({ kind: 'confirm', ...input }));
  command(escrow, cancelEscrowUpdate, (input) => ({ kind: 'cancel', ...input }));
  command(escrow, extendUpdate, (input) => ({ kind: 'extend', ...input }));
  command(escrow, pauseUpdate, (input) => ({ kind: 'pause', ...input }));
  command(escrow, resumeUpdate, (input) => ({ kind: 'resume', ...input }));
  command(escrow, releaseUpdate, (input) => ({ kind: 'release', ...input }));
  command(escrow, refundUpdate, (input) => ({ kind: 'refund', ...input }));
  opening(escrow);
  facts(escrow);
  setHandler(escrowSnapshotQuery, () => escrow.snapshot());
  setHandler(escrowTimelineQuery, () => escrow.timeline());
}

function facts(escrow: EscrowState): void {
  setHandler(carrierReportedSignal, (fact) => {
    if (isFact(fact) && escrow.seen.takeIn(fact.eventId)) escrow.inbox.push({ kind: 'carrier', fact });
  });
  setHandler(digitalAccessedSignal, (fact) => {
    if (isFact(fact) && escrow.seen.takeIn(fact.eventId)) escrow.inbox.push({ kind: 'access', fact });
  });
  setHandler(authenticityDecidedSignal, (fact) => {
    if (isAuthenticityDecided(fact) && escrow.seen.takeIn(fact.eventId)) {
      escrow.inbox.push({ kind: 'authenticity', fact });
    }
  });
  setHandler(disputeResolvedSignal, (fact) => {
    if (isDisputeResolved(fact) && escrow.seen.takeIn(fact.eventId)) escrow.inbox.push({ kind: 'resolved', fact });
  });
  setHandler(chargebackOpenedSignal, (fact) => {
    if (isChargebackOpened(fact) && escrow.seen.takeIn(fact.eventId)) escrow.inbox.push({ kind: 'bankOpened', fact });
  });
  setHandler(chargebackClosedSignal, (fact) => {
    if (isChargebackClosed(fact) && escrow.seen.takeIn(fact.eventId)) escrow.inbox.push({ kind: 'bankClosed', fact });
  });
}

/** Whose the goods are is looked at before the request enters the history; the rest when its turn comes. */
function opening(escrow: EscrowState): void {
  const handler = (input: OpenDisputeInput): Promise<DisputeCase> => {
    const request: OpeningRequest = new Request({ ...input, at: now() });
    escrow.inbox.push({ kind: 'openDispute', request });
    return request.answered();
  };
  const validator = (input: OpenDisputeInput): void => {
    const refusal = openingRefusalHere(input, escrow);
    if (refusal) throw fail(refusal.code, refusal.message);
  };
  setHandler(openDisputeUpdate, handler, { validator });
}

/**
 * An update that becomes a command: refused before it enters the history, or queued and answered once stored. Once a
 * change of an earlier try was taken over, none is refused here: it may be the one that had made it, and its turn will tell.
 */
function command<Input>(
  escrow: EscrowState,
  update: UpdateDefinition<EscrowSnapshot, [Input]>,
  toCommand: (input: Input) => EscrowCommand,
): void {
  const handler = (input: Input): Promise<EscrowSnapshot> => {
    const request = new Request<EscrowCommand, EscrowSnapshot>(toCommand(input));
    escrow.inbox.push({ kind: 'command', request, ...(escrow.hasTakenOver && { isAgain: true }) });
    return request.answered();
  };
  const validator = (input: Input): void => {
    const refusal = refusalOf(toCommand(input), escrow.standing());
    if (refusal && !escrow.hasTakenOver) throw fail(refusal.code, refusal.message);
  };
  setHandler(update, handler, { validator });
}
