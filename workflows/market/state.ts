/** What a running market knows. Handlers write into the inbox; only the main loop changes the rest. */

import { setCurrentDetails, upsertSearchAttributes } from '@temporalio/workflow';
import type { StoredMarket } from '../../activities/records/markets/market-records.ts';
import type { ErrorCode } from '../../domain/error-codes.ts';
import { type FactType, factInWords } from '../../domain/facts.ts';
import type { MarketCommand } from '../../domain/markets/commands.ts';
import { explainMarket, type MarketExplanation } from '../../domain/markets/explain.ts';
import { isDecided, type MarketActor } from '../../domain/markets/market.ts';
import type { Timeline, TimelineEntry } from '../../domain/timeline.ts';
import { fail } from '../shared/fail.ts';
import { SEARCH_ATTRIBUTES } from '../shared/operator-view.ts';
import type { Request } from '../shared/request.ts';
import type { MarketInput, MarketSnapshot, MarketStored } from './contract.ts';

/** `at`: when it was accepted (RFC 3339). What was in time then is in time, however long the work before it takes. */
export type CommandRequest = Request<{ command: MarketCommand; at: string }, MarketStored>;

/** `isAgain`: Postgres turned out to hold a change that was not in the story; it may be this request's. */
export type MarketMessage = { request: CommandRequest; isAgain: boolean };

const ENTRIES_MAX = 200;

export class MarketState {
  readonly input: MarketInput;
  /** Requests in the order they came; the main loop takes them one by one. */
  readonly inbox: MarketMessage[] = [];

  /** The market as Postgres holds it; null until it is created. */
  stored: StoredMarket | null = null;
  /** Why there will be no market. */
  refusal: { code: ErrorCode; message: string } | null = null;
  /** A change was found stored that this run had not made: whoever asked for it may ask again. */
  hasTakenOver = false;
  /** What operators find it by: one event each time, so only where it has changed. */
  private shown = '';
  private readonly entries: TimelineEntry<MarketActor['role']>[] = [];

  constructor(input: MarketInput) {
    this.input = input;
  }

  /** The market once it is there; callers wait for that. */
  get market(): StoredMarket {
    if (this.stored === null) throw fail('internal_error', 'the market is not stored yet');
    return this.stored;
  }

  get isCreated(): boolean {
    return this.stored !== null || this.refusal !== null;
  }

  get isDecided(): boolean {
    return isDecided(this.market.status);
  }

  /** Takes over what Postgres holds after a write, whether this write made it so or an earlier try had. */
  adopt(stored: StoredMarket): void {
    this.hasTakenOver ||= !stored.applied;
    this.stored = stored;
    this.showDetails();
    const { at } = stored.nextAction;
    const shown = `${stored.status} ${at}`;
    if (shown === this.shown) return;
    this.shown = shown;
    upsertSearchAttributes([
      { key: SEARCH_ATTRIBUTES.marketStatus, value: stored.status },
      { key: SEARCH_ATTRIBUTES.nextActionAt, value: at === null ? null : new Date(at) },
    ]);
  }

  note(type: FactType, by: MarketActor['role'], reason?: string | null): void {
    this.entries.push({ at: new Date().toISOString(), type, by, text: factInWords(type, reason) });
    if (this.entries.length > ENTRIES_MAX) this.entries.shift();
  }

  /** There is no market, and there will be none. */
  refuseWaiting(): void {
    const { code, message } = this.refusal ?? { code: 'market_not_found' as const, message: 'there is no such market' };
    for (const { request } of this.inbox.splice(0)) request.refuse(fail(code, message));
  }

  answer(): MarketStored {
    const { status, version } = this.market;
    return { marketId: this.input.marketId, status, version };
  }

  snapshot(): MarketSnapshot {
    const { marketId } = this.input;
    const status = this.refusal ? 'rejected' : (this.stored?.status ?? 'open');
    return { marketId, status, version: this.stored?.version ?? 0 };
  }

  timeline(): Timeline<MarketActor['role']> {
    const { status } = this.snapshot();
    return { status, entries: this.entries, ...this.explanation() };
  }

  private explanation(): MarketExplanation {
    const text = this.refusal?.message ?? 'The market is being created.';
    return this.stored ? explainMarket(this.stored) : { next: { kind: 'none', at: null, text }, canChange: [] };
  }

  /** What the Temporal UI shows beside the run; costs no event. */
  showDetails(): void {
    const { text } = this.explanation().next;
    // Moderators were alerted, and without them it will be cancelled.
    setCurrentDetails(this.stored?.nextAction.kind === 'cancel' ? `NEEDS ATTENTION: ${text}` : text);
  }
}
