/** Workflows behind the contracts' doors that do just enough to see what the gateway makes of each answer. */

import {
  ApplicationFailure,
  allHandlersFinished,
  condition,
  proxyLocalActivities,
  setHandler,
  sleep,
} from '@temporalio/workflow';
import type { DisputeCase } from '../../../domain/disputes/dispute.ts';
import { commandUpdate } from '../../../workflows/dispute/contract.ts';
import {
  digitalAccessedSignal,
  escrowSnapshotQuery,
  openDisputeUpdate,
  shipUpdate,
} from '../../../workflows/escrow/contract.ts';
import {
  cancelMarketUpdate,
  createUpdate,
  type MarketInput,
  suspendUpdate,
} from '../../../workflows/market/contract.ts';
import {
  cancelOrderUpdate,
  type OrderInput,
  type OrderResult,
  placeUpdate,
} from '../../../workflows/order/contract.ts';

/** The request hash says what the order does: `refuse`, `refuse late`, `hang`, or anything else for being placed. */
export async function orderWorkflow({ orderId, requestHash }: OrderInput): Promise<OrderResult> {
  let ended = false;
  setHandler(placeUpdate, async () => {
    if (requestHash === 'hang') await sleep('1 hour');
    if (requestHash === 'refuse') {
      ended = true;
      throw ApplicationFailure.nonRetryable('only 2 left', 'out_of_stock');
    }
    if (requestHash === 'end') ended = true;
    return { orderId, status: 'pending_payment' as const };
  });
  setHandler(cancelOrderUpdate, ({ reason }) => {
    if (reason === 'paid') throw ApplicationFailure.nonRetryable('too late', 'order_already_paid');
    if (reason === 'odd') throw ApplicationFailure.nonRetryable('?', 'SomethingElse');
    ended = true;
    return { status: 'cancelled' as const };
  });
  await condition(() => ended);
  if (requestHash !== 'hang') await condition(allHandlersFinished);
  return { status: 'cancelled' };
}

const { hold } = proxyLocalActivities<{ hold(): Promise<void> }>({ startToCloseTimeout: '30s' });

/** Ends when goods are shipped by `the last run`, and is held up in that: what comes meanwhile meets its end. */
export async function escrowWorkflow(): Promise<void> {
  let accessed = 0;
  let ending = false;
  const snapshot = () => ({
    escrowId: 'esc_x' as const,
    status: 'held' as const,
    paused: accessed > 0,
    nextAction: { kind: 'none' as const, at: null },
  });
  setHandler(shipUpdate, async ({ carrier }) => {
    ending = carrier === 'the last run';
    if (ending) await condition(() => accessed > 0);
    return snapshot();
  });
  setHandler(escrowSnapshotQuery, snapshot);
  // Takes the request in and never answers.
  setHandler(openDisputeUpdate, async () => {
    await condition(() => false);
    throw ApplicationFailure.nonRetryable('never', 'not_found');
  });
  setHandler(digitalAccessedSignal, () => {
    accessed += 1;
  });
  await condition(() => ending);
  await hold();
}

/** Refuses what the reviewers ask, ends when it is withdrawn. */
export async function disputeWorkflow(dispute: DisputeCase): Promise<void> {
  let ended = false;
  setHandler(commandUpdate, ({ kind }) => {
    if (kind === 'verdict') throw ApplicationFailure.nonRetryable('the seller is heard first', 'not_your_turn');
    ended = kind === 'withdraw';
    return dispute;
  });
  await condition(() => ended);
  await condition(allHandlersFinished);
}

/** The request hash says whether it refuses to be created; it ends when it is cancelled. */
export async function marketWorkflow({ marketId, requestHash }: MarketInput): Promise<void> {
  let ended = false;
  const stored = () => ({ marketId, status: ended ? ('cancelled' as const) : ('open' as const), version: 1 });
  setHandler(createUpdate, () => {
    if (requestHash === 'refuse') {
      ended = true;
      throw ApplicationFailure.nonRetryable('it closes yesterday', 'closes_at_not_later');
    }
    return stored();
  });
  setHandler(suspendUpdate, () => {
    throw ApplicationFailure.nonRetryable('twice', 'illegal_transition');
  });
  setHandler(cancelMarketUpdate, () => {
    ended = true;
    return stored();
  });
  await condition(() => ended);
  await condition(allHandlersFinished);
}
