/** The API's only way to workflows: every call has a deadline, every failure becomes an answer the API can give. */

import { setTimeout as delay } from 'node:timers/promises';
import {
  type Client,
  Connection,
  defaultGrpcRetryOptions,
  isGrpcDeadlineError,
  isGrpcServiceError,
  makeGrpcRetryInterceptor,
  ServiceError,
  WithStartWorkflowOperation,
  type WorkflowHandle,
  WorkflowUpdateFailedError,
  WorkflowUpdateRPCTimeoutOrCancelledError,
} from '@temporalio/client';
import {
  ApplicationFailure,
  defineSearchAttributeKey,
  type SignalDefinition,
  TypedSearchAttributes,
  type UpdateDefinition,
  WorkflowExecutionAlreadyStartedError,
  WorkflowNotFoundError,
} from '@temporalio/common';
import { type ErrorCode, isErrorCode } from '../domain/error-codes.ts';
import type { EscrowId, OrderId } from '../domain/ids.ts';
import { escrowWorkflowId } from '../workflows/escrow/contract.ts';
import { ORDER_WORKFLOW_TYPE, type OrderInput, orderWorkflowId, placeUpdate } from '../workflows/order/contract.ts';
import { TASK_QUEUES } from '../workflows/task-queues.ts';
import { ApiError, OutcomeUnknownError } from './errors.ts';

/**
 * What the API asks of workflows. All methods throw ApiError with the code a workflow refused with,
 * `service_unavailable` when Temporal is out of reach, and OutcomeUnknownError when no answer came in time.
 * `updateId` makes a repeated request the same request.
 */
export interface TemporalGateway {
  /**
   * Starts the order's workflow and waits until the order is placed. `finished`: this id was handled before and its
   * workflow has ended, so what there is to know is in Postgres.
   */
  placeOrder(input: OrderInput, updateId: string): Promise<'placed' | 'finished'>;
  /** Sends a change to an order; `order_not_open` when its workflow has ended. */
  updateOrder<Ret, Arg>(def: UpdateDefinition<Ret, [Arg]>, orderId: OrderId, arg: Arg, updateId: string): Promise<Ret>;
  /** Sends a change to an escrow; `illegal_transition` when its workflow has ended. */
  updateEscrow<Ret, Arg>(
    def: UpdateDefinition<Ret, [Arg]>,
    escrowId: EscrowId,
    arg: Arg,
    updateId: string,
  ): Promise<Ret>;
  /** Tells an escrow a fact; a finished escrow needs no telling, so that is not an error. */
  signalEscrow<Arg>(def: SignalDefinition<[Arg]>, escrowId: EscrowId, arg: Arg): Promise<void>;
  /** Resolves when Temporal answers within `timeoutMs`. */
  ping(timeoutMs: number): Promise<void>;
}

/** Longer than any healthy placing (tens of milliseconds), shorter than a client's patience. */
const CALL_DEADLINE_MS = 5_000;
const PING_DEADLINE_MS = 500;

/** How long a request waits for an escrow to begin. */
const BEGIN_ATTEMPTS = 20;
const BEGIN_POLL_MS = 50;

const ORDER_STATUS = defineSearchAttributeKey('OrderStatus', 'KEYWORD');

const orderLocation = (orderId: OrderId): string => `/api/v1/orders/${orderId}`;
const escrowLocation = (escrowId: EscrowId): string => `/api/v1/escrows/${escrowId}`;

/** A server that restarts is back within this many attempts (about a second); one that is gone is reported soon. */
const RETRY_ATTEMPTS = 5;

/** A connection that is made on first use, so that the API starts and serves reads while Temporal is away. */
export function connectLazily(address: string): Connection {
  return Connection.lazy({
    address,
    interceptors: [makeGrpcRetryInterceptor(defaultGrpcRetryOptions({ maxAttempts: RETRY_ATTEMPTS }))],
  });
}

/** The gateway over a real Temporal client. */
export function createTemporalGateway(
  client: Client,
  { callDeadlineMs = CALL_DEADLINE_MS }: { callDeadlineMs?: number } = {},
): TemporalGateway {
  const guarded = createGuard(client, callDeadlineMs);
  const orders = (orderId: OrderId) => client.workflow.getHandle(orderWorkflowId(orderId));
  const escrows = (escrowId: EscrowId) => client.workflow.getHandle(escrowWorkflowId(escrowId));

  /** A run that has ended still knows what it answered to this very update; to any other it says `refusal`. */
  const change = <Ret>({ location, workflow, updateId, send, refusal }: Change<Ret>): Promise<Ret> =>
    guarded<Ret>({
      location,
      call: send,
      closed: () =>
        guarded<Ret>({
          location,
          call: () => workflow.getUpdateHandle<Ret>(updateId).result(),
          closed: () => Promise.reject(new ApiError(refusal)),
        }),
    });

  return {
    ping: (timeoutMs) => ping(client, timeoutMs),
    placeOrder: (input, updateId) =>
      guarded<'placed' | 'finished'>({
        location: orderLocation(input.orderId),
        call: async () => {
          const startWorkflowOperation = startOf(input);
          await client.workflow.executeUpdateWithStart(placeUpdate, { updateId, args: [], startWorkflowOperation });
          return 'placed';
        },
        closed: () =>
          guarded<'finished'>({
            location: orderLocation(input.orderId),
            // A run that has ended still knows what it answered: its refusal is thrown again.
            call: async () => {
              await orders(input.orderId).getUpdateHandle(updateId).result();
              return 'finished';
            },
            closed: () => Promise.resolve('finished'),
          }),
      }),
    updateOrder: (def, orderId, arg, updateId) => {
      const order = orders(orderId);
      const send = () => order.executeUpdate(def, { updateId, args: [arg] });
      return change({ location: orderLocation(orderId), workflow: order, updateId, send, refusal: 'order_not_open' });
    },
    updateEscrow: (def, escrowId, arg, updateId) => {
      const escrow = escrows(escrowId);
      const send = () => onceBegun(escrow, () => escrow.executeUpdate(def, { updateId, args: [arg] }));
      return change({
        location: escrowLocation(escrowId),
        workflow: escrow,
        updateId,
        send,
        refusal: 'illegal_transition',
      });
    },
    signalEscrow: (def, escrowId, arg) =>
      guarded({
        location: escrowLocation(escrowId),
        call: () => escrows(escrowId).signal(def, arg),
        closed: () => Promise.resolve(),
      }),
  };
}

