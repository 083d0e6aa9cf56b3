/** The order until its money is there: placing, paying, trying again, cancelling, and the payment window. */

import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { startWorkflowEnvironment, type WorkflowEnvironment } from './support/environment.ts';
import { paymentIdOf } from './support/fake-activities.ts';
import { hiccup, refusal } from './support/fake-world.ts';
import { refusalCode, untilEvents } from './support/history.ts';
import { arrivalFor, placedOrder } from './support/orders.ts';
import { fromNow } from './support/policies.ts';

let environment: WorkflowEnvironment;
beforeAll(async () => {
  environment = await startWorkflowEnvironment();
});
afterAll(() => environment.close());

describe('placing', () => {
  it.concurrent('stores the order, creates its payment and answers', async () => {
    const order = environment.order();
    expect(await order.place()).toEqual({ orderId: order.input.orderId, status: 'pending_payment' });
    expect(order.world.names()).toEqual(['placeOrder', 'createPayment']);
    expect(order.world.inputsOf('createPayment')).toEqual([
      { orderId: order.input.orderId, attempt: 1, provider: 'stripe', method: null },
    ]);
  });

  it.concurrent('that a rule refuses answers with its code, ends rejected and calls nothing else', async () => {
    const order = environment.order();
    order.world.failNext('placeOrder', refusal('out_of_stock', 'sold out'));
    expect(await refusalCode(order.place())).toBe('out_of_stock');
    expect(await order.handle.result()).toEqual({
      status: 'rejected',
      refusal: { code: 'out_of_stock', message: 'sold out' },
    });
    expect(order.world.names()).toEqual(['placeOrder']);
  });

  it.concurrent('while the provider is down takes everything back, latest step first', async () => {
    const order = environment.order();
    order.world.failNext('createPayment', refusal('payment_provider_unavailable'));
    expect(await refusalCode(order.place())).toBe('payment_provider_unavailable');
    expect((await order.handle.result()).status).toBe('rejected');
    expect(order.world.names()).toEqual(['placeOrder', 'createPayment', 'cancelPayment', 'closeUnpaid']);
    expect(order.world.orderStatus).toBe('cancelled');
  });

  it.concurrent('that fails for a reason without a code takes everything back too', async () => {
    const order = environment.order();
    order.world.failNext('createPayment', refusal('no_code_of_ours'));
    expect(await refusalCode(order.place())).toBe('payment_provider_unavailable');
    expect(order.world.orderStatus).toBe('cancelled');
  });

  it.concurrent('sends back money that is found while it is taken back', async () => {
    const order = environment.order();
    order.world.failNext('createPayment', refusal('payment_provider_unavailable'));
    order.world.moneyWasFirst = arrivalFor(order.input);
    expect(await refusalCode(order.place())).toBe('payment_provider_unavailable');
    await order.handle.result();
    expect(order.world.names().slice(2)).toEqual(['cancelPayment', 'closeUnpaid', 'refundLatePayment']);
  });

  it.concurrent('tries a step again that fails for a moment', async () => {
    const order = environment.order();
    order.world.failNext('placeOrder', hiccup('Postgres restarts'));
    order.world.failNext('createPayment', hiccup('connection reset'));
    expect((await order.place()).status).toBe('pending_payment');
    expect(order.world.names()).toEqual(['placeOrder', 'placeOrder', 'createPayment', 'createPayment']);
  });

  it.concurrent('twice, with the same and with another update id, is placing once', async () => {
    const order = environment.order();
    const answers = await Promise.all([order.place('a'), order.place('a'), order.place('b')]);
    expect(new Set(answers.map((answer) => answer.status))).toEqual(new Set(['pending_payment']));
    expect(order.world.names()).toEqual(['placeOrder', 'createPayment']);
  });

  it.concurrent('again after the end starts no second run', async () => {
    const order = environment.order();
    await order.place();
    await order.cancel();
    await order.handle.result();
    await expect(order.place('another')).rejects.toThrow(/already/i);
    expect(order.world.inputsOf('placeOrder')).toHaveLength(1);
  });
});

