/** The API's only way to workflows: every call has a deadline, every failure becomes an answer the API can give. */

import { setTimeout as delay } from 'node:timers/promises';
import type { Client, WorkflowHandle } from '@temporalio/client';
import { type SignalDefinition, type UpdateDefinition, WorkflowNotFoundError } from '@temporalio/common';
import type { DisputeId } from '../domain/disputes/dispute.ts';
import type { ErrorCode } from '../domain/error-codes.ts';
import type { EscrowId, MarketId, OrderId } from '../domain/ids.ts';
import { authenticityWorkflowId } from '../workflows/authenticity/contract.ts';
import { chargebackWorkflowId } from '../workflows/chargeback/contract.ts';
import { disputeWorkflowId } from '../workflows/dispute/contract.ts';
import { escrowWorkflowId } from '../workflows/escrow/contract.ts';
import { type MarketInput, marketWorkflowId } from '../workflows/market/contract.ts';
import { type OrderInput, orderWorkflowId } from '../workflows/order/contract.ts';
import { type PurchaseInput, purchaseWorkflowId } from '../workflows/purchase/contract.ts';
import { ApiError } from './errors.ts';
import { createBegin, MARKET, ORDER, PURCHASE } from './temporal-begin.ts';
import { createGuard, ping } from './temporal-guard.ts';

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
  /** Sends a change to an escrow; `illegal_transition` (or what `late` says) when its workflow has ended. */
  updateEscrow<Ret, Arg>(
    def: UpdateDefinition<Ret, [Arg]>,
    escrowId: EscrowId,
    arg: Arg,
    updateId: string,
    late?: LateChange,
  ): Promise<Ret>;
  /** Sends a change to a dispute; `dispute_closed` when its workflow has ended. */
  updateDispute<Ret, Arg>(
    def: UpdateDefinition<Ret, [Arg]>,
    disputeId: DisputeId,
    arg: Arg,
    updateId: string,
  ): Promise<Ret>;
  /** Sends a change to a verifier leg; `already_decided` when its workflow has ended. */
  updateAuthenticity<Ret, Arg>(
    def: UpdateDefinition<Ret, [Arg]>,
    escrowId: EscrowId,
    arg: Arg,
    updateId: string,
    location: string,
  ): Promise<Ret>;
  /** Sends a change to a chargeback; `dispute_closed` when its workflow has ended. */
  updateChargeback<Ret, Arg>(
    def: UpdateDefinition<Ret, [Arg]>,
    chargebackId: string,
    arg: Arg,
    updateId: string,
  ): Promise<Ret>;
  /** Starts a market's workflow and waits until the market is created; `finished` as for orders. */
  createMarket(input: MarketInput, updateId: string): Promise<'created' | 'finished'>;
  /** Sends a change to a market; `market_over` when its workflow has ended. */
  updateMarket<Ret, Arg>(
    def: UpdateDefinition<Ret, [Arg]>,
    marketId: MarketId,
    arg: Arg,
    updateId: string,
  ): Promise<Ret>;
  /** Starts a purchase's workflow and waits until there is something to pay; `finished` as for orders. */
  beginPurchase(input: PurchaseInput, updateId: string): Promise<'begun' | 'finished'>;
  /** Tells an escrow a fact; a finished escrow needs no telling, so that is not an error. */
  signalEscrow<Arg>(def: SignalDefinition<[Arg]>, escrowId: EscrowId, arg: Arg): Promise<void>;
  /** Resolves when Temporal answers within `timeoutMs`. */
  ping(timeoutMs: number): Promise<void>;
}

/** What a request is told when it comes after the end (`refusal`), and where its outcome shows when it takes long. */
export type LateChange = { refusal: ErrorCode; location: string };

/** Longer than any healthy placing (tens of milliseconds), shorter than a client's patience. */
const CALL_DEADLINE_MS = 5_000;

/** How long a request waits for an escrow or a dispute to begin. */
const BEGIN_WITHIN_MS = 1_000;
const BEGIN_POLL_MS = 50;

const orderLocation = (orderId: OrderId): string => `/api/v1/orders/${orderId}`;
const escrowLocation = (escrowId: EscrowId): string => `/api/v1/escrows/${escrowId}`;
const disputeLocation = (disputeId: DisputeId): string => `/api/v1/disputes/${disputeId}`;
const marketLocation = (marketId: MarketId): string => `/api/v1/markets/${marketId}`;