type Change<Ret> = {
  location: string;
  workflow: WorkflowHandle;
  updateId: string;
  send: () => Promise<Ret>;
  refusal: ErrorCode;
};

/** Starts an order's workflow unless its id has been used, running or ended. */
function startOf(input: OrderInput) {
  return new WithStartWorkflowOperation(ORDER_WORKFLOW_TYPE, {
    workflowId: orderWorkflowId(input.orderId),
    taskQueue: TASK_QUEUES.core,
    args: [input],
    workflowIdConflictPolicy: 'USE_EXISTING',
    workflowIdReusePolicy: 'REJECT_DUPLICATE',
    typedSearchAttributes: new TypedSearchAttributes([{ key: ORDER_STATUS, value: 'created' }]),
    memo: { requestId: input.requestId },
  });
}

/** `location` shows the outcome later; `closed` answers when the workflow has ended. */
type GuardedCall<T> = { location: string; call: () => Promise<T>; closed: () => Promise<T> };

/** Runs a call under the deadline and turns what Temporal throws into what the API answers. */
function createGuard(client: Client, callDeadlineMs: number) {
  return async <T>({ location, call, closed }: GuardedCall<T>): Promise<T> => {
    try {
      return await client.withDeadline(Date.now() + callDeadlineMs, call);
    } catch (error) {
      if (isWorkflowClosed(error)) return await closed();
      if (!isTimeout(error)) throw toRefusal(error);
      // No answer: either the workflow is slow (the change may still happen) or nobody is there.
      await ping(client, PING_DEADLINE_MS).catch((cause: unknown) => {
        throw new ApiError('service_unavailable', { cause });
      });
      throw new OutcomeUnknownError(location);
    }
  };
}

/**
 * An escrow's rows are there a moment before its workflow: a request that comes in between waits for it, and is told to
 * come again where it takes longer.
 */
async function onceBegun<T>(escrow: WorkflowHandle, call: () => Promise<T>): Promise<T> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await call();
    } catch (error) {
      if (!(error instanceof WorkflowNotFoundError) || (await hasEnded(escrow))) throw error;
      if (attempt === BEGIN_ATTEMPTS) throw new ApiError('service_unavailable', { cause: error });
    }
    await delay(BEGIN_POLL_MS);
  }
}

/** False for a workflow that runs, or has not begun. */
async function hasEnded(workflow: WorkflowHandle): Promise<boolean> {
  try {
    return (await workflow.describe()).status.name !== 'RUNNING';
  } catch (error) {
    if (error instanceof WorkflowNotFoundError) return false;
    throw error;
  }
}

async function ping(client: Client, timeoutMs: number): Promise<void> {
  await client.withDeadline(Date.now() + timeoutMs, () => client.workflowService.getSystemInfo({}));
}

function isTimeout(error: unknown): boolean {
  return error instanceof WorkflowUpdateRPCTimeoutOrCancelledError || isGrpcDeadlineError(error);
}

/** The run has ended (or ended while the update was in it), or its id was used before. */
function isWorkflowClosed(error: unknown): boolean {
  if (error instanceof WorkflowNotFoundError || error instanceof WorkflowExecutionAlreadyStartedError) return true;
  return refusalOf(error)?.type === 'AcceptedUpdateCompletedWorkflow';
}

/** Why an update failed: an activity's failure arrives wrapped, so the innermost application failure says it. */
function refusalOf(error: unknown): ApplicationFailure | null {
  if (!(error instanceof WorkflowUpdateFailedError)) return null;
  let innermost: ApplicationFailure | null = null;
  for (let cause: unknown = error.cause; cause instanceof Error; cause = cause.cause) {
    if (cause instanceof ApplicationFailure) innermost = cause;
  }
  return innermost;
}

function toRefusal(error: unknown): unknown {
  const refusal = refusalOf(error);
  if (refusal?.type && isErrorCode(refusal.type)) {
    return new ApiError(refusal.type, { detail: refusal.message, cause: error });
  }
  if (error instanceof ServiceError || isGrpcServiceError(error)) {
    return new ApiError('service_unavailable', { cause: error });
  }
  return error;
}