describe('paying', () => {
  it.concurrent('moves the money into escrow', async () => {
    const order = environment.order();
    await order.place();
    await order.pay();
    await order.escrow();
    expect(order.world.names()).toEqual(['placeOrder', 'createPayment', 'markPaid']);
    expect((await order.handle.query('snapshot')) as object).toMatchObject({ status: 'paid_in_escrow' });
  });

  it.concurrent('counts once however often and under whatever event ids the news comes', async () => {
    const order = environment.order();
    await order.place();
    const eventId = 'evt_once';
    await Promise.all([order.pay({ eventId }), order.pay({ eventId }), order.pay(), order.pay()]);
    await order.escrow();
    await order.pay({ eventId });
    await order.pay();
    expect(order.world.inputsOf('markPaid')).toHaveLength(1);
    expect(order.world.names()).not.toContain('refundLatePayment');
  });

  it.concurrent('is taken in when the news overtakes the answer of the provider', async () => {
    const order = environment.order();
    const created = order.world.holdNext('createPayment');
    const placing = order.place();
    await created.reached;
    await order.pay();
    created.open();
    await placing;
    await order.escrow();
    // A payment that takes its time is asked for once more, with the same key.
    expect([...new Set(order.world.names())]).toEqual(['placeOrder', 'createPayment', 'markPaid']);
  });

  it.concurrent('declined and tried again cancels the old attempt first', async () => {
    const order = environment.order();
    await order.place();
    await order.decline({ eventId: 'evt_declined' });
    await order.decline({ eventId: 'evt_declined' });
    const { orderId } = order.input;
    expect(await order.retryPayment()).toEqual({ paymentId: paymentIdOf(orderId, 2) });
    await order.pay({ paymentId: paymentIdOf(orderId, 2) });
    await order.escrow();
    expect(order.world.names()).toEqual([
      'placeOrder',
      'createPayment',
      'recordDecline',
      'cancelPayment',
      'createPayment',
      'markPaid',
    ]);
    expect(order.world.inputsOf('cancelPayment')).toEqual([{ orderId, attempt: 1 }]);
  });

  it.concurrent('again is refused when the provider already has the money, and the order goes on as paid', async () => {
    const order = environment.order();
    await order.place();
    order.world.moneyWasFirst = arrivalFor(order.input);
    expect(await refusalCode(order.retryPayment())).toBe('order_already_paid');
    await order.escrow();
    expect(order.world.names()).toEqual(['placeOrder', 'createPayment', 'cancelPayment', 'markPaid']);
  });

  it.concurrent('again with a provider that is not offered is refused and touches nothing', async () => {
    const order = environment.order();
    await order.place();
    expect(await refusalCode(order.retryPayment('pi'))).toBe('payment_provider_not_offered');
    expect(order.world.names()).toEqual(['placeOrder', 'createPayment']);
  });

  it.concurrent('again while the provider is down is refused, and may be asked for once more', async () => {
    const order = environment.order();
    await order.place();
    order.world.failNext('createPayment', refusal('payment_provider_unavailable'));
    expect(await refusalCode(order.retryPayment())).toBe('payment_provider_unavailable');
    expect((await order.retryPayment()).paymentId).toBe(paymentIdOf(order.input.orderId, 3));
  });

  it.concurrent('again is refused after twenty attempts', async () => {
    const order = environment.order();
    await order.place();
    for (let attempt = 2; attempt <= 20; attempt += 1) await order.retryPayment();
    expect(await refusalCode(order.retryPayment())).toBe('order_not_open');
    expect(order.world.inputsOf('createPayment')).toHaveLength(20);
  });
});

describe('cancelling', () => {
  it.concurrent('closes the payment at the provider before the order', async () => {
    const order = environment.order();
    await order.place();
    expect(await order.cancel()).toEqual({ status: 'cancelled' });
    expect(await order.handle.result()).toEqual({ status: 'cancelled' });
    expect(order.world.names().slice(2)).toEqual(['cancelPayment', 'closeUnpaid']);
    expect(order.world.inputsOf('closeUnpaid')[0]).toMatchObject({ reason: 'changed my mind', actor: order.buyer });
  });

  it.concurrent('when the money was first leaves the order paid', async () => {
    const order = environment.order();
    await order.place();
    order.world.moneyWasFirst = arrivalFor(order.input);
    expect(await refusalCode(order.cancel())).toBe('order_already_paid');
    await order.escrow();
    expect(order.world.names().slice(2)).toEqual(['cancelPayment', 'markPaid']);
  });

  it.concurrent('while it is being placed waits until it is placed', async () => {
    const order = environment.order();
    const created = order.world.holdNext('createPayment');
    const placing = order.place();
    await created.reached;
    const cancelling = order.cancel();
    created.open();
    expect((await placing).status).toBe('pending_payment');
    expect(await cancelling).toEqual({ status: 'cancelled' });
  });

  it.concurrent('an order that cannot be placed answers that it is not open', async () => {
    const order = environment.order();
    const created = order.world.holdNext('createPayment');
    // Held for so long, the call is given up and made again: whichever is answered first, the card is declined.
    order.world.failNext('createPayment', refusal('payment_declined'), refusal('payment_declined'));
    const placing = refusalCode(order.place());
    await created.reached;
    const cancelling = refusalCode(order.cancel());
    await untilEvents(environment.client, order.handle.workflowId, 'workflowExecutionUpdateAccepted', 2);
    created.open();
    expect(await placing).toBe('payment_declined');
    expect(await cancelling).toBe('order_not_open');
  });

  it.concurrent('outlasts a provider that refuses for a while', async () => {
    const order = environment.order();
    await order.place();
    order.world.failNext('cancelPayment', hiccup('still processing'), hiccup('still processing'));
    expect(await order.cancel()).toEqual({ status: 'cancelled' });
  });
});

describe('the payment window', () => {
  const closing = () => environment.order(placedOrder({ paymentExpiresAt: fromNow(300) }));

  it.concurrent('ends the unpaid order, provider first', async () => {
    const order = closing();
    await order.place();
    expect(await order.handle.result()).toEqual({ status: 'expired' });
    expect(order.world.names().slice(2)).toEqual(['cancelPayment', 'closeUnpaid']);
    expect(order.world.inputsOf('closeUnpaid')[0]).toMatchObject({ status: 'expired', actor: { role: 'system' } });
  });

  it.concurrent('does not end an order whose provider has the money', async () => {
    const order = closing();
    order.world.moneyWasFirst = arrivalFor(order.input);
    await order.place();
    await order.escrow();
    expect(order.world.names().slice(2)).toEqual(['cancelPayment', 'markPaid']);
  });

  it.concurrent('is over for whoever asks while the order is being closed', async () => {
    const order = closing();
    const closed = order.world.holdNext('cancelPayment');
    await order.place();
    await closed.reached;
    const cancelling = await order.cancelAccepted();
    closed.open();
    expect(await refusalCode(cancelling.result())).toBe('order_not_open');
    expect((await order.handle.result()).status).toBe('expired');
  });
});
