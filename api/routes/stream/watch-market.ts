/** GET /stream: a market as it changes, as server-sent events. */

import { createRoute, z } from '@hono/zod-openapi';
import { loadMarketsNow } from '../../../db/repositories/market-history.ts';
import type { MarketId } from '../../../domain/ids.ts';
import { endpoint } from '../../endpoint.ts';
import { ApiError } from '../../errors.ts';
import type { LiveMarket, LiveMarkets } from '../../live-markets.ts';
import { problems } from '../../schemas/responses.ts';
import { idSchema } from '../../schemas/values.ts';

/** A line that says nothing, so that nothing between here and the client takes the connection for dead. */
const HEARTBEAT_MS = 15_000;

const route = createRoute({
  method: 'get',
  path: '/stream',
  tags: ['Markets'],
  summary: 'Watch a market',
  description:
    'Server-sent events: `market` with `{ id, status, poolPoints, outcomes: [{ id, totalPoints, probability }] }`, at once and whenever it changes, at most one a second. With `Last-Event-ID` the first comes only if something has changed since.',
  request: { query: z.strictObject({ market: idSchema('market') }) },
  responses: {
    200: { description: 'Events, for as long as you listen', content: { 'text/event-stream': { schema: z.string() } } },
    ...problems(404, 422, 503),
  },
});

export const watchMarketEndpoint = endpoint(route, async (c) => {
  const { market: marketId } = c.req.valid('query');
  const [known] = await loadMarketsNow(c.get('em'), [marketId]);
  if (!known) throw new ApiError('market_not_found');
  const events = eventsOf(c.get('deps').live, marketId, c.req.header('Last-Event-ID'));
  if (!events) throw new ApiError('service_unavailable', { detail: 'Too many are watching.' });
  return c.body(events, 200, {
    'Content-Type': 'text/event-stream',
    'Cache-Control': 'no-store',
    // Proxies are asked not to hold events back.
    'X-Accel-Buffering': 'no',
    // Nothing follows it: a server that stops need not wait for the connection to fall idle.
    Connection: 'close',
  });
});

/** Null when as many are watching as this process takes. A client that reads slowly gets the latest state, not a queue. */
function eventsOf(live: LiveMarkets, marketId: MarketId, lastEventId: string | undefined): ReadableStream | null {
  const encoder = new TextEncoder();
  let latest: LiveMarket | null = null;
  let first = true;
  let out: ReadableStreamDefaultController<Uint8Array> | null = null;
  let stop: (() => void) | null = null;

  const flush = (): void => {
    if (!out || !latest || (out.desiredSize ?? 0) <= 0) return;
    const event = toEvent(latest);
    // Before it is read, which asks for the next one.
    latest = null;
    out.enqueue(encoder.encode(event));
  };
  const heartbeat = setInterval(() => {
    if (out && (out.desiredSize ?? 0) > 0) out.enqueue(encoder.encode(':\n\n'));
  }, HEARTBEAT_MS).unref();
  const end = (): void => {
    clearInterval(heartbeat);
    stop?.();
    stop = null;
    out = null;
  };
  const stream = new ReadableStream<Uint8Array>({
    start: (controller) => {
      out = controller;
    },
    pull: flush,
    cancel: end,
  });
  stop = live.watch(marketId, {
    changed: (market) => {
      if (!(first && String(market.counter) === lastEventId)) latest = market;
      first = false;
      flush();
    },
    ended: () => {
      const last = out;
      end();
      last?.close();
    },
  });
  if (stop) return stream;
  clearInterval(heartbeat);
  return null;
}

function toEvent({ counter, ...market }: LiveMarket): string {
  return `event: market\nid: ${counter}\ndata: ${JSON.stringify(market)}\n\n`;
}
