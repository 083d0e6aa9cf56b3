/** The door into the dispute workflow (one per dispute, a child of its escrow): its id, its input, its messages. */

import { defineQuery, defineSignal, defineUpdate } from '@temporalio/workflow';
import type { DisputeCommand } from '../../domain/disputes/commands.ts';
import type { DisputeCase, DisputeId, Settlement } from '../../domain/disputes/dispute.ts';
import type { OrderId } from '../../domain/ids.ts';
import type { Timeline } from '../../domain/timeline.ts';

export const DISPUTE_WORKFLOW_TYPE = 'disputeWorkflow';

export const disputeWorkflowId = (disputeId: DisputeId): string => `dispute/${disputeId}`;

/** The case as `openDispute` stored it: version 1. */
export type DisputeInput = {
  orderId: OrderId;
  dispute: DisputeCase;
  /** The bank's matter, where the bank opened the dispute. */
  chargebackId: string | null;
  /** Present after a continue-as-new. */
  carried?: DisputeCarried;
};

/** Everything a running dispute knows, JSON-safe: it crosses a continue-as-new. */
export type DisputeCarried = {
  /** Of this shape: a later shape must still read earlier ones. */
  format: 1;
  version: number;
  dispute: DisputeCase;
  chargebackId: string | null;
  /** Decisions of the bank that came before the matter they decide. */
  closedEarly: BankClosed[];
  seenEventIds: string[];
  history: Timeline['entries'];
};

/** What is to be done with the frozen money; the escrow does it. */
export type DisputeResult = { settlement: Settlement };

/** What people ask of a running dispute. Messages and evidence are rows: they change no phase and do not come here. */
export type RunningDisputeCommand = Exclude<DisputeCommand, { kind: 'message' | 'evidence' }>;

/**
 * One request of a party or a reviewer; answers the case once the change is stored. Fails with the code of
 * `disputeRefusal` (forbidden, verdict_by_party, dispute_closed, already_decided, not_your_turn, deadline_passed,
 * offer_not_open, offer_out_of_range, outcome_not_offered, same_reviewer, case_claimed, appeal_used, ...).
 */
export const commandUpdate = defineUpdate<DisputeCase, [RunningDisputeCommand]>('command');

/** Fact: the bank has taken the matter up; every clock stops. */
export const bankOpenedSignal = defineSignal<[BankOpened]>('bankOpened');
export type BankOpened = { eventId: string; chargebackId: string };

/** Fact: the bank has decided. */
export const bankClosedSignal = defineSignal<[BankClosed]>('bankClosed');
export type BankClosed = { eventId: string; chargebackId: string; result: 'won' | 'lost' };

export const disputeTimelineQuery = defineQuery<Timeline>('timeline');
export const disputeCaseQuery = defineQuery<DisputeCase>('case');
