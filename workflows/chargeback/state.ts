/** What a running chargeback knows. Handlers write down what they are told; only the main loop acts. */

import { setCurrentDetails } from '@temporalio/workflow';
import type { StoredChargeback } from '../../activities/chargebacks/chargeback-records.ts';
import { type ChargebackShare, evidenceSendAt } from '../../domain/disputes/chargeback.ts';
import type { ActorRole } from '../../domain/escrow.ts';
import { type FactType, factInWords } from '../../domain/facts.ts';
import type { Timeline, TimelineEntry } from '../../domain/timeline.ts';
import type { Request } from '../shared/request.ts';
import { SeenEvents } from '../shared/seen-events.ts';
import type { ChargebackInput, ChargebackReported, ChargebackStatus } from './contract.ts';

export type EvidenceRequest = Request<{ adminId: string }, { submittedAt: string }>;

export class ChargebackState {
  readonly input: ChargebackInput;
  readonly seen = new SeenEvents();
  /** Admins who want the evidence sent now. */
  readonly requests: EvidenceRequest[] = [];
  /** What the bank has decided, as soon as we know; the first decision stands. */
  decision: Exclude<ChargebackStatus, 'open'> | null = null;
  /** What the provider says it charges, and what of it is booked. */
  feeMinor = 0;
  bookedFeeMinor = 0;
  /** What of it each hold carries; fixed when it was opened. */
  shares: readonly ChargebackShare[] = [];
  evidenceSentAt: string | null = null;
  /** The bank does not listen (any more), or we could not reach it in time. */
  evidenceOver = false;
  /** Everything is done: an earlier run has carried it out. */
  settled = false;
  private status: ChargebackStatus = 'open';
  private readonly entries: TimelineEntry[] = [];

  constructor(input: ChargebackInput) {
    this.input = input;
    this.showDetails();
  }

  /** When the evidence goes to the bank by itself; null once that is over. */
  get evidenceSendAt(): string | null {
    return this.evidenceIsOpen ? evidenceSendAt(this.input.evidenceDueBy) : null;
  }

  get evidenceIsOpen(): boolean {
    return this.decision === null && this.evidenceSentAt === null && !this.evidenceOver;
  }

  /** Holds that had money of it when it was opened. */
  get heldShares(): readonly ChargebackShare[] {
    return this.shares.filter(({ heldMinor }) => heldMinor > 0);
  }

  /** Events come in any order, each with what the provider said when it was asked: only a decision and a higher fee matter. */
  takeIn({ status, feeMinor }: ChargebackReported): void {
    if (status !== 'open') this.decision ??= status;
    this.feeMinor = Math.max(this.feeMinor, feeMinor);
  }

  adopt(stored: StoredChargeback): void {
    this.shares = stored.shares;
    this.evidenceSentAt = stored.evidenceSentAt;
    this.settled = stored.settled;
    if (stored.status === 'open') return;
    this.decision = stored.status;
    this.status = stored.status;
  }

  close(status: Exclude<ChargebackStatus, 'open'>): void {
    this.status = status;
    this.note(`chargeback.${status}`, 'provider');
  }

  note(type: FactType, by: ActorRole): void {
    this.entries.push({ at: new Date().toISOString(), type, by, text: factInWords(type) });
    this.showDetails();
  }

  timeline(): Timeline {
    const canChange = this.evidenceIsOpen ? [{ by: 'admin' as const, move: 'submit-evidence' }] : [];
    return { status: this.status, entries: this.entries, next: this.next(), canChange };
  }

  private next(): Timeline['next'] {
    const at = this.evidenceSendAt;
    if (this.settled) return { kind: 'none', at: null, text: 'Everything is carried out.' };
    if (this.decision === 'won') return { kind: 'resume', at: null, text: 'What was frozen for the bank goes on.' };
    if (this.decision === 'lost') {
      return {
        kind: 'claw_back',
        at: null,
        text: 'The money is taken from the holds, and claimed back where it was released.',
      };
    }
    if (at !== null)
      return { kind: 'send_evidence', at, text: 'What was recorded about the deal is sent to the bank then.' };
    return { kind: 'none', at: null, text: 'The bank decides.' };
  }

  /** What the Temporal UI shows beside the run; costs no event. */
  private showDetails(): void {
    setCurrentDetails(this.timeline().next.text);
  }
}

export function now(): string {
  return new Date().toISOString();
}
