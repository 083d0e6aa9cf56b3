/** A dispute is opened: its part freezes, and a workflow of its own decides about it. */

import { WorkflowExecutionAlreadyStartedError } from '@temporalio/common';
import { startChild } from '@temporalio/workflow';
import { isInTime } from '../../domain/disputes/deadlines.ts';
import { type DisputeCase, isTerminalDisputePhase } from '../../domain/disputes/dispute.ts';
import type { Refusal } from '../../domain/escrow-commands.ts';
import {
  DISPUTE_WORKFLOW_TYPE,
  type DisputeInput,
  type DisputeResult,
  disputeWorkflowId,
} from '../dispute/contract.ts';
import { records } from '../shared/activity-proxies.ts';
import { fail } from '../shared/fail.ts';
import { SEARCH_ATTRIBUTES } from '../shared/operator-view.ts';
import { adopt, type Cause, capture, nextWrite, refund } from './changes.ts';
import type { OpenDisputeInput } from './contract.ts';
import type { OpeningRequest } from './messages.ts';
import type { EscrowState } from './state.ts';

type DisputeWorkflow = (input: DisputeInput) => Promise<DisputeResult>;

/** What can be refused without a look at the lines: before the request enters the history. */
export function openingRefusalHere({ actor }: OpenDisputeInput, { input }: EscrowState): Refusal | null {
  if (actor.role === 'buyer' && actor.id === input.buyerId) return null;
  return { code: 'forbidden', message: 'a dispute is opened by the buyer of these goods' };
}

/** The records judge the request by its lines and freeze them; answered when the dispute is running. False: look again. */
export async function openDispute(escrow: EscrowState, request: OpeningRequest): Promise<boolean> {
  const { disputeId, actor, reason: disputeReason, description, lines, at } = request.input;
  const cause: Cause = { actor, reason: null };
  if (!escrow.captured) {
    const charged = await chargeFirst(escrow, request);
    if (charged !== 'charged') return charged === 'refused';
  }
  const write = { ...nextWrite(escrow, cause), at, disputeId, disputeReason, description, lines };
  const opened = await records.openDispute(write);
  if ('refused' in opened) {
    request.refuse(fail(opened.refused.code, opened.refused.message));
    return true;
  }
  const { dispute } = opened;
  if (dispute === null) return adopt(escrow, opened.escrow, 'dispute.opened', cause);
  // Asked for again: it is running, or has ended long since.
  if (!escrow.contested.has(disputeId) && !isTerminalDisputePhase(dispute.phase)) {
    escrow.contested.add(dispute, null);
    adopt(escrow, opened.escrow, 'dispute.opened', cause);
    await startDispute(escrow, dispute, null);
  }
  request.answer(dispute);
  return true;
}

/** A card's authorisation does not last as long as a dispute may: the buyer is charged before anything freezes. */
async function chargeFirst(
  escrow: EscrowState,
  request: OpeningRequest,
): Promise<'charged' | 'refused' | 'look again'> {
  const { actor, at } = request.input;
  if (escrow.pausedAt === null && !isInTime(at, escrow.releaseAt)) {
    request.refuse(fail('hold_already_releasing', 'the time to object is over'));
    return 'refused';
  }
  if (await capture(escrow, { actor, reason: 'a dispute is opened' })) return 'charged';
  const lapsed: Cause = { actor, reason: 'the card authorisation had lapsed' };
  if (!(await refund(escrow, lapsed))) return 'look again';
  request.refuse(fail('dispute_window_closed', 'the authorisation had lapsed: nothing was charged'));
  return 'refused';
}

/** It outlives this run. Started before, by a run that did not live to tell: it goes on. */
export async function startDispute(escrow: EscrowState, dispute: DisputeCase, chargebackId: string | null) {
  const { preset, sellerId, orderId } = escrow.input;
  const { disputeId, deadlineAt, bankSince, phase, frozenMinor, currency } = dispute;
  const rings = bankSince === null && deadlineAt !== null;
  try {
    await startChild<DisputeWorkflow>(DISPUTE_WORKFLOW_TYPE, {
      workflowId: disputeWorkflowId(disputeId),
      args: [{ orderId, dispute, chargebackId }],
      parentClosePolicy: 'ABANDON',
      cancellationType: 'ABANDON',
      workflowIdReusePolicy: 'REJECT_DUPLICATE',
      staticSummary: `${preset} dispute about ${frozenMinor} ${currency} (minor units)`,
      typedSearchAttributes: [
        { key: SEARCH_ATTRIBUTES.disputePhase, value: phase },
        ...(rings ? [{ key: SEARCH_ATTRIBUTES.nextActionAt, value: new Date(deadlineAt) }] : []),
        { key: SEARCH_ATTRIBUTES.preset, value: preset },
        { key: SEARCH_ATTRIBUTES.vendorId, value: sellerId },
      ],
    });
  } catch (error) {
    if (!(error instanceof WorkflowExecutionAlreadyStartedError)) throw error;
  }
}

/**
 * A worker may have opened a dispute and died before this run's history knew: once Postgres turns out to hold a change that
 * is not in the story, its disputes are looked up, and those that nobody runs are started.
 */
export async function takeOverDisputes(escrow: EscrowState): Promise<void> {
  if (!escrow.wasSurprised) return;
  escrow.wasSurprised = false;
  if (escrow.openDisputes === 0) return;
  const { escrowId, orderId } = escrow.input;
  for (const { dispute, chargebackId } of await records.unsettledDisputes({ escrowId, orderId })) {
    if (escrow.contested.has(dispute.disputeId)) continue;
    escrow.contested.add(dispute, chargebackId);
    await startDispute(escrow, dispute, chargebackId);
  }
  escrow.showDetails();
}
