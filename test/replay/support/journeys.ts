/** The journeys whose histories are stored: happy and unhappy paths of every workflow. */

import { carrierReportedSignal, digitalAccessedSignal } from '../../../workflows/escrow/contract.ts';
import { ask, type EscrowHandle, partiesOf } from '../../workflows/support/escrows.ts';
import { paymentIdOf } from '../../workflows/support/fake-activities.ts';
import { hiccup, refusal } from '../../workflows/support/fake-world.ts';
import { refusalCode } from '../../workflows/support/history.ts';
import { arrivalFor, placedOrder, type TestOrder } from '../../workflows/support/orders.ts';
import { fromNow, holdPolicy, NEVER_MS } from '../../workflows/support/policies.ts';
import { AUTHENTICITY } from './authenticity-journeys.ts';
import { CHARGEBACKS } from './chargeback-journeys.ts';
import { DISPUTES } from './dispute-journeys.ts';
import { type Journey, recorded } from './journey.ts';
import { PURCHASES } from './purchase-journeys.ts';

/** An escrow of the order and its parties. */
async function part(order: TestOrder, index: number): Promise<[EscrowHandle, ReturnType<typeof partiesOf>]> {
  const sellerId = order.world.placed.vendorOrders[index]?.sellerId ?? '';
  return [await order.escrow(index), partiesOf({ buyerId: order.input.buyerId, sellerId })];
}

const ORDERS: Journey[] = [
  async (environment) => {
    const order = environment.order();
    await order.place();
    await order.pay();
    const [escrow, parties] = await part(order, 0);
    await ask(escrow, parties, 'process');
    await ask(escrow, parties, 'ship');
    await ask(escrow, parties, 'confirm');
    return [await recorded('order-completed', order.handle), await recorded('escrow-confirmed', escrow)];
  },
  async (environment) => {
    const order = environment.order(placedOrder({}, 2));
    await order.place();
    await order.pay();
    const [first, one] = await part(order, 0);
    const [second, two] = await part(order, 1);
    await order.pay({ paymentId: paymentIdOf(order.input.orderId, 2) });
    await order.world.until((world) => world.names().includes('refundLatePayment'));
    await ask(first, one, 'ship');
    await ask(first, one, 'confirm');
    await ask(second, two, 'cancel');
    return [
      await recorded('order-partially-refunded-and-paid-twice', order.handle),
      await recorded('escrow-cancelled', second),
    ];
  },
  async (environment) => {
    const order = environment.order();
    order.world.failNext('placeOrder', hiccup('Postgres restarts'), refusal('out_of_stock'));
    await refusalCode(order.place());
    return [await recorded('order-rejected', order.handle)];
  },
  async (environment) => {
    const order = environment.order();
    order.world.failNext('createPayment', refusal('payment_provider_unavailable'));
    await refusalCode(order.place());
    return [await recorded('order-compensated', order.handle)];
  },
  async (environment) => {
    const order = environment.order();
    await order.place();
    await order.decline();
    await order.retryPayment();
    await refusalCode(order.retryPayment('pi'));
    await order.pay({ paymentId: paymentIdOf(order.input.orderId, 2) });
    await order.handle.cancel();
    const [escrow, parties] = await part(order, 0);
    await ask(escrow, parties, 'refund');
    return [
      await recorded('order-declined-retried-refunded', order.handle),
      await recorded('escrow-refunded-by-admin', escrow),
    ];
  },
  async (environment) => {
    const order = environment.order();
    await order.place();
    await order.cancel();
    return [await recorded('order-cancelled', order.handle)];
  },
  async (environment) => {
    const order = environment.order();
    await order.place();
    order.world.moneyWasFirst = arrivalFor(order.input);
    await refusalCode(order.cancel());
    const [escrow, parties] = await part(order, 0);
    await ask(escrow, parties, 'release');
    return [await recorded('order-paid-before-cancel', order.handle)];
  },
  async (environment) => {
    const order = environment.order(placedOrder({ paymentExpiresAt: fromNow(500) }));
    await order.place();
    return [await recorded('order-expired', order.handle)];
  },
  async (environment) => {
    const order = environment.order();
    await order.place();
    order.world.orderStatus = 'expired';
    await order.pay();
    return [await recorded('order-late-payment', order.handle)];
  },
];

