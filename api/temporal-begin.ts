/** Workflows that begin with an update: sent with the start, they are one however often they are asked for. */

import { type Client, WithStartWorkflowOperation } from '@temporalio/client';
import {
  defineSearchAttributeKey,
  type SearchAttributePair,
  TypedSearchAttributes,
  type UpdateDefinition,
} from '@temporalio/common';
import { createUpdate, MARKET_WORKFLOW_TYPE } from '../workflows/market/contract.ts';
import { ORDER_WORKFLOW_TYPE, placeUpdate } from '../workflows/order/contract.ts';
import { beginUpdate, PURCHASE_WORKFLOW_TYPE } from '../workflows/purchase/contract.ts';
import { TASK_QUEUES } from '../workflows/task-queues.ts';
import type { createGuard } from './temporal-guard.ts';

const ORDER_STATUS = defineSearchAttributeKey('OrderStatus', 'KEYWORD');
const MARKET_STATUS = defineSearchAttributeKey('MarketStatus', 'KEYWORD');

/** A workflow that begins with an update, and what it is called by in the meantime. */
type Story<Ret> = {
  type: string;
  def: UpdateDefinition<Ret, []>;
  taskQueue: string;
  /** What it is found by while it has no more to say; null where nobody looks for it. */
  status: SearchAttributePair | null;
};

/** How orders begin. */
export const ORDER = {
  type: ORDER_WORKFLOW_TYPE,
  def: placeUpdate,
  taskQueue: TASK_QUEUES.core,
  status: { key: ORDER_STATUS, value: 'created' },
};
/** How markets begin: on a queue of their own, so that many at once hold up no order. */
export const MARKET = {
  type: MARKET_WORKFLOW_TYPE,
  def: createUpdate,
  taskQueue: TASK_QUEUES.bulk,
  status: { key: MARKET_STATUS, value: 'open' },
};

/** How purchases of chips begin. */
export const PURCHASE = { type: PURCHASE_WORKFLOW_TYPE, def: beginUpdate, taskQueue: TASK_QUEUES.core, status: null };

type Beginning<Ret> = Story<Ret> & {
  workflowId: string;
  location: string;
  input: { requestId: string };
  updateId: string;
};

/**
 * Begins a workflow and waits for the update's answer. `finished`: this id was handled before and its workflow has ended; a
 * run that has ended still knows what it answered, so its refusal is thrown again.
 */
export function createBegin(client: Client, guarded: ReturnType<typeof createGuard>) {
  return <Ret>({ def, location, workflowId, updateId, ...start }: Beginning<Ret>): Promise<'begun' | 'finished'> =>
    guarded<'begun' | 'finished'>({
      location,
      call: async () => {
        const startWorkflowOperation = startOf(workflowId, start);
        await client.workflow.executeUpdateWithStart(def, { updateId, args: [], startWorkflowOperation });
        return 'begun';
      },
      closed: () =>
        guarded<'finished'>({
          location,
          call: async () => {
            await client.workflow.getHandle(workflowId).getUpdateHandle(updateId).result();
            return 'finished';
          },
          closed: () => Promise.resolve('finished'),
        }),
    });
}

/** Starts a workflow unless its id has been used, running or ended. */
function startOf(
  workflowId: string,
  { type, taskQueue, status, input }: Pick<Beginning<unknown>, 'type' | 'taskQueue' | 'status' | 'input'>,
) {
  return new WithStartWorkflowOperation(type, {
    workflowId,
    taskQueue,
    args: [input],
    workflowIdConflictPolicy: 'USE_EXISTING',
    workflowIdReusePolicy: 'REJECT_DUPLICATE',
    typedSearchAttributes: new TypedSearchAttributes(status ? [status] : []),
    memo: { requestId: input.requestId },
  });
}
