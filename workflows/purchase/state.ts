/** What a running purchase knows. Handlers write facts into it; only the main loop acts on them. */

import { setCurrentDetails } from '@temporalio/workflow';
import type { StoredPurchase } from '../../activities/records/purchases/purchase-records.ts';
import type { ErrorCode } from '../../domain/error-codes.ts';
import type { ActorRole } from '../../domain/escrow.ts';
import { type FactType, factInWords } from '../../domain/facts.ts';
import { explainPurchase, type PurchaseStatus } from '../../domain/purchase.ts';
import type { Timeline, TimelineEntry } from '../../domain/timeline.ts';
import { SeenEvents } from '../shared/seen-events.ts';
import type { PurchaseInput, PurchasePaid } from './contract.ts';

export class PurchaseState {
  readonly input: PurchaseInput;
  readonly seen = new SeenEvents();
  /** Money that arrived: the first completes the purchase, anything after that is old news. */
  readonly arrivals: PurchasePaid[] = [];
  readonly declines: { eventId: string; failureCode: string }[] = [];
  /** An operator cancelled the workflow: a purchase that is not paid ends as if its time were over. */
  stopRequested = false;

  status: PurchaseStatus | 'rejected' = 'pending';
  /** What the caller of `begin` is told; null while there is something to pay. */
  refusal: { code: ErrorCode; message: string } | null = null;
  /** True once the caller of `begin` can be answered: stored with a payment to make, or refused. */
  beginEnded = false;
  /** Null until it is stored. */
  stored: StoredPurchase | null = null;
  private readonly entries: TimelineEntry[] = [];

  constructor(input: PurchaseInput) {
    this.input = input;
  }

  refuse(code: ErrorCode, message: string): void {
    this.refusal = { code, message };
    this.beginEnded = true;
  }

  note(type: FactType, by: ActorRole, reason?: string | null): void {
    this.entries.push({ at: new Date().toISOString(), type, by, text: factInWords(type, reason) });
    this.showDetails();
  }

  /** What the Temporal UI shows beside the run; costs no event. */
  showDetails(): void {
    setCurrentDetails(this.timeline().next.text);
  }

  timeline(): Timeline {
    const explanation =
      this.status === 'rejected'
        ? { next: { kind: 'none', at: null, text: 'The purchase was refused; nothing was charged.' }, canChange: [] }
        : explainPurchase(this.status, this.stored?.expiresAt ?? null);
    return { status: this.status, entries: this.entries, ...explanation };
  }
}
