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
import { Contested } from './contested.ts';
import type { EscrowCarried, EscrowInput, EscrowSnapshot, VerifierCarried } from './contract.ts';
import type { EscrowMessage } from './messages.ts';

const ENTRIES_MAX = 200;

export class EscrowState {
  readonly input: EscrowInput;
  readonly seen: SeenEvents;
  readonly contested: Contested;
  /** Requests and facts in the order they came; the main loop takes them one by one. */
  readonly inbox: EscrowMessage[] = [];

  /** How many changes are stored: each write names the one it is, so that a repeat is the same as once. */
  version: number;
  /** The hold's own phase, whatever is contested beside it. */
  status: EscrowStatus;
  /** What nobody contests and nobody was paid yet. */
  restMinor: number;
  openDisputes = 0;
  frozenSince: string | null;
  releases: number;
  /** Postgres held a change that this run had not made: what else it holds has to be looked up. */
  wasSurprised = false;
  /** That was so at any time in this run: whoever had asked for the change may ask again. */
  hasTakenOver = false;
  payoutsUnderWay = 0;
  /** Null until the goods are on their way to a verifier. */
  verifier: VerifierCarried | null;
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
    this.contested = new Contested(carried.contested);
    this.restMinor = carried.restMinor ?? input.grossMinor;
    this.openDisputes = this.contested.parts.length;
    this.frozenSince = carried.frozenSince ?? null;
    this.releases = carried.releases ?? 0;
    this.verifier = carried.verifier ?? null;
    this.captured = carried.captured;
    this.shipBy = carried.shipBy;
    this.deliveredBy = carried.deliveredBy;
    this.releaseAt = carried.releaseAt;
    this.captureAt = carried.captureAt;
    this.pausedAt = carried.pausedAt;
    this.accessedAt = carried.accessedAt;
    this.showDetails();
  }

  /** All of the hold went where it belongs, and this run knows how. */
  get settled(): boolean {
    return isTerminalEscrowStatus(this.status) && this.openDisputes === 0 && this.contested.parts.length === 0;
  }

  /** As people see it. */
  get shownStatus(): EscrowStatus {
    return this.openDisputes > 0 ? 'disputed' : this.status;
  }

  get allContested(): boolean {
    return this.openDisputes > 0 && this.restMinor === 0;
  }

  /** A part may go where it was decided, or the bank wants some of what nobody contests. */
  get hasPartsToMove(): boolean {
    const { contested, restMinor } = this;
    return contested.nextDecided(restMinor) !== null || (contested.uncovered !== null && restMinor > 0);
  }

  /** The goods are with a verifier, or on their way there: not to the buyer, so that no clock of the hold runs. */
  get verifying(): boolean {
    return this.input.authenticity === true && this.status === 'shipped' && this.deliveredBy === null;
  }

  /** What happens by itself, and when; none while paused, all contested or settling. */
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
      allContested: this.allContested,
      verifying: this.verifying,
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
      restMinor: stored.restMinor ?? this.restMinor,
      openDisputes: stored.openDisputes ?? 0,
      frozenSince: stored.frozenSince ?? null,
      releases: stored.releases ?? (stored.status === 'released' ? 1 : this.releases),
      wasSurprised: this.wasSurprised || !stored.applied,
      hasTakenOver: this.hasTakenOver || !stored.applied,
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
  showDetails(): void {
    setCurrentDetails(this.timeline().next.text);
  }

  snapshot(): EscrowSnapshot {
    return {
      escrowId: this.input.escrowId,
      status: this.shownStatus,
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
      verifying: this.verifying,
      contested: this.openDisputes > 0 ? this.explainContested() : null,
    });
    return { status: this.shownStatus, entries: this.entries, ...explanation };
  }

  private explainContested() {
    const { contested, restMinor, input } = this;
    return { frozenMinor: contested.frozenMinor, restMinor, currency: input.currency };
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
      restMinor: this.restMinor,
      frozenSince: this.frozenSince,
      releases: this.releases,
      contested: this.contested.carry(),
      ...(this.verifier !== null && { verifier: this.verifier }),
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
