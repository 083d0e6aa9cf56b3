/** The door into the authenticity workflow (the verifier leg, a child of its escrow): its id, its input, its messages. */

import { defineQuery, defineSignal, defineUpdate } from '@temporalio/workflow';
import type { AuthenticityCase, AuthenticityPhase } from '../../domain/authenticity/case.ts';
import type { AuthenticityCommand } from '../../domain/authenticity/commands.ts';
import type { EscrowId, OrderId } from '../../domain/ids.ts';
import type { PresetName } from '../../domain/policy/policy.ts';
import type { Timeline } from '../../domain/timeline.ts';

export const AUTHENTICITY_WORKFLOW_TYPE = 'authenticityWorkflow';

/** One leg per hold: the escrow names it. */
export const authenticityWorkflowId = (escrowId: EscrowId): string => `authenticity/${escrowId}`;

/** The case as `openAuthenticity` stored it. */
export type AuthenticityInput = {
  orderId: OrderId;
  preset: PresetName;
  version: number;
  authenticity: AuthenticityCase;
};

export type AuthenticityOutcome = { phase: AuthenticityPhase };

/**
 * One request of an admin, the verifier or the buyer; answers the case once the change is stored. Fails with the code of
 * `authenticityRefusal` (forbidden, verifier_conflict, not_your_turn, already_decided, deadline_passed, reason_required,
 * validation_failed, amount_out_of_range, outcome_not_offered) and verifier_not_found.
 */
export const authenticityCommandUpdate = defineUpdate<AuthenticityCase, [AuthenticityCommand]>('command');

/** Fact: the escrow has settled without waiting for this leg. */
export const holdSettledSignal = defineSignal<[HoldSettled]>('holdSettled');
export type HoldSettled = { eventId: string; escrowId: EscrowId };

export const authenticityTimelineQuery = defineQuery<Timeline>('timeline');
export const authenticityCaseQuery = defineQuery<AuthenticityCase>('case');
