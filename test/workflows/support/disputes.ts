/** Disputes for workflow tests: opened at a running escrow, and the messages that people send to them. */

import type { Client, WorkflowHandle } from '@temporalio/client';
import { newId } from '../../../db/new-id.ts';
import type { Decision, DisputeActor, DisputeCase, DisputeId } from '../../../domain/disputes/dispute.ts';
import {
  commandUpdate,
  DISPUTE_WORKFLOW_TYPE,
  type DisputeInput,
  type DisputeResult,
  disputeWorkflowId,
  type RunningDisputeCommand,
} from '../../../workflows/dispute/contract.ts';
import { type EscrowCarried, type OpenDisputeInput, openDisputeUpdate } from '../../../workflows/escrow/contract.ts';
import { TASK_QUEUES } from '../../../workflows/task-queues.ts';
import type { WorkflowEnvironment } from './environment.ts';
import { carried, type StartedEscrow } from './escrows.ts';
import { disputePolicy, fromNow, holdPolicy } from './policies.ts';

type DisputeWorkflow = (input: DisputeInput) => Promise<DisputeResult>;
export type DisputeHandle = WorkflowHandle<DisputeWorkflow>;

/** A running dispute and everything a test does to it. */
export type StartedDispute = {
  id: DisputeId;
  opened: DisputeCase;
  handle: DisputeHandle;
  ask(command: RunningDisputeCommand, updateId?: string): Promise<DisputeCase>;
};

export const ADMIN: DisputeActor = { role: 'admin', id: 'usr_admin' };
export const OTHER_ADMIN: DisputeActor = { role: 'admin', id: 'usr_other_admin' };
export const CUP = [{ itemId: 'itm_cups', quantity: 1 }] as const;
export const POT = [{ itemId: 'itm_pot', quantity: 1 }] as const;

export function disputeHandle(client: Client, disputeId: DisputeId): DisputeHandle {
  return client.workflow.getHandle<DisputeWorkflow>(disputeWorkflowId(disputeId));
}

/** The clocks that a test gives to a hold; all others never ring. */
export type HoldClocks = Parameters<typeof holdPolicy>[0];

/** A hold whose goods are on their way, paid out with each release; a verdict about it is final at once. */
export async function shippedHold(environment: WorkflowEnvironment, hold: HoldClocks = {}): Promise<StartedEscrow> {
  const escrow = await disputableHold(environment, hold);
  await escrow.ask('ship');
  return escrow;
}

/**
 * The same, paused by an admin: what a test does first comes first on the busiest machine. `soonMs` after `resume` the
 * goods count as delivered, and as long after that they are released.
 */
export function pausedHold(environment: WorkflowEnvironment, soonMs: number): Promise<StartedEscrow> {
  const story = carried({ status: 'shipped', deliveredBy: fromNow(soonMs), pausedAt: fromNow(0) });
  return disputableHold(environment, { autoReleaseMs: soonMs }, story);
}

function disputableHold(
  environment: WorkflowEnvironment,
  hold: HoldClocks,
  story?: EscrowCarried,
): Promise<StartedEscrow> {
  const policy = holdPolicy(hold, { payoutMode: 'per_release' });
  return environment.escrow({ policy, carried: story }, (world) => {
    world.disputes.policy = disputePolicy({ appeal: false });
  });
}

/** Asks the escrow to open one; by its buyer, about everything, before anything was sent, unless given. */
export function askToOpen(
  escrow: StartedEscrow,
  changes: Partial<OpenDisputeInput> = {},
  updateId?: string,
): Promise<DisputeCase> {
  return escrow.handle.executeUpdate(openDisputeUpdate, { updateId, args: [openingOf(escrow, changes)] });
}

/** The same, as soon as the escrow has heard of it: how it ends is told by `result()`. */
export function openingHeard(escrow: StartedEscrow, changes: Partial<OpenDisputeInput> = {}) {
  const args: [OpenDisputeInput] = [openingOf(escrow, changes)];
  return escrow.handle.startUpdate(openDisputeUpdate, { args, waitForStage: 'ACCEPTED' });
}