const authorised = (captureBefore: string) => ({ paymentId: 'pay_1', captured: false, captureBefore }) as const;

const ESCROWS: Journey[] = [
  async (environment) => {
    const escrow = await environment.escrow({ policy: holdPolicy({ shipWithinMs: 200 }) });
    return [await recorded('escrow-not-shipped', escrow.handle)];
  },
  async (environment) => {
    const policy = holdPolicy({ deliveredAfterMs: 200, autoReleaseMs: 200 }, { payoutMode: 'per_release' });
    const escrow = await environment.escrow({ policy });
    await escrow.ask('extend');
    await escrow.ask('pause');
    await escrow.ask('resume');
    await escrow.ask('ship');
    return [await recorded('escrow-extended-paused-silent-buyer', escrow.handle)];
  },
  async (environment) => {
    const policy = holdPolicy({ captureBeforeExpiryMs: NEVER_MS });
    const escrow = await environment.escrow({ policy, payment: authorised(fromNow(NEVER_MS + 200)) });
    await escrow.world.until((world) => world.names().includes('markCaptured'));
    await escrow.ask('ship');
    await escrow.handle.signal(carrierReportedSignal, { eventId: 'evt_1', status: 'delivered', at: fromNow(0) });
    await escrow.ask('release');
    return [await recorded('escrow-captured-before-expiry', escrow.handle)];
  },
  async (environment) => {
    const escrow = await environment.escrow({ payment: authorised(fromNow(NEVER_MS)) }, (world) => {
      world.lapsed = true;
    });
    await escrow.ask('release');
    return [await recorded('escrow-authorisation-lapsed', escrow.handle)];
  },
  async (environment) => {
    const digital = { releaseAfterMs: NEVER_MS, releaseAfterAccessMs: 200 };
    const escrow = await environment.escrow({ fulfilment: 'digital', policy: holdPolicy({}, { digital }) });
    await escrow.handle.signal(digitalAccessedSignal, { eventId: 'evt_1', at: fromNow(0) });
    return [await recorded('escrow-digital-accessed', escrow.handle)];
  },
  async (environment) => {
    const policy = holdPolicy({}, { payoutMode: 'per_release' });
    const escrow = await environment.escrow({ policy, payment: authorised(fromNow(NEVER_MS)) });
    await escrow.ask('ship');
    await escrow.ask('confirm');
    return [await recorded('escrow-confirmed-and-paid-out', escrow.handle)];
  },
  async (environment) => {
    const escrow = await environment.escrow();
    escrow.world.store(escrow.input.escrowId, { version: 2, status: 'refunding' });
    await refusalCode(escrow.ask('ship'));
    return [await recorded('escrow-took-over-another-change', escrow.handle)];
  },
  async ({ client, ...environment }) => {
    const escrow = await environment.escrow();
    await escrow.ask('ship');
    const { runId } = await escrow.handle.describe();
    for (let sent = 1; (await escrow.handle.describe()).runId === runId; sent += 1) {
      await escrow.handle.signal(carrierReportedSignal, {
        eventId: `evt_${sent}`,
        status: 'in_transit',
        at: fromNow(0),
      });
      await escrow.world.until(({ changes }) => changes.length > sent);
    }
    await escrow.ask('confirm');
    await escrow.handle.result();
    const first = client.workflow.getHandle(escrow.handle.workflowId, runId);
    return [
      { name: 'escrow-handed-over', history: await first.fetchHistory() },
      await recorded('escrow-taken-over', client.workflow.getHandle(escrow.handle.workflowId)),
    ];
  },
];

export const JOURNEYS: readonly Journey[] = [
  ...ORDERS,
  ...ESCROWS,
  ...DISPUTES,
  ...AUTHENTICITY,
  ...CHARGEBACKS,
  ...PURCHASES,
];
