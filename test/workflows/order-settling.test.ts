/** The order once money has come: its escrows, how it ends, what goes back, and every message in every state. */

import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { WorkflowFailedError } from '@temporalio/client';
import type { EscrowStatus } from '../../domain/escrow.ts';
import { orderSnapshotQuery, orderTimelineQuery } from '../../workflows/order/contract.ts';
import { startWorkflowEnvironment, type WorkflowEnvironment } from './support/environment.ts';
import { ask, partiesOf } from './support/escrows.ts';
import { paymentIdOf } from './support/fake-activities.ts';
import { refusal } from './support/fake-world.ts';
import { eventsOf, refusalCode, untilEvents } from './support/history.ts';
import { arrivalFor, placedOrder, type TestOrder } from './support/orders.ts';

let environment: WorkflowEnvironment;
beforeAll(async () => {
  environment = await startWorkflowEnvironment();
});
afterAll(() => environment.close());

/** Lets the n-th vendor order's escrow end: released by the buyer, or refunded by the seller. */
async function settle(order: TestOrder, index: number, end: 'released' | 'refunded'): Promise<void> {
  const handle = await order.escrow(index);
  const sellerId = order.world.placed.vendorOrders[index]?.sellerId ?? '';
  const parties = partiesOf({ buyerId: order.input.buyerId, sellerId });
  if (end === 'refunded') {
    await ask(handle, parties, 'cancel');
    return;
  }
  await ask(handle, parties, 'ship');
  await ask(handle, parties, 'confirm');
}

async function paidOrder(vendors = 1): Promise<TestOrder> {
  const order = environment.order(placedOrder({}, vendors));
  await order.place();
  await order.pay();
  await order.escrow();
  return order;
}

describe('a paid order', () => {
  it.concurrent.each<{ ends: ('released' | 'refunded')[]; status: string }>([
    { ends: ['released'], status: 'completed' },
    { ends: ['refunded'], status: 'refunded' },
    { ends: ['released', 'released'], status: 'completed' },
    { ends: ['released', 'refunded'], status: 'partially_refunded' },
    { ends: ['refunded', 'refunded'], status: 'refunded' },
  ])('whose escrows end $ends ends $status', async ({ ends, status }) => {
    const order = await paidOrder(ends.length);
    for (const [index, end] of ends.entries()) await settle(order, index, end);
    expect(await order.handle.result()).toEqual({ status });
    expect(order.world.inputsOf('releaseHold')).toHaveLength(ends.filter((end) => end === 'released').length);
    expect(order.world.inputsOf('refundHold')).toHaveLength(ends.filter((end) => end === 'refunded').length);
  });

  it.concurrent('hands each escrow its share, its parties and the policy it was placed under', async () => {
    const order = await paidOrder(2);
    const statuses = await Promise.all([0, 1].map(async (index) => (await order.escrow(index)).query('snapshot')));
    expect(statuses).toEqual(
      order.world.placed.vendorOrders.map(({ escrowId }) => ({
        escrowId,
        status: 'held' satisfies EscrowStatus,
        paused: false,
        nextAction: { kind: 'cancel_and_refund', at: expect.any(String) },
      })),
    );
  });

  it.concurrent('sends a second payment back while its escrows run, however many come', async () => {
    const order = await paidOrder();
    await Promise.all([2, 3].map((attempt) => order.pay({ paymentId: paymentIdOf(order.input.orderId, attempt) })));
    await order.world.until((world) => world.inputsOf('refundLatePayment').length === 2);
    await settle(order, 0, 'released');
    expect(await order.handle.result()).toEqual({ status: 'completed' });
    expect(order.world.inputsOf('markPaid')).toHaveLength(1);
  });

  it.concurrent('sends back a second payment that comes with the end of its last escrow', async () => {
    const order = await paidOrder();
    const sentBack = order.world.holdNext('refundLatePayment');
    await order.pay({ paymentId: paymentIdOf(order.input.orderId, 2) });
    await sentBack.reached;
    await order.pay({ paymentId: paymentIdOf(order.input.orderId, 3) });
    await order.pay({ paymentId: paymentIdOf(order.input.orderId, 4) });
    await settle(order, 0, 'released');
    await untilEvents(environment.client, order.handle.workflowId, 'childWorkflowExecutionCompleted');
    sentBack.open();
    expect(await order.handle.result()).toEqual({ status: 'completed' });
    expect(order.world.inputsOf('refundLatePayment')).toHaveLength(3);
  });

  it.concurrent('says so when an operator has terminated one of its escrows', async () => {
    const order = await paidOrder();
    await (await order.escrow()).terminate('by an operator');
    await expect(order.handle.result()).rejects.toThrow(WorkflowFailedError);
  });

  it.concurrent('leaves its escrows alone when an operator terminates it', async () => {
    const order = await paidOrder();
    await order.handle.terminate('by an operator');
    await settle(order, 0, 'released');
    expect(await (await order.escrow()).result()).toEqual({ status: 'released' });
  });
});

