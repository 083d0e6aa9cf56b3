/** What a forecaster or a moderator can do about markets, over HTTP. */

import { randomUUID } from 'node:crypto';
import type { MarketStatus } from '../../domain/markets/market.ts';
import { getFrom, postTo, type Requester } from './requester.ts';
import type {
  Market,
  MarketTimeline,
  NewMarket,
  NewResolution,
  Page,
  PlacedForecast,
  QueuedMarket,
} from './resources.ts';
import { type Patience, waitFor } from './wait-for.ts';

type Answer = { market: Market };

/** Every method throws UnexpectedReply unless the answer is a success; each change is a request of its own. */
export class MarketClient {
  private readonly requester: Requester;

  constructor(requester: Requester) {
    this.requester = requester;
  }

  /** As a moderator; the same key again is the same market. */
  create(market: NewMarket, idempotencyKey: string = randomUUID()): Promise<Market> {
    return postTo(this.requester, '/markets', market, idempotencyKey);
  }

  get(idOrSlug: string): Promise<Market> {
    return getFrom(this.requester, `/markets/${idOrSlug}`);
  }

  list(query: Record<string, string> = {}): Promise<Page<Market>> {
    return getFrom(this.requester, `/markets?${new URLSearchParams(query)}`);
  }

  timeline(id: string): Promise<MarketTimeline> {
    return getFrom(this.requester, `/markets/${id}/timeline?limit=100`);
  }

  /** Stakes chips on an outcome, once per market; the same key again is the same forecast. */
  forecast(
    id: string,
    stake: { outcomeId: string; points: number },
    idempotencyKey: string = randomUUID(),
  ): Promise<PlacedForecast> {
    return postTo(this.requester, `/markets/${id}/forecasts`, stake, idempotencyKey);
  }

  /** Mine. */
  forecasts(query: Record<string, string> = {}): Promise<Page<PlacedForecast>> {
    return getFrom(this.requester, `/forecasts?${new URLSearchParams(query)}`);
  }

  suspend(id: string, reason: string): Promise<Market> {
    return this.change(id, 'suspend', { reason });
  }

  reopen(id: string): Promise<Market> {
    return this.change(id, 'reopen');
  }

  cancel(id: string, reason: string): Promise<Market> {
    return this.change(id, 'cancel', { reason });
  }

  propose(id: string, resolution: NewResolution): Promise<Market> {
    return this.change(id, 'resolution', resolution);
  }

  challenge(id: string, reason: string): Promise<Market> {
    return this.change(id, 'challenge', { reason });
  }

  decide(id: string, decision: { outcomeId: string; note: string }): Promise<Market> {
    return this.change(id, 'decision', decision);
  }

  /** What waits for a moderator, those first whose time is up first. */
  queue(query: Record<string, string> = {}): Promise<Page<QueuedMarket>> {
    return getFrom(this.requester, `/admin/markets?${new URLSearchParams(query)}`);
  }

  waitFor(id: string, status: MarketStatus, patience?: Patience): Promise<Market> {
    return waitFor(
      `market ${id} is ${status}`,
      () => this.get(id),
      (market) => market.status === status,
      patience,
    );
  }

  /** Until every stake of a cancelled market is back, or every chip of a resolved one is paid. */
  waitUntilSettled(id: string, patience?: Patience): Promise<Market> {
    return waitFor(
      `market ${id} is paid out`,
      () => this.get(id),
      ({ settledAt }) => settledAt !== null,
      patience,
    );
  }

  private async change(id: string, what: string, body?: unknown): Promise<Market> {
    return (await postTo<Answer>(this.requester, `/markets/${id}/${what}`, body)).market;
  }
}