function openingOf({ buyer }: StartedEscrow, changes: Partial<OpenDisputeInput>): OpenDisputeInput {
  const usual = {
    disputeId: newId('dispute'),
    actor: buyer,
    reason: 'not_received',
    description: 'Where is it?',
  } as const;
  return { ...usual, lines: [], ...changes };
}

/** Opens it and gives what a test needs to go on. */
export async function openDispute(
  client: Client,
  escrow: StartedEscrow,
  changes: Partial<OpenDisputeInput> = {},
): Promise<StartedDispute> {
  return started(client, await askToOpen(escrow, changes));
}

export function started(client: Client, opened: DisputeCase): StartedDispute {
  const id = opened.disputeId;
  const handle = disputeHandle(client, id);
  return {
    id,
    opened,
    handle,
    ask: (command, updateId) => handle.executeUpdate(commandUpdate, { updateId, args: [command] }),
  };
}

/** The commands of a dispute, each by whose right it is unless given. */
export function commandsOf({ buyer, seller }: Pick<StartedEscrow, 'buyer' | 'seller'>) {
  const [asBuyer, asSeller] = [buyer, seller] as [DisputeActor, DisputeActor];
  return {
    respond: (): RunningDisputeCommand => ({ kind: 'respond', actor: asSeller, text: 'I sent it.' }),
    claim: (actor = ADMIN): RunningDisputeCommand => ({ kind: 'claim', actor }),
    verdict: (decision: Decision, actor = ADMIN): RunningDisputeCommand => ({
      kind: 'verdict',
      actor,
      decision,
      note: 'The photographs show it.',
    }),
    review: (decision: Decision, actor = OTHER_ADMIN): RunningDisputeCommand => ({
      kind: 'reviewVerdict',
      actor,
      decision,
      note: 'They do not.',
    }),
    appeal: (actor = asSeller): RunningDisputeCommand => ({ kind: 'appeal', actor, reason: 'Look again.' }),
    offer: (buyerMinor: number, actor = asSeller, offerId: string = newId('offer')): RunningDisputeCommand => ({
      kind: 'offer',
      actor,
      offerId,
      terms: { kind: 'split', buyerMinor, currency: 'USD' },
    }),
    accept: (offerId: string, actor = asBuyer): RunningDisputeCommand => ({ kind: 'acceptOffer', actor, offerId }),
    decline: (offerId: string, actor = asBuyer): RunningDisputeCommand => ({ kind: 'declineOffer', actor, offerId }),
    takeBack: (offerId: string, actor = asSeller): RunningDisputeCommand => ({ kind: 'withdrawOffer', actor, offerId }),
    withdraw: (): RunningDisputeCommand => ({ kind: 'withdraw', actor: asBuyer }),
    shipReplacement: (): RunningDisputeCommand => ({
      kind: 'shipReplacement',
      actor: asSeller,
      carrier: 'DHL',
      trackingNumber: '2',
    }),
    sendReturn: (): RunningDisputeCommand => ({ kind: 'sendReturn', actor: asBuyer }),
    confirmReturn: (): RunningDisputeCommand => ({ kind: 'confirmReturn', actor: asSeller }),
  };
}

/** Starts one in the middle of its story, beside an escrow that knows nothing of it. */
export async function startDispute(
  client: Client,
  { input, world }: StartedEscrow,
  dispute: DisputeCase,
): Promise<StartedDispute> {
  const { disputeId } = dispute;
  world.disputes.all.set(disputeId, {
    dispute,
    version: 1,
    units: [],
    chargebackId: null,
    settled: false,
    isFreed: false,
  });
  await client.workflow.start<DisputeWorkflow>(DISPUTE_WORKFLOW_TYPE, {
    workflowId: disputeWorkflowId(disputeId),
    taskQueue: TASK_QUEUES.core,
    args: [{ orderId: input.orderId, dispute, chargebackId: null }],
  });
  return started(client, dispute);
}