describe('money that is not what the order costs', () => {
  it.concurrent('goes back, and the order waits on for the right amount', async () => {
    const order = environment.order();
    await order.place();
    order.world.failNext('markPaid', refusal('payment_amount_mismatch'));
    await order.pay({ amountMinor: 1 });
    await order.world.until((world) => world.names().includes('refundLatePayment'));
    await order.retryPayment();
    await order.pay({ paymentId: paymentIdOf(order.input.orderId, 2) });
    await order.escrow();
    expect(order.world.orderStatus).toBe('paid_in_escrow');
  });

  it.concurrent('does not keep the order from ending', async () => {
    const order = environment.order();
    await order.place();
    order.world.moneyWasFirst = arrivalFor(order.input, { amountMinor: 1 });
    order.world.failNext('markPaid', refusal('payment_amount_mismatch'));
    expect(await order.cancel()).toEqual({ status: 'cancelled' });
    expect(order.world.names().slice(2)).toEqual(['cancelPayment', 'markPaid', 'refundLatePayment', 'closeUnpaid']);
  });
});

describe('money that comes too late', () => {
  it.concurrent('goes back when the rows were closed before it', async () => {
    const order = environment.order();
    await order.place();
    order.world.orderStatus = 'expired';
    await order.pay();
    expect((await order.handle.result()).status).toBe('expired');
    expect(order.world.names().slice(2)).toEqual(['markPaid', 'refundLatePayment']);
  });

  it.concurrent('goes back when the order is just being closed', async () => {
    const order = environment.order();
    await order.place();
    const closing = order.world.holdNext('cancelPayment');
    const cancelling = order.cancel();
    await closing.reached;
    await order.pay();
    await order.pay({ paymentId: paymentIdOf(order.input.orderId, 2) });
    closing.open();
    expect(await cancelling).toEqual({ status: 'cancelled' });
    expect((await order.handle.result()).status).toBe('cancelled');
    expect(order.world.names().slice(2)).toEqual([
      'cancelPayment',
      'closeUnpaid',
      'refundLatePayment',
      'refundLatePayment',
    ]);
  });
});

describe('an operator who cancels the workflow', () => {
  it.concurrent('ends an unpaid order, provider first', async () => {
    const order = environment.order();
    await order.place();
    await order.handle.cancel();
    expect(await order.handle.result()).toEqual({ status: 'cancelled' });
    expect(order.world.names().slice(2)).toEqual(['cancelPayment', 'closeUnpaid']);
  });

  it.concurrent('while the order is being placed leaves nothing reserved, and the buyer is answered', async () => {
    const order = environment.order();
    const created = order.world.holdNext('createPayment');
    const placing = order.place();
    await created.reached;
    await order.handle.cancel();
    await untilEvents(environment.client, order.handle.workflowId, 'workflowExecutionCancelRequested');
    created.open();
    expect((await placing).status).toBe('pending_payment');
    expect(await order.handle.result()).toEqual({ status: 'cancelled' });
    expect(order.world.orderStatus).toBe('cancelled');
  });

  it.concurrent('finds that the provider has the money: the order goes on as paid', async () => {
    const order = environment.order();
    await order.place();
    order.world.moneyWasFirst = arrivalFor(order.input);
    await order.handle.cancel();
    await settle(order, 0, 'released');
    expect(await order.handle.result()).toEqual({ status: 'completed' });
  });

  it.concurrent('does not stop a paid order nor its escrows', async () => {
    const order = await paidOrder();
    await order.handle.cancel();
    await (await order.escrow()).cancel();
    await settle(order, 0, 'released');
    expect(await order.handle.result()).toEqual({ status: 'completed' });
  });
});

