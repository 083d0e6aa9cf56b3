/** Many markets that close at the same second: how long until all are settled, and what a buyer feels of it meanwhile. */

import { setTimeout as delay } from 'node:timers/promises';
import { HoldfastClient } from '../../dev/client/holdfast-client.ts';
import { ephemeralPorts } from '../../dev/settings.ts';
import { type Stack, startStack, temporaryHome } from '../../dev/stack.ts';
import { inFlight } from '../in-flight.ts';
import { interrupted } from '../interrupted.ts';
import { percentile, report, say } from '../report.ts';

type Shown = { market: { id: string; status: string; outcomes: { id: string }[] } };

/** At a time; a moderator's script would do no more. */
const LANES = 8;

/** Between two looks at a market. */
const LOOK_MS = 250;

/** Markets are created at some ten a second, so this is how far ahead their end must be. */
const CREATING_MS_EACH = 150;

/** Creates so many markets with one end, resolves all of them right after it, and orders goods one by one all the while. */
export async function measureClosing(markets = 1_000): Promise<void> {
  const { home, remove } = temporaryHome();
  try {
    say('Starting the whole stack ...');
    const stack = await startStack({ home, ports: await ephemeralPorts(), abort: interrupted });
    try {
      await closeAtOnce(stack, markets);
    } finally {
      await stack.stop();
    }
  } finally {
    remove();
  }
}

async function closeAtOnce(stack: Stack, markets: number): Promise<void> {
  const visitor = new HoldfastClient({ api: stack.urls.api });
  const moderator = await visitor.logIn('moderator@holdfast.test');
  const placeOne = await buyer(visitor);
  const before = await placings(placeOne, () => Promise.resolve(false), 40);

  const closesAt = Date.now() + markets * CREATING_MS_EACH + 5_000;
  say(`Creating ${markets} markets ...`);
  const created: Shown['market'][] = [];
  await inFlight(markets, LANES, async () => {
    created.push(await createMarket(moderator, created.length, new Date(closesAt)));
  });
  await delay(Math.max(0, closesAt - Date.now()));
  say('All of them close now.');
  const startedAt = performance.now();
  const resolving = inFlight(markets, LANES, async (lane) => {
    const market = created.pop();
    if (market) await settled(moderator, market, lane);
  });
  let over = false;
  const ended = resolving.finally(() => {
    over = true;
  });
  const during = await placings(placeOne, () => Promise.resolve(over), Number.POSITIVE_INFINITY);
  await ended;
  const seconds = (performance.now() - startedAt) / 1000;
  const note = `${markets} markets with the same end, resolved ${LANES} at a time, beside orders placed one by one`;
  report({ bench: 'markets', figure: 'closing_seconds_until_settled', value: seconds, unit: 's', note });
  report({ bench: 'markets', figure: 'place_p50_before', value: percentile(before, 0.5), unit: 'ms', note });
  report({ bench: 'markets', figure: 'place_p50_meanwhile', value: percentile(during, 0.5), unit: 'ms', note });
  report({ bench: 'markets', figure: 'place_p95_meanwhile', value: percentile(during, 0.95), unit: 'ms', note });
}

async function buyer(visitor: HoldfastClient): Promise<() => Promise<unknown>> {
  const seller = await visitor.logIn('seller@holdfast.test');
  const shop = await seller.openShop('Benchmark shop');
  const price = { amountMinor: 10_000, currency: 'USD' } as const;
  const goods = { shopId: shop.id, title: 'Benchmark goods', description: 'Plenty of them.', price, stock: 1_000_000 };
  const { listingId } = await seller.listProduct(goods);
  const client = await visitor.register('Buyer');
  return () => client.placeOrder({ lines: [{ listingId, quantity: 1 }], payment: { provider: 'stripe' } });
}

async function placings(placeOne: () => Promise<unknown>, isOver: () => Promise<boolean>, most: number) {
  const samples: number[] = [];
  while (samples.length < most && !(await isOver())) {
    interrupted.throwIfAborted();
    const startedAt = performance.now();
    await placeOne();
    samples.push(performance.now() - startedAt);
  }
  return samples;
}

async function createMarket(moderator: HoldfastClient, n: number, closesAt: Date): Promise<Shown['market']> {
  const body = {
    title: `Benchmark question number ${n}`,
    category: 'other',
    outcomes: ['Yes', 'No'],
    closesAt: closesAt.toISOString(),
    policy: { challengeWindowMs: 0 },
  };
  const idempotencyKey = crypto.randomUUID();
  const { status, body: answer } = await moderator.request<Shown['market']>('POST', '/markets', {
    body,
    idempotencyKey,
  });
  if (status !== 201) throw new Error(`a market was answered with ${status}: ${JSON.stringify(answer)}`);
  return answer;
}

/** Proposes the first outcome as soon as the market has closed, and waits until it is settled. */
async function settled(moderator: HoldfastClient, { id, outcomes }: Shown['market'], lane: number): Promise<void> {
  const body = {
    outcomeId: outcomes[0]?.id,
    evidenceUrls: ['https://example.com/result'],
    note: `Seen on the board, lane ${lane}.`,
  };
  for (let taken = false; !taken; ) {
    interrupted.throwIfAborted();
    const { status, body: answer } = await moderator.request<{ code?: string }>('POST', `/markets/${id}/resolution`, {
      body,
    });
    // Its clock has not rung yet, or nobody knows whether it was taken in (202): come again.
    taken = status === 200 || (status === 409 && answer.code !== 'market_not_closed');
    if (!taken && status !== 409 && status !== 202 && status !== 503)
      throw new Error(`a resolution was answered with ${status}`);
    if (!taken) await delay(LOOK_MS);
  }
  for (;;) {
    interrupted.throwIfAborted();
    const { body: market } = await moderator.request<{ status: string }>('GET', `/markets/${id}`);
    if (market.status === 'settled') return;
    await delay(LOOK_MS);
  }
}