/** The gateway over a real Temporal client. */
export function createTemporalGateway(
  client: Client,
  { callDeadlineMs = CALL_DEADLINE_MS }: { callDeadlineMs?: number } = {},
): TemporalGateway {
  const guarded = createGuard(client, callDeadlineMs);
  const orders = (orderId: OrderId) => client.workflow.getHandle(orderWorkflowId(orderId));

  const change = createChange(guarded);
  const begin = createBegin(client, guarded);

  /** To a workflow whose rows are there a moment before it is. */
  const changeBegun = <Ret, Arg>(
    def: UpdateDefinition<Ret, [Arg]>,
    workflowId: string,
    arg: Arg,
    updateId: string,
    late: LateChange,
  ): Promise<Ret> => {
    const workflow = client.workflow.getHandle(workflowId);
    const send = () => onceBegun(workflow, () => workflow.executeUpdate(def, { updateId, args: [arg] }));
    return change({ ...late, workflow, updateId, send });
  };

  return {
    ping: (timeoutMs) => ping(client, timeoutMs),
    placeOrder: async (input, updateId) => {
      const [workflowId, location] = [orderWorkflowId(input.orderId), orderLocation(input.orderId)];
      const begun = await begin({ ...ORDER, workflowId, location, input, updateId });
      return begun === 'begun' ? 'placed' : 'finished';
    },
    createMarket: async (input, updateId) => {
      const [workflowId, location] = [marketWorkflowId(input.marketId), marketLocation(input.marketId)];
      const begun = await begin({ ...MARKET, workflowId, location, input, updateId });
      return begun === 'begun' ? 'created' : 'finished';
    },
    updateMarket: (def, marketId, arg, updateId) =>
      changeBegun(def, marketWorkflowId(marketId), arg, updateId, {
        refusal: 'market_over',
        location: marketLocation(marketId),
      }),
    beginPurchase: (input, updateId) => {
      const { purchaseId } = input;
      const [workflowId, location] = [purchaseWorkflowId(purchaseId), `/api/v1/purchases/${purchaseId}`];
      return begin({ ...PURCHASE, workflowId, location, input, updateId });
    },
    updateOrder: (def, orderId, arg, updateId) => {
      const order = orders(orderId);
      const send = () => order.executeUpdate(def, { updateId, args: [arg] });
      return change({ location: orderLocation(orderId), workflow: order, updateId, send, refusal: 'order_not_open' });
    },
    updateEscrow: (def, escrowId, arg, updateId, late) => {
      const ending = { refusal: 'illegal_transition', location: escrowLocation(escrowId), ...late } as const;
      return changeBegun(def, escrowWorkflowId(escrowId), arg, updateId, ending);
    },
    updateDispute: (def, disputeId, arg, updateId) => {
      const ending = { refusal: 'dispute_closed', location: disputeLocation(disputeId) } as const;
      return changeBegun(def, disputeWorkflowId(disputeId), arg, updateId, ending);
    },
    updateAuthenticity: (def, escrowId, arg, updateId, location) =>
      changeBegun(def, authenticityWorkflowId(escrowId), arg, updateId, { refusal: 'already_decided', location }),
    updateChargeback: (def, chargebackId, arg, updateId) => {
      const chargeback = client.workflow.getHandle(chargebackWorkflowId(chargebackId));
      const send = () => chargeback.executeUpdate(def, { updateId, args: [arg] });
      const location = `/api/v1/admin/chargebacks/${chargebackId}`;
      return change({ location, workflow: chargeback, updateId, send, refusal: 'dispute_closed' });
    },
    signalEscrow: (def, escrowId, arg) =>
      guarded({
        location: escrowLocation(escrowId),
        call: () => client.workflow.getHandle(escrowWorkflowId(escrowId)).signal(def, arg),
        closed: () => Promise.resolve(),
      }),
  };
}

type Guarded = ReturnType<typeof createGuard>;

type Change<Ret> = LateChange & { workflow: WorkflowHandle; updateId: string; send: () => Promise<Ret> };

/** A run that has ended still knows what it answered to this very update; to any other it says `refusal`. */
function createChange(guarded: Guarded) {
  return <Ret>({ location, workflow, updateId, send, refusal }: Change<Ret>): Promise<Ret> =>
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
}

/**
 * The rows of an escrow or a dispute are there a moment before its workflow: a request that comes in between waits for
 * it, and is told to come again where it takes longer.
 */
async function onceBegun<T>(workflow: WorkflowHandle, call: () => Promise<T>): Promise<T> {
  const until = performance.now() + BEGIN_WITHIN_MS;
  for (;;) {
    try {
      return await call();
    } catch (error) {
      if (!(error instanceof WorkflowNotFoundError) || (await hasEnded(workflow))) throw error;
      if (performance.now() > until) throw new ApiError('service_unavailable', { cause: error });
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
