/** Activities in memory for workflow tests: they keep what the real ones would store, and can be told to misbehave. */

import { ApplicationFailure } from '@temporalio/activity';
import type { ProviderActivities, RecordActivities } from '../../../activities/index.ts';
import type { EscrowWrite, StoredEscrow } from '../../../activities/records/escrow-records.ts';
import type { PlacedOrder } from '../../../activities/records/order-records.ts';
import type { ErrorCode } from '../../../domain/error-codes.ts';
import type { EscrowStatus } from '../../../domain/escrow.ts';
import type { PaymentId } from '../../../domain/ids.ts';
import type { OrderStatus } from '../../../domain/order.ts';
import type { PaymentSucceeded } from '../../../workflows/order/contract.ts';

export type Call = { name: string; input: unknown };

export type FakeWorld = {
  /** Everything that was called, in order. */
  calls: Call[];
  names(): string[];
  placed: PlacedOrder;
  orderStatus: OrderStatus;
  escrows: Map<string, StoredEscrow>;
  /** The next call of this activity fails like this. */
  failNext(name: string, failure: Error): void;
  /** What the provider says when asked to cancel: the money was there first. */
  moneyWasFirst: PaymentSucceeded | null;
  /** The provider's authorisation has lapsed. */
  lapsed: boolean;
};

/** A refusal as the real activities make it. */
export function refusal(code: ErrorCode, message = code): Error {
  return ApplicationFailure.nonRetryable(message, code);
}

/** A world in which orders consist of what `placed` says, and its activities. */
export function createFakeWorld(placed: PlacedOrder): { world: FakeWorld; activities: RecordActivities & ProviderActivities } {
  const failures = new Map<string, Error[]>();
  const world: FakeWorld = {
    calls: [],
    names: () => world.calls.map((call) => call.name),
    placed,
    orderStatus: 'created',
    escrows: new Map(),
    failNext: (name, failure) => failures.set(name, [...(failures.get(name) ?? []), failure]),
    moneyWasFirst: null,
    lapsed: false,
  };
  const called = (name: string, input: unknown): void => {
    world.calls.push({ name, input });
    const failure = failures.get(name)?.shift();
    if (failure) throw failure;
  };
  return { world, activities: { ...orderActivities(world, called), ...escrowActivities(world, called), ...providerActivities(world, called) } };
}

type Called = (name: string, input: unknown) => void;

function orderActivities(world: FakeWorld, called: Called) {
  return {
    async placeOrder(input: unknown) {
      called('placeOrder', input);
      return world.placed;
    },
    async markPaid(input: { arrival: PaymentSucceeded }) {
      called('markPaid', input);
      if (world.orderStatus !== 'created') return { status: world.orderStatus, paidAt: null };
      world.orderStatus = 'paid_in_escrow';
      return { status: world.orderStatus, paidAt: new Date().toISOString() };
    },
    async closeUnpaid(input: { status: 'cancelled' | 'expired' }) {
      called('closeUnpaid', input);
      if (world.orderStatus === 'created') world.orderStatus = input.status;
      return { status: world.orderStatus };
    },
    async recordDecline(input: unknown) {
      called('recordDecline', input);
    },
  } satisfies Partial<RecordActivities>;
}

function escrowActivities(world: FakeWorld, called: Called) {
  const store = (write: EscrowWrite, status: EscrowStatus, more: Partial<StoredEscrow> = {}): StoredEscrow => {
    const before = world.escrows.get(write.escrowId) ?? freshEscrow();
    if (before.version >= write.version) return { ...before, applied: false };
    const after = { ...before, ...more, status, version: write.version, applied: true };
    world.escrows.set(write.escrowId, after);
    return after;
  };
  return {
    async changeEscrow(change) {
      called('changeEscrow', change);
      const { shipBy, deliveredBy, releaseAt, pausedAt, accessedAt } = change;
      return store(change, change.to, { shipBy, deliveredBy, releaseAt, pausedAt, accessedAt });
    },
    async releaseHold(write) {
      called('releaseHold', write);
      return store(write, 'released');
    },
    async finishRefund(write) {
      called('finishRefund', write);
      return store(write, 'refunded');
    },
    async markCaptured(write) {
      called('markCaptured', write);
      return store(write, world.escrows.get(write.escrowId)?.status ?? 'held', { captured: true });
    },
  } satisfies Partial<RecordActivities>;
}

function freshEscrow(): StoredEscrow {
  const none = { shipBy: null, deliveredBy: null, releaseAt: null, pausedAt: null, accessedAt: null };
  return { applied: true, version: 1, status: 'held', captured: true, ...none };
}

function providerActivities(world: FakeWorld, called: Called): ProviderActivities {
  return {
    async createPayment(input) {
      called('createPayment', input);
      return { paymentId: `pay_${input.orderId}_${input.attempt}` as PaymentId };
    },
    async cancelPayment(input) {
      called('cancelPayment', input);
      return world.moneyWasFirst ? { cancelled: false, arrival: world.moneyWasFirst } : { cancelled: true };
    },
    async captureHold(input) {
      called('captureHold', input);
      return world.lapsed ? { captured: false } : { captured: true, chargeId: 'ch_1' };
    },
    async refundHold(input) {
      called('refundHold', input);
      return { refundId: 're_1', authorisedOnly: false };
    },
    async refundLatePayment(input) {
      called('refundLatePayment', input);
    },
    async payOut(input) {
      called('payOut', input);
      return { status: 'paid' };
    },
  };
}
