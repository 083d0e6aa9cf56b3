/** Third chapter: one escrow per vendor order holds its share; the order ends when the last of them has. */

import { condition, startChild } from '@temporalio/workflow';
import { aggregateOrderStatus } from '../../domain/order.ts';
import { ESCROW_WORKFLOW_TYPE, type EscrowInput, type EscrowResult, escrowWorkflowId } from '../escrow/contract.ts';
import { fail } from '../shared/fail.ts';
import { SEARCH_ATTRIBUTES } from '../shared/operator-view.ts';
import { sendBackWhatIsLeft } from './late-money.ts';
import type { OrderState } from './state.ts';

type EscrowWorkflow = (input: EscrowInput) => Promise<EscrowResult>;

/** Starts one escrow per vendor order. They hold money, so they outlive the order's run whatever happens to it. */
export async function openEscrows(order: OrderState): Promise<Promise<EscrowResult>[]> {
  const handles = await Promise.all(
    escrowInputs(order).map((input) =>
      startChild<EscrowWorkflow>(ESCROW_WORKFLOW_TYPE, {
        workflowId: escrowWorkflowId(input.escrowId),
        args: [input],
        parentClosePolicy: 'ABANDON',
        cancellationType: 'ABANDON',
        workflowIdReusePolicy: 'REJECT_DUPLICATE',
        staticSummary: `${input.preset} hold of ${input.grossMinor} ${input.currency} (minor units)`,
        typedSearchAttributes: [
          { key: SEARCH_ATTRIBUTES.escrowStatus, value: 'held' },
          ...nextActionAttribute(input),
          { key: SEARCH_ATTRIBUTES.preset, value: input.preset },
          { key: SEARCH_ATTRIBUTES.vendorId, value: input.sellerId },
        ],
      }),
    ),
  );
  return handles.map((handle) => handle.result());
}

/** Waits for every escrow; money that arrives a second time meanwhile goes straight back. */
export async function everyEscrowSettled(order: OrderState, escrows: Promise<EscrowResult>[]): Promise<void> {
  let ended = false;
  const outcomes = Promise.allSettled(escrows).finally(() => {
    ended = true;
  });
  while (!ended) {
    await condition(() => ended || order.arrivals.length > 0);
    await sendBackWhatIsLeft(order);
  }
  const statuses = (await outcomes).map((outcome) => {
    // Only an operator's terminate ends an escrow without a result: say so where operators look.
    if (outcome.status === 'rejected') throw fail('internal_error', 'an escrow ended without settling its hold');
    return outcome.value.status;
  });
  order.status = aggregateOrderStatus(statuses);
}

/** Digital goods have no deadline for shipping. */
function nextActionAttribute({ fulfilment, paidAt, policy }: EscrowInput) {
  if (fulfilment === 'digital') return [];
  const shipBy = new Date(Date.parse(paidAt) + policy.hold.shipWithinMs);
  return [{ key: SEARCH_ATTRIBUTES.nextActionAt, value: shipBy }];
}

function escrowInputs(order: OrderState): EscrowInput[] {
  const { placed, paid } = order;
  if (!placed || !paid) throw fail('internal_error', 'escrows open only for a placed and paid order');
  return placed.vendorOrders.map((vendorOrder) => ({
    ...vendorOrder,
    orderId: order.input.orderId,
    buyerId: order.input.buyerId,
    preset: placed.preset,
    currency: placed.currency,
    policy: placed.holdPolicy,
    payment: {
      paymentId: paid.arrival.paymentId,
      captured: paid.arrival.captured,
      captureBefore: paid.arrival.captureBefore,
    },
    paidAt: paid.paidAt,
  }));
}
