/** The escrow's message handlers: they validate and record; the main loop does the rest. */

import type { UpdateDefinition } from '@temporalio/common';
import { setHandler } from '@temporalio/workflow';
import { type EscrowCommand, refusalOf } from '../../domain/escrow-commands.ts';
import { fail } from '../shared/fail.ts';
import { Request } from '../shared/request.ts';
import { isFact } from '../shared/seen-events.ts';
import {
  cancelEscrowUpdate,
  carrierReportedSignal,
  confirmDeliveryUpdate,
  digitalAccessedSignal,
  type EscrowSnapshot,
  escrowSnapshotQuery,
  escrowTimelineQuery,
  extendUpdate,
  markDeliveredUpdate,
  markProcessingUpdate,
  pauseUpdate,
  refundUpdate,
  releaseUpdate,
  resumeUpdate,
  shipUpdate,
} from './contract.ts';
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
  setHandler(carrierReportedSignal, (fact) => {
    if (isFact(fact) && escrow.seen.takeIn(fact.eventId)) escrow.inbox.push({ kind: 'carrier', fact });
  });
  setHandler(digitalAccessedSignal, (fact) => {
    if (isFact(fact) && escrow.seen.takeIn(fact.eventId)) escrow.inbox.push({ kind: 'access', fact });
  });
  setHandler(escrowSnapshotQuery, () => escrow.snapshot());
  setHandler(escrowTimelineQuery, () => escrow.timeline());
}

/** An update that becomes a command: refused before it enters the history, or queued and answered once stored. */
function command<Input>(
  escrow: EscrowState,
  update: UpdateDefinition<EscrowSnapshot, [Input]>,
  toCommand: (input: Input) => EscrowCommand,
): void {
  const handler = (input: Input): Promise<EscrowSnapshot> => {
    const request = new Request<EscrowCommand, EscrowSnapshot>(toCommand(input));
    escrow.inbox.push({ kind: 'command', request });
    return request.answered();
  };
  const validator = (input: Input): void => {
    const refusal = refusalOf(toCommand(input), escrow.standing());
    if (refusal) throw fail(refusal.code, refusal.message);
  };
  setHandler(update, handler, { validator });
}
