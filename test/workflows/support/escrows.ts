/** Escrows for workflow tests: started in any state, and the messages that people and carriers send. */

import type { Client, WorkflowHandle } from '@temporalio/client';
import type { StoredEscrow } from '../../../activities/records/escrow-records.ts';
import { newId } from '../../../db/new-id.ts';
import type { Actor } from '../../../domain/escrow.ts';
import type { EscrowCommandKind } from '../../../domain/escrow-commands.ts';
import type { EscrowId } from '../../../domain/ids.ts';
import {
  cancelEscrowUpdate,
  confirmDeliveryUpdate,
  ESCROW_WORKFLOW_TYPE,
  type EscrowCarried,
  type EscrowInput,
  type EscrowResult,
  type EscrowSnapshot,
  escrowWorkflowId,
  extendUpdate,
  markDeliveredUpdate,
  markProcessingUpdate,
  pauseUpdate,
  refundUpdate,
  releaseUpdate,
  resumeUpdate,
  shipUpdate,
} from '../../../workflows/escrow/contract.ts';
import { SEARCH_ATTRIBUTES } from '../../../workflows/shared/operator-view.ts';
import { TASK_QUEUES } from '../../../workflows/task-queues.ts';
import type { FakeWorld } from './fake-world.ts';
import { fromNow, holdPolicy, NEVER_MS } from './policies.ts';

type EscrowWorkflow = (input: EscrowInput) => Promise<EscrowResult>;
export type EscrowHandle = WorkflowHandle<EscrowWorkflow>;

export type Parties = { buyer: Actor; seller: Actor; admin: Actor };

/** A running escrow and everything a test does to it. */
export type StartedEscrow = Parties & {
  input: EscrowInput;
  world: FakeWorld;
  handle: EscrowHandle;
  /** Sends the update of a command, by the party whose right it is unless given. */
  ask(kind: EscrowCommandKind, more?: { by?: Actor; until?: string; updateId?: string }): Promise<EscrowSnapshot>;
};

/** The input of an escrow of physical goods, just paid, with clocks that never ring unless given. */
export function escrowInput(changes: Partial<EscrowInput> = {}): EscrowInput {
  return {
    escrowId: newId('escrow'),
    vendorOrderId: newId('vendorOrder'),
    orderId: newId('order'),
    buyerId: newId('user'),
    sellerId: newId('user'),
    preset: 'multi-vendor',
    currency: 'USD',
    grossMinor: 10_000,
    fulfilment: 'physical',
    policy: holdPolicy(),
    payment: { paymentId: newId('payment'), captured: true, captureBefore: null },
    paidAt: fromNow(0),
    ...changes,
  };
}

/** What a run that starts in the middle of the story has been handed. */
export function carried(changes: Partial<EscrowCarried> = {}): EscrowCarried {
  return {
    format: 1,
    escrowVersion: 1,
    status: 'held',
    captured: true,
    shipBy: fromNow(NEVER_MS),
    deliveredBy: null,
    releaseAt: null,
    captureAt: null,
    pausedAt: null,
    accessedAt: null,
    seenEventIds: [],
    history: [],
    ...changes,
  };
}

/** The row that goes with an escrow's input. */
export function storedAtStart(input: EscrowInput): Partial<StoredEscrow> {
  const { carried: story, payment, grossMinor, fulfilment, paidAt, policy } = input;
  const whole = { restMinor: grossMinor, openDisputes: 0, frozenSince: null, releases: 0 };
  const shipBy = new Date(Date.parse(paidAt) + policy.hold.shipWithinMs).toISOString();
  if (!story) return { ...whole, captured: payment.captured, ...(fulfilment === 'physical' && { shipBy }) };
  const { escrowVersion: version, status, captured, deliveredBy, releaseAt, pausedAt, accessedAt } = story;
  return { ...whole, version, status, captured, shipBy: story.shipBy, deliveredBy, releaseAt, pausedAt, accessedAt };
}

export function escrowHandle(client: Client, escrowId: EscrowId): EscrowHandle {
  return client.workflow.getHandle<EscrowWorkflow>(escrowWorkflowId(escrowId));
}

/** Starts it as the order does, without an order above it. */
export async function startEscrow(client: Client, input: EscrowInput, world: FakeWorld): Promise<StartedEscrow> {
  const handle = await client.workflow.start<EscrowWorkflow>(ESCROW_WORKFLOW_TYPE, {
    workflowId: escrowWorkflowId(input.escrowId),
    taskQueue: TASK_QUEUES.core,
    args: [input],
    typedSearchAttributes: [{ key: SEARCH_ATTRIBUTES.preset, value: input.preset }],
  });
  const parties = partiesOf(input);
  return { ...parties, input, world, handle, ask: (kind, more) => ask(handle, parties, kind, more) };
}

export function partiesOf({ buyerId, sellerId }: { buyerId: string; sellerId: string }): Parties {
  return {
    buyer: { role: 'buyer', id: buyerId },
    seller: { role: 'seller', id: sellerId },
    admin: { role: 'admin', id: 'usr_admin' },
  };
}

/** Sends the update of a command, by the party whose right it is unless given. */
export function ask(
  handle: EscrowHandle,
  { buyer, seller, admin }: Parties,
  kind: EscrowCommandKind,
  more: { by?: Actor; until?: string; updateId?: string } = {},
): Promise<EscrowSnapshot> {
  const { by, until = fromNow(2 * NEVER_MS), updateId } = more;
  const reason = 'because of the test';
  switch (kind) {
    case 'process':
      return handle.executeUpdate(markProcessingUpdate, { updateId, args: [{ actor: by ?? seller }] });
    case 'ship': {
      const shipment = { actor: by ?? seller, carrier: 'DHL', trackingNumber: '1' };
      return handle.executeUpdate(shipUpdate, { updateId, args: [shipment] });
    }
    case 'deliver':
      return handle.executeUpdate(markDeliveredUpdate, { updateId, args: [{ actor: by ?? seller }] });
    case 'confirm':
      return handle.executeUpdate(confirmDeliveryUpdate, { updateId, args: [{ actor: by ?? buyer }] });
    case 'cancel':
      return handle.executeUpdate(cancelEscrowUpdate, { updateId, args: [{ actor: by ?? seller, reason }] });
    case 'extend':
      return handle.executeUpdate(extendUpdate, { updateId, args: [{ actor: by ?? admin, reason, until }] });
    case 'pause':
      return handle.executeUpdate(pauseUpdate, { updateId, args: [{ actor: by ?? admin, reason }] });
    case 'resume':
      return handle.executeUpdate(resumeUpdate, { updateId, args: [{ actor: by ?? admin, reason }] });
    case 'release':
      return handle.executeUpdate(releaseUpdate, { updateId, args: [{ actor: by ?? admin, reason }] });
    case 'refund':
      return handle.executeUpdate(refundUpdate, { updateId, args: [{ actor: by ?? admin, reason }] });
  }
}
