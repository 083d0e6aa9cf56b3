/** What a running order knows. Handlers write facts and requests into it; only the main loop acts on them. */

import { setCurrentDetails } from '@temporalio/workflow';
import type { PlacedOrder } from '../../activities/records/order-records.ts';
import type { ErrorCode } from '../../domain/error-codes.ts';
import type { ActorRole } from '../../domain/escrow.ts';
import { explainOrder } from '../../domain/explain.ts';
import { type FactType, factInWords } from '../../domain/facts.ts';
import type { PaymentId } from '../../domain/ids.ts';
import { isTerminalOrderStatus, type OrderStatus } from '../../domain/order.ts';
import type { Timeline, TimelineEntry } from '../../domain/timeline.ts';
import { fail } from '../shared/fail.ts';
import type { Request } from '../shared/request.ts';
import { SeenEvents } from '../shared/seen-events.ts';
import type {
  CancelOrderInput,
  OrderInput,
  OrderSnapshot,
  PaymentFailed,
  PaymentSucceeded,
  RetryPaymentInput,
} from './contract.ts';

export type OrderRequest =
  | { kind: 'retry'; request: Request<RetryPaymentInput, { paymentId: PaymentId }> }
  | { kind: 'cancel'; request: Request<CancelOrderInput, { status: OrderStatus }> };

export class OrderState {
  readonly input: OrderInput;
  readonly seen = new SeenEvents();
  /** Asked for by update handlers, answered by the main loop, first come first served. */
  readonly requests: OrderRequest[] = [];
  /** Money that arrived: the first pays the order, anything after that is sent back. */
  readonly arrivals: PaymentSucceeded[] = [];
  readonly declines: PaymentFailed[] = [];
  /** An operator cancelled the workflow: an unpaid order ends, a paid one goes on. */
  stopRequested = false;

  status: OrderStatus | 'rejected' = 'created';
  refusal: { code: ErrorCode; message: string } | null = null;
  /** Null until the order is stored. */
  placed: PlacedOrder | null = null;
  /** The attempt the buyer is asked to pay now. */
  paymentId: PaymentId | null = null;
  attempts = 0;
  /** Null until the order is paid. */
  paid: { paidAt: string; arrival: PaymentSucceeded } | null = null;
  private readonly entries: TimelineEntry[] = [];

  constructor(input: OrderInput) {
    this.input = input;
  }

  /** True once the caller of `place` can be answered: stored with a payment to make, or refused. */
  get placingEnded(): boolean {
    return this.status !== 'created';
  }

  /** True once the order has ended without being paid, or as a whole. */
  get isClosed(): boolean {
    return this.status === 'rejected' || isTerminalOrderStatus(this.status);
  }

  /** Answers everybody who still waits, when their chapter is over. */
  refuseWaiting(code: ErrorCode, message: string): void {
    for (const { request } of this.requests.splice(0)) request.refuse(fail(code, message));
  }

  note(type: FactType, by: ActorRole, reason?: string | null): void {
    this.entries.push({ at: new Date().toISOString(), type, by, text: factInWords(type, reason) });
    this.showDetails();
  }

  /** What the Temporal UI shows beside the run; costs no event. */
  showDetails(): void {
    setCurrentDetails(this.timeline().next.text);
  }

  snapshot(): OrderSnapshot {
    return {
      orderId: this.input.orderId,
      status: this.status,
      paymentAttempts: this.attempts,
      escrowIds: this.placed?.vendorOrders.map((vendorOrder) => vendorOrder.escrowId) ?? [],
    };
  }

  timeline(): Timeline {
    const explanation = explainOrder(this.status, this.placed?.paymentExpiresAt ?? null);
    return { status: this.status, entries: this.entries, ...explanation };
  }
}
