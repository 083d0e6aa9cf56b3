/** What a running escrow knows, and its clocks. Handlers write into the inbox; only the main loop changes the rest. */

import { setCurrentDetails } from '@temporalio/workflow';
import type { StoredEscrow } from '../../activities/records/escrow-records.ts';
import {
  type ActorRole,
  type EscrowStatus,
  isTerminalEscrowStatus,
  type NextActionKind,
  nextActionOf,
} from '../../domain/escrow.ts';
import type { EscrowStanding } from '../../domain/escrow-commands.ts';
import { explainEscrow } from '../../domain/explain.ts';
import { type FactType, factInWords } from '../../domain/facts.ts';
import type { Timeline, TimelineEntry } from '../../domain/timeline.ts';
import { SeenEvents } from '../shared/seen-events.ts';
import type { EscrowCarried, EscrowInput, EscrowSnapshot } from './contract.ts';
import type { EscrowMessage } from './messages.ts';

const ENTRIES_MAX = 200;

export class EscrowState {
  readonly input: EscrowInput;
  readonly seen: SeenEvents;
  /** Requests and facts in the order they came; the main loop takes them one by one. */
  readonly inbox: EscrowMessage[] = [];

  /** How many changes are stored: each write names the one it is, so that a repeat is the same as once. */
  version: number;
  status: EscrowStatus;
  captured: boolean;
  shipBy: string | null;
  deliveredBy: string | null;
  releaseAt: string | null;
  captureAt: string | null;
  pausedAt: string | null;
  accessedAt: string | null;
  private readonly entries: TimelineEntry[];

  constructor(input: EscrowInput) {
    const carried = input.carried ?? freshlyPaid(input);
    this.input = input;
    this.seen = new SeenEvents(carried.seenEventIds);
    this.entries = [...carried.history];
    this.version = carried.escrowVersion;
    this.status = carried.status;
    this.captured = carried.captured;
    this.shipBy = carried.shipBy;
    this.deliveredBy = carried.deliveredBy;
    this.releaseAt = carried.releaseAt;
    this.captureAt = carried.captureAt;
    this.pausedAt = carried.pausedAt;
    this.accessedAt = carried.accessedAt;
    this.showDetails();
  }

  get settled(): boolean {
    return isTerminalEscrowStatus(this.status);
  }

  /** What happens by itself, and when; none while paused or settling. */
  get nextAction(): { kind: NextActionKind; at: string | null } {
    return nextActionOf(this);
  }

  /** What the rules look at when somebody asks for something. A paused hold keeps the deadline it will go on with. */
  standing(): EscrowStanding {
    const phaseDeadline = {
      held: this.shipBy,
      processing: this.shipBy,
      shipped: this.deliveredBy,
      delivered: this.releaseAt,
    };
    return {
      status: this.status,
      fulfilment: this.input.fulfilment,
      paused: this.pausedAt !== null,
      deadlineAt: this.status in phaseDeadline ? phaseDeadline[this.status as keyof typeof phaseDeadline] : null,
      buyerId: this.input.buyerId,
      sellerId: this.input.sellerId,
    };
  }

  /** Takes over what Postgres holds after a write, whether this write made it so or an earlier try had. */
  adopt(stored: StoredEscrow): void {
    Object.assign(this, {
      version: stored.version,
      status: stored.status,
      captured: stored.captured,
      shipBy: stored.shipBy,
      deliveredBy: stored.deliveredBy,
      releaseAt: stored.releaseAt,
      pausedAt: stored.pausedAt,
      accessedAt: stored.accessedAt,
    });
    this.showDetails();
  }

  note(type: FactType, by: ActorRole, reason?: string | null): void {
    this.entries.push({ at: new Date().toISOString(), type, by, text: factInWords(type, reason) });
    if (this.entries.length > ENTRIES_MAX) this.entries.shift();
  }

  /** What the Temporal UI shows beside the run; costs no event. */
  private showDetails(): void {
    setCurrentDetails(this.timeline().next.text);
  }

  snapshot(): EscrowSnapshot {
    return {
      escrowId: this.input.escrowId,
      status: this.status,
      paused: this.pausedAt !== null,
      nextAction: this.nextAction,
    };
  }

  timeline(): Timeline {
    const explanation = explainEscrow({
      status: this.status,
      fulfilment: this.input.fulfilment,
      paused: this.pausedAt !== null,
      nextAction: this.nextAction,
    });
    return { status: this.status, entries: this.entries, ...explanation };
  }

  /** Everything the next run must know. */
  carry(): EscrowCarried {
    return {
      format: 1,
      escrowVersion: this.version,
      status: this.status,
      captured: this.captured,
      shipBy: this.shipBy,
      deliveredBy: this.deliveredBy,
      releaseAt: this.releaseAt,
      captureAt: this.captureAt,
      pausedAt: this.pausedAt,
      accessedAt: this.accessedAt,
      seenEventIds: this.seen.carry(),
      history: this.entries,
    };
  }
}

/** The escrow as `markPaid` has just stored it. */
function freshlyPaid(input: EscrowInput): EscrowCarried {
  const { captureBefore, captured } = input.payment;
  return {
    format: 1,
    escrowVersion: 1,
    status: 'held',
    captured,
    shipBy: input.fulfilment === 'physical' ? later(input.paidAt, input.policy.hold.shipWithinMs) : null,
    deliveredBy: null,
    releaseAt: null,
    captureAt: captureBefore === null ? null : later(captureBefore, -input.policy.hold.captureBeforeExpiryMs),
    pausedAt: null,
    accessedAt: null,
    seenEventIds: [],
    history: [{ at: input.paidAt, type: 'escrow.held', by: 'provider', text: 'The money arrived and is held.' }],
  };
}

/** An instant moved by milliseconds, RFC 3339. */
export function later(at: string, byMs: number): string {
  return new Date(Date.parse(at) + byMs).toISOString();
}
