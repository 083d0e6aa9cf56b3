/** What a running dispute knows. Handlers write into the inbox; only the main loop changes the rest. */

import { setCurrentDetails } from '@temporalio/workflow';
import type { StoredDispute } from '../../activities/records/disputes/dispute-records.ts';
import { nextDisputeAction } from '../../domain/disputes/deadlines.ts';
import { type DisputeCase, isTerminalDisputePhase } from '../../domain/disputes/dispute.ts';
import { explainDispute } from '../../domain/disputes/explain.ts';
import type { ActorRole } from '../../domain/escrow.ts';
import { type FactType, factInWords } from '../../domain/facts.ts';
import type { Timeline, TimelineEntry } from '../../domain/timeline.ts';
import { SeenEvents } from '../shared/seen-events.ts';
import type { BankClosed, DisputeCarried, DisputeInput } from './contract.ts';
import type { DisputeMessage } from './messages.ts';

const ENTRIES_MAX = 200;

export class DisputeState {
  readonly input: DisputeInput;
  readonly seen: SeenEvents;
  /** Requests and facts in the order they came; the main loop takes them one by one. */
  readonly inbox: DisputeMessage[] = [];
  /** Decisions of the bank about matters that nobody has heard of yet. */
  readonly closedEarly: BankClosed[];

  /** How many changes are stored: each write names the one it is, so that a repeat is the same as once. */
  version: number;
  case: DisputeCase;
  /** The bank's matter that this is part of. */
  chargebackId: string | null;
  /** A change was found stored that this run had not made: whoever asked for it may ask again. */
  hasTakenOver = false;
  private readonly entries: TimelineEntry[];

  constructor(input: DisputeInput) {
    const carried = input.carried ?? justOpened(input);
    this.input = input;
    this.seen = new SeenEvents(carried.seenEventIds);
    this.closedEarly = [...carried.closedEarly];
    this.entries = [...carried.history];
    this.version = carried.version;
    this.case = carried.dispute;
    this.chargebackId = carried.chargebackId;
    this.showDetails();
  }

  get ended(): boolean {
    return isTerminalDisputePhase(this.case.phase);
  }

  /** What happens by itself is due now: a decision that is final is carried out at once. */
  get isDue(): boolean {
    const { at } = nextDisputeAction(this.case);
    return at !== null && Date.parse(at) <= Date.now();
  }

  /** Takes over what Postgres holds after a write, whether this write made it so or an earlier try had. */
  adopt({ applied, version, dispute }: StoredDispute): void {
    this.hasTakenOver ||= !applied;
    this.version = version;
    this.case = dispute;
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

  timeline(): Timeline {
    return { status: this.case.phase, entries: this.entries, ...explainDispute(this.case) };
  }

  /** Everything the next run must know. */
  carry(): DisputeCarried {
    return {
      format: 1,
      version: this.version,
      dispute: this.case,
      chargebackId: this.chargebackId,
      closedEarly: this.closedEarly,
      seenEventIds: this.seen.carry(),
      history: this.entries,
    };
  }
}

/** The dispute as the escrow's records have just stored it. */
function justOpened({ dispute, chargebackId }: DisputeInput): DisputeCarried {
  const at = new Date().toISOString();
  const [type, by] = dispute.openedBy === 'buyer' ? (['dispute.opened', 'buyer'] as const) : BY_THE_BANK;
  return {
    format: 1,
    version: 1,
    dispute,
    chargebackId,
    closedEarly: [],
    seenEventIds: [],
    history: [{ at, type, by, text: factInWords(type) }],
  };
}

const BY_THE_BANK = ['dispute.bank_opened', 'provider'] as const;
