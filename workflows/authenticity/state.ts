/** What a running verifier leg knows. Handlers write into the inbox; only the main loop changes the rest. */

import { setCurrentDetails } from '@temporalio/workflow';
import type { StoredAuthenticity } from '../../activities/records/authenticity/authenticity-records.ts';
import { type AuthenticityCase, isTerminalAuthenticityPhase } from '../../domain/authenticity/case.ts';
import type { AuthenticityCommand } from '../../domain/authenticity/commands.ts';
import { explainAuthenticity } from '../../domain/authenticity/explain.ts';
import type { ActorRole } from '../../domain/escrow.ts';
import { type FactType, factInWords } from '../../domain/facts.ts';
import type { Timeline, TimelineEntry } from '../../domain/timeline.ts';
import type { Request } from '../shared/request.ts';
import { SeenEvents } from '../shared/seen-events.ts';
import type { AuthenticityInput, HoldSettled } from './contract.ts';

export type AuthenticityMessage =
  | { kind: 'command'; request: Request<AuthenticityCommand, AuthenticityCase> }
  | { kind: 'holdSettled'; fact: HoldSettled };

const ENTRIES_MAX = 200;

export class AuthenticityState {
  readonly input: AuthenticityInput;
  readonly seen = new SeenEvents();
  /** Requests and facts in the order they came; the main loop takes them one by one. */
  readonly inbox: AuthenticityMessage[] = [];

  /** How many changes are stored: each write names the one it is, so that a repeat is the same as once. */
  version: number;
  leg: AuthenticityCase;
  private readonly entries: TimelineEntry[] = [];

  constructor(input: AuthenticityInput) {
    this.input = input;
    this.version = input.version;
    this.leg = input.authenticity;
    this.note('authenticity.requested', 'seller');
    this.showDetails();
  }

  get ended(): boolean {
    return isTerminalAuthenticityPhase(this.leg.phase);
  }

  /** Takes over what Postgres holds after a write, whether this write made it so or an earlier try had. */
  adopt({ version, authenticity }: StoredAuthenticity): void {
    this.version = version;
    this.leg = authenticity;
    this.showDetails();
  }

  note(type: FactType, by: ActorRole, reason?: string | null): void {
    this.entries.push({ at: new Date().toISOString(), type, by, text: factInWords(type, reason) });
    if (this.entries.length > ENTRIES_MAX) this.entries.shift();
  }

  timeline(): Timeline {
    return { status: this.leg.phase, entries: this.entries, ...explainAuthenticity(this.leg) };
  }

  /** What the Temporal UI shows beside the run; costs no event. */
  private showDetails(): void {
    const { text } = explainAuthenticity(this.leg).next;
    setCurrentDetails(this.leg.alerts > 0 && !this.ended ? `NEEDS ATTENTION: ${text}` : text);
  }
}
