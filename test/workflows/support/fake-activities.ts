/** Activities in memory: each acts on the world that its order, escrow or payment belongs to. */

import type { ProviderActivities, RecordActivities } from '../../../activities/index.ts';
import type { PaymentActivities } from '../../../activities/payments.ts';
import type { PayoutActivities } from '../../../activities/payouts.ts';
import type { PaymentId } from '../../../domain/ids.ts';
import { authenticityRecords } from './fake-authenticity.ts';
import { createFakeChargebacks } from './fake-chargebacks.ts';
import { disputeRecords, restMoved } from './fake-dispute-records.ts';
import { purchaseActivities } from './fake-purchases.ts';
import type { FakeWorld } from './fake-world.ts';

/** Finds the world of whatever an activity is about. */
export type Worlds = (about: {
  orderId?: string;
  escrowId?: string;
  paymentId?: string;
  disputeId?: string;
}) => FakeWorld;

/** The id of the n-th attempt to pay an order. */
export function paymentIdOf(orderId: string, attempt: number): PaymentId {
  return `pay_${orderId}_${attempt}`;
}

/** Every activity a workflow may call. */
export function createFakeActivities(worlds: Worlds): RecordActivities & ProviderActivities {
  return {
    ...orderRecords(worlds),
    ...escrowRecords(worlds),
    ...disputeRecords(worlds),
    ...authenticityRecords(worlds),
    ...providerActivities(worlds),
    ...createFakeChargebacks(),
    ...purchaseActivities,
  };
}

function orderRecords(worlds: Worlds) {
  return {
    async placeOrder(input) {
      const world = worlds(input);
      await world.called('placeOrder', input);
      return world.placed;
    },
    async markPaid(input) {
      const world = worlds(input);
      await world.called('markPaid', input);
      const { paymentId } = input.arrival;
      if (world.orderStatus === 'created') {
        world.orderStatus = 'paid_in_escrow';
        world.paid = { paymentId, at: new Date().toISOString() };
      }
      return { status: world.orderStatus, paidAt: world.paid?.paymentId === paymentId ? world.paid.at : null };
    },
    async closeUnpaid(input) {
      const world = worlds(input);
      await world.called('closeUnpaid', input);
      if (world.orderStatus === 'created') world.orderStatus = input.status;
      return { status: world.orderStatus };
    },
    async recordDecline(input) {
      await worlds(input).called('recordDecline', input);
    },
  } satisfies Partial<RecordActivities>;
}

function escrowRecords(worlds: Worlds) {
  return {
    async changeEscrow(change) {
      const world = worlds(change);
      await world.called('changeEscrow', change);
      const { shipBy, deliveredBy, releaseAt, pausedAt, accessedAt } = change;
      const clocks = { shipBy, deliveredBy, releaseAt, pausedAt, accessedAt };
      return world.write(change, change.event, { status: change.to, ...clocks });
    },
    async releaseHold(write) {
      const world = worlds(write);
      await world.called('releaseHold', write);
      return world.write(write, 'escrow.released', restMoved(world, write, 'released'));
    },
    async finishRefund(write) {
      const world = worlds(write);
      await world.called('finishRefund', write);
      return world.write(write, 'escrow.refunded', restMoved(world, write, 'refunded'));
    },
    async markCaptured(write) {
      const world = worlds(write);
      await world.called('markCaptured', write);
      return world.write(write, 'escrow.captured', { captured: true });
    },
  } satisfies Partial<RecordActivities>;
}

function providerActivities(worlds: Worlds): PaymentActivities & PayoutActivities {
  return {
    async createPayment(input) {
      await worlds(input).called('createPayment', input);
      return { paymentId: paymentIdOf(input.orderId, input.attempt) };
    },
    async cancelPayment(input) {
      const world = worlds(input);
      await world.called('cancelPayment', input);
      return world.moneyWasFirst ? { cancelled: false, arrival: world.moneyWasFirst } : { cancelled: true };
    },
    async captureHold(input) {
      const world = worlds(input);
      await world.called('captureHold', input);
      return world.lapsed ? { captured: false } : { captured: true, chargeId: 'ch_1' };
    },
    async refundHold(input) {
      const world = worlds(input);
      await world.called('refundHold', input);
      const authorisedOnly = !world.escrow(input.escrowId).captured;
      return { refundId: authorisedOnly ? null : 're_1', authorisedOnly };
    },
    async refundPart(input) {
      await worlds(input).called('refundPart', input);
      return { refundId: 're_part' };
    },
    async refundLowerPrice(input) {
      await worlds(input).called('refundLowerPrice', input);
      return { refundId: 're_lower' };
    },
    async refundLatePayment(input) {
      await worlds(input).called('refundLatePayment', input);
    },
    async payOut(input) {
      await worlds(input).called('payOut', input);
      return { status: 'paid' };
    },
  };
}