describe('every message in every state of an order', () => {
  type State = 'unpaid' | 'paid' | 'ended';
  const STATES: Record<State, () => Promise<TestOrder>> = {
    unpaid: async () => {
      const order = environment.order();
      await order.place();
      return order;
    },
    paid: paidOrder,
    ended: async () => {
      const order = await STATES.unpaid();
      await order.cancel();
      await order.handle.result();
      return order;
    },
  };
  const outcome = (asked: Promise<unknown>): Promise<string> =>
    refusalCode(asked).then(
      (code) => code ?? 'taken in',
      (error: Error) => error.name,
    );
  const MESSAGES = {
    place: (order: TestOrder) => order.place('another'),
    retryPayment: (order: TestOrder) => order.retryPayment(),
    cancel: (order: TestOrder) => order.cancel(),
    paymentSucceeded: (order: TestOrder) => order.pay(),
    paymentFailed: (order: TestOrder) => order.decline(),
    'an unknown signal': (order: TestOrder) => order.handle.signal('nobodyKnows', { any: 'thing' }),
    'an unknown update': (order: TestOrder) => order.handle.executeUpdate('nobodyKnows'),
    'a request without its contents': (order: TestOrder) => order.handle.executeUpdate('cancel'),
    snapshot: (order: TestOrder) => order.handle.query(orderSnapshotQuery),
    timeline: (order: TestOrder) => order.handle.query(orderTimelineQuery),
  };
  const GONE = 'WorkflowNotFoundError';
  const TABLE: Record<keyof typeof MESSAGES, Record<State, string>> = {
    place: { unpaid: 'taken in', paid: 'taken in', ended: 'WorkflowExecutionAlreadyStartedError' },
    retryPayment: { unpaid: 'taken in', paid: 'order_already_paid', ended: GONE },
    cancel: { unpaid: 'taken in', paid: 'order_already_paid', ended: GONE },
    paymentSucceeded: { unpaid: 'taken in', paid: 'taken in', ended: GONE },
    paymentFailed: { unpaid: 'taken in', paid: 'taken in', ended: GONE },
    'an unknown signal': { unpaid: 'taken in', paid: 'taken in', ended: GONE },
    'an unknown update': { unpaid: 'Error', paid: 'Error', ended: GONE },
    'a request without its contents': { unpaid: 'validation_failed', paid: 'validation_failed', ended: GONE },
    snapshot: { unpaid: 'taken in', paid: 'taken in', ended: 'taken in' },
    timeline: { unpaid: 'taken in', paid: 'taken in', ended: 'taken in' },
  };

  it.concurrent.each(Object.keys(STATES) as State[])('%s', async (state) => {
    const names = Object.keys(MESSAGES) as (keyof typeof MESSAGES)[];
    const outcomes = await Promise.all(
      names.map(async (name) => [name, await outcome(MESSAGES[name](await STATES[state]()))] as const),
    );
    expect(Object.fromEntries(outcomes)).toEqual(Object.fromEntries(names.map((name) => [name, TABLE[name][state]])));
  });

  it.concurrent('a refused request leaves no event behind', async () => {
    const order = await paidOrder();
    const requests = async () => (await eventsOf(order.handle)).filter((name) => name.includes('Update'));
    const before = await requests();
    expect(await refusalCode(order.cancel())).toBe('order_already_paid');
    expect(await refusalCode(order.retryPayment())).toBe('order_already_paid');
    expect(await requests()).toEqual(before);
  });

  it.concurrent('facts that are none are left out, and the order goes on', async () => {
    const order = environment.order();
    await order.place();
    for (const fact of [undefined, null, 'money', {}, { eventId: 7 }, { eventId: ['a'] }]) {
      await order.handle.signal('paymentSucceeded', fact);
      await order.handle.signal('paymentFailed', fact);
    }
    await order.pay();
    await order.escrow();
    expect(order.world.names()).toEqual(['placeOrder', 'createPayment', 'markPaid']);
  });
});
