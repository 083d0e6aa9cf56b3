/** The story of an order: placed, paid in time, held in escrow until every vendor order is settled. */

import { allHandlersFinished, CancellationScope, condition } from '@temporalio/workflow';
import type { OrderInput, OrderResult } from './contract.ts';
import { registerHandlers } from './handlers.ts';
import { sendBackWhatIsLeft } from './late-money.ts';
import { paidInTime } from './payment.ts';
import { placed } from './placing.ts';
import { everyEscrowSettled, openEscrows } from './settling.ts';
import { OrderState } from './state.ts';

/** Started by `POST /orders` (update-with-start). Ends completed, refunded, partially refunded, cancelled or expired. */
export async function orderWorkflow(input: OrderInput): Promise<OrderResult> {
  const order = new OrderState(input);
  registerHandlers(order);
  // Nothing cuts a money step in half: an operator's cancel is a fact that the story takes in where it can.
  return CancellationScope.nonCancellable(async () => {
    if ((await placed(order)) && (await paidInTime(order))) {
      const escrows = await openEscrows(order);
      await everyEscrowSettled(order, escrows);
    }
    return finish(order);
  });
}

/** Nobody is left waiting for an answer when the workflow ends, and no money lies about. */
async function finish(order: OrderState): Promise<OrderResult> {
  order.refuseWaiting('order_not_open', `the order has ended: ${order.status}`);
  await sendBackWhatIsLeft(order);
  order.showDetails();
  await condition(allHandlersFinished);
  return order.refusal ? { status: order.status, refusal: order.refusal } : { status: order.status };
}
