/** What the activities of a workflow test act on: one order and its escrows, in memory, that can be told to misbehave. */

import { EventEmitter, on } from 'node:events';
import { ApplicationFailure, activityInfo } from '@temporalio/activity';
import type { EscrowWrite, StoredEscrow } from '../../../activities/records/escrow-records.ts';
import type { PlacedOrder } from '../../../activities/records/order-records.ts';
import type { ErrorCode } from '../../../domain/error-codes.ts';
import type { OrderStatus } from '../../../domain/order.ts';
import type { PaymentSucceeded } from '../../../workflows/order/contract.ts';
import { FakeAuthenticity } from './fake-authenticity.ts';
import { FakeDisputes } from './fake-disputes.ts';

/** One call of an activity, every try counted. */
export type Call = { name: string; input: Record<string, unknown> };

/** An activity that is held back until it is let go. */
export type Gate = { reached: Promise<void>; open(): void };

/** How long a test waits for something that never happens. */
const PATIENCE_MS = 20_000;

/** A refusal as the real activities make it (benign: workers do not log it). */
export function refusal(code: ErrorCode | 'no_code_of_ours', message: string = code): Error {
  return ApplicationFailure.create({ message, type: code, nonRetryable: true, category: 'BENIGN' });
}

/** A failure that passes. */
export function hiccup(message = 'try again'): Error {
  return ApplicationFailure.create({ message, category: 'BENIGN' });
}

export class FakeWorld {
  /**
   * Everything that was called, in order. A busy server has a workflow task done again whose local activities had gone
   * through: what it asks of them once more has its key or its number, and counts once.
   */
  readonly calls: Call[] = [];
  /** The numbered changes of escrows that were stored; a call that is repeated stores nothing. */
  readonly changes: { event: string; version: number; at: string }[] = [];
  readonly placed: PlacedOrder;
  orderStatus: OrderStatus = 'created';
  /** The payment that paid the order, and when. */
  paid: { paymentId: string; at: string } | null = null;
  /** What the provider says when asked to cancel: the money was there first. */
  moneyWasFirst: PaymentSucceeded | null = null;
  /** The provider's authorisation has lapsed. */
  lapsed = false;
  readonly disputes = new FakeDisputes();
  readonly authenticity = new FakeAuthenticity();

  private readonly escrows = new Map<string, StoredEscrow>();
  /** Which change took which number of which escrow. */
  private readonly numbers = new Map<string, string>();
  /** Calls of local activities that went through. */
  private readonly done = new Set<string>();
  private readonly failures = new Map<string, Error[]>();
  private readonly gates = new Map<string, Promise<void>[]>();
  private readonly reached = new Map<string, (() => void)[]>();
  private readonly news = new EventEmitter();

  constructor(placed: PlacedOrder) {
    this.placed = placed;
    this.news.setMaxListeners(0);
  }

  names(): string[] {
    return this.calls.map((call) => call.name);
  }

  inputsOf(name: string): Record<string, unknown>[] {
    return this.calls.filter((call) => call.name === name).map((call) => call.input);
  }

  /** The next calls of this activity fail, once each. */
  failNext(name: string, ...failures: Error[]): void {
    this.failures.set(name, [...(this.failures.get(name) ?? []), ...failures]);
  }

  /** The next call of this activity waits until the gate is opened. */
  holdNext(name: string): Gate {
    const arrived = Promise.withResolvers<void>();
    const opened = Promise.withResolvers<void>();
    this.gates.set(name, [...(this.gates.get(name) ?? []), opened.promise]);
    this.reached.set(name, [...(this.reached.get(name) ?? []), arrived.resolve]);
    return { reached: arrived.promise, open: opened.resolve };
  }

  /** Resolves as soon as the world is as described; fails when it does not become so. */
  async until(described: (world: this) => boolean): Promise<void> {
    if (described(this)) return;
    const signal = AbortSignal.timeout(PATIENCE_MS);
    const news = on(this.news, 'change', { signal });
    try {
      for await (const _ of news) if (described(this)) return;
    } catch (error) {
      if (signal.aborted) throw new Error(`the world did not become as described: ${this.names().join(', ')}`);
      throw error;
    }
  }

  /** For the activities: notes the call, waits at its gate, fails if told to. */
  async called(name: string, input: object): Promise<void> {
    const call = `${name} ${JSON.stringify(input, withoutInstants)}`;
    if (!this.done.has(call)) this.calls.push({ name, input: { ...input } });
    this.news.emit('change');
    this.reached.get(name)?.shift()?.();
    await this.gates.get(name)?.shift();
    const failure = this.failures.get(name)?.shift();
    if (failure) throw failure;
    if (activityInfo().isLocal) this.done.add(call);
  }

  escrow(escrowId: string): StoredEscrow {
    return this.escrows.get(escrowId) ?? freshEscrow();
  }

  /** What is stored before the workflow of a test starts, or behind the back of a running one. */
  store(escrowId: string, stored: Partial<StoredEscrow>): void {
    this.escrows.set(escrowId, { ...this.escrow(escrowId), ...stored });
    this.tellNews();
  }

  /** Whoever waits `until` the world is as described looks again. */
  tellNews(): void {
    this.news.emit('change');
  }

  /** A numbered write, as Postgres takes it: a number that is taken changes nothing. */
  write(
    write: EscrowWrite,
    event: string,
    change: Partial<StoredEscrow> | ((before: StoredEscrow) => Partial<StoredEscrow>),
  ): StoredEscrow {
    const made = `${event} by ${write.actor.role} ${write.actor.id}`;
    const number = `${write.escrowId} ${write.version}`;
    const before = this.escrow(write.escrowId);
    if (before.version >= write.version) return { ...before, applied: this.numbers.get(number) === made };
    this.numbers.set(number, made);
    this.changes.push({ event, version: write.version, at: write.at });
    const changed = typeof change === 'function' ? change(before) : change;
    this.store(write.escrowId, { ...changed, version: write.version, applied: true });
    return this.escrow(write.escrowId);
  }
}

/** A task that is done again finds another time. */
function withoutInstants(_key: string, value: unknown): unknown {
  return typeof value === 'string' && /^\d{4}-\d\d-\d\dT/.test(value) ? undefined : value;
}

function freshEscrow(): StoredEscrow {
  const none = { shipBy: null, deliveredBy: null, releaseAt: null, pausedAt: null, accessedAt: null };
  return { applied: true, version: 1, status: 'held', captured: true, ...none };
}
