/** Markets as they change, for those who watch: one look a second at all that are watched, none while nobody does. */

import type { MarketId } from '../domain/ids.ts';
import type { MarketStatus } from '../domain/markets/market.ts';

/** What a watched market shows. `counter` grows with every change, the same in every process. */
export type LiveMarket = {
  id: MarketId;
  counter: number;
  status: MarketStatus;
  poolPoints: number;
  outcomes: { id: string; totalPoints: number; probability: number }[];
};

type Listener = {
  changed: (market: LiveMarket) => void;
  /** The server stops, or the market is gone: nothing more comes. */
  ended: () => void;
};

export interface LiveMarkets {
  /**
   * Tells the listener of the market as it is, and of each change until the answered function is called. Null: there are
   * as many listeners as this process takes.
   */
  watch(marketId: MarketId, listener: Listener): (() => void) | null;
  /** Ends every listener. */
  close(): void;
}

type LiveOptions = {
  /** The markets with these ids, in one query. */
  load: (marketIds: readonly MarketId[]) => Promise<LiveMarket[]>;
  /** A look failed; the next one comes as always. */
  failed: (error: unknown) => void;
  /** 1,000 unless given. */
  maxListeners?: number;
  /** Milliseconds between two looks; 1,000 unless given. */
  pollMs?: number;
};

type Watched = { market: LiveMarket | null; listeners: Set<Listener> };

const MAX_LISTENERS = 1_000;
const POLL_MS = 1_000;

export function createLiveMarkets({
  load,
  failed,
  maxListeners = MAX_LISTENERS,
  pollMs = POLL_MS,
}: LiveOptions): LiveMarkets {
  const watched = new Map<MarketId, Watched>();
  let listeners = 0;
  let timer: NodeJS.Timeout | null = null;
  let looking = false;
  let closed = false;

  const look = async (): Promise<void> => {
    if (looking) return;
    looking = true;
    try {
      for (const market of await load([...watched.keys()])) {
        const known = watched.get(market.id);
        if (!known || isSame(known.market, market)) continue;
        known.market = market;
        for (const { changed } of known.listeners) changed(market);
      }
    } catch (error) {
      failed(error);
    } finally {
      looking = false;
    }
  };

  const watch: LiveMarkets['watch'] = (marketId, listener) => {
    if (closed || listeners >= maxListeners) return null;
    const known = watched.get(marketId) ?? { market: null, listeners: new Set<Listener>() };
    watched.set(marketId, known);
    known.listeners.add(listener);
    listeners += 1;
    if (known.market) listener.changed(known.market);
    timer ??= setInterval(() => void look(), pollMs).unref();
    // A first listener need not wait for the next look.
    if (!known.market) void look();
    return () => {
      if (!known.listeners.delete(listener)) return;
      listeners -= 1;
      if (known.listeners.size === 0) watched.delete(marketId);
      if (listeners === 0 && timer) {
        clearInterval(timer);
        timer = null;
      }
    };
  };

  const close = (): void => {
    closed = true;
    for (const known of watched.values()) for (const { ended } of known.listeners) ended();
  };
  return { watch, close };
}

/** The clock closes a market without any change to it. */
function isSame(known: LiveMarket | null, market: LiveMarket): boolean {
  return known?.counter === market.counter && known.status === market.status;
}
