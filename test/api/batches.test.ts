import { describe, expect, it } from '@jest/globals';
import { createBatches } from '../../api/batches.ts';
import { createLiveMarkets, type LiveMarket } from '../../api/live-markets.ts';
import type { ForecastAnswer, ForecastInput } from '../../db/markets/place-forecasts.ts';
import { newId } from '../../db/new-id.ts';
import type { MarketId, UserId } from '../../domain/ids.ts';

const [marketId, outcomeId] = [newId('market'), newId('outcome')];
const input = (userId: UserId = newId('user')): ForecastInput => ({
  forecastId: newId('forecast'),
  userId,
  marketId,
  outcomeId,
  points: 1,
  deviceHash: null,
  ipHash: null,
});
const stored = ({ forecastId: id, userId, points }: ForecastInput): ForecastAnswer => ({
  ok: true,
  forecast: { id, marketId, outcomeId, userId, points, probability: 0.5, placedAt: new Date(0) },
});

/** A database that answers when it is told to, and keeps what it was asked. */
function database() {
  const calls: { inputs: readonly ForecastInput[]; succeed: () => void; fail: (error: Error) => void }[] = [];
  const place = (inputs: readonly ForecastInput[]) =>
    new Promise<ForecastAnswer[]>((resolve, reject) => {
      calls.push({ inputs, succeed: () => resolve(inputs.map(stored)), fail: reject });
    });
  return { calls, place };
}

const laneOf = ({ userId }: ForecastInput): string => userId;

/** Everything that can happen now has happened. */
const settled = () => new Promise(setImmediate);

describe('requests that come together', () => {
  it('go into one call at a time: the first at once, all that wait meanwhile together', async () => {
    const { calls, place } = database();
    const ask = createBatches({ call: place, laneOf });
    const inputs = Array.from({ length: 150 }, () => input());
    const answers = inputs.map((each) => ask(each));
    await settled();
    expect(calls.map((call) => call.inputs.length)).toEqual([1]);
    calls[0]?.succeed();
    await settled();
    expect(calls.map((call) => call.inputs.length)).toEqual([1, 100]);
    calls[1]?.succeed();
    await settled();
    expect(calls.map((call) => call.inputs.length)).toEqual([1, 100, 49]);
    calls[2]?.succeed();
    expect(await Promise.all(answers)).toEqual(inputs.map(stored));
  });

  it('are of different users in each call, and each user keeps their order', async () => {
    const { calls, place } = database();
    const ask = createBatches({ call: place, laneOf });
    const [ana, ben] = [newId('user'), newId('user')];
    const inputs = [input(ana), input(ana), input(ben), input(ana), input(ben)];
    const answers = Promise.all(inputs.map((each) => ask(each)));
    for (let n = 0; n < 4; n += 1) {
      await settled();
      calls[n]?.succeed();
    }
    await answers;
    const order = calls.map((call) => call.inputs.map((each) => inputs.indexOf(each)));
    expect(order).toEqual([[0], [1, 2], [3, 4]]);
  });

  it('are tried one by one when their call fails as a whole, and only what fails again is refused', async () => {
    const { calls, place } = database();
    const placed: ForecastAnswer[] = [];
    const ask = createBatches({ call: place, laneOf, answered: (answers) => placed.push(...answers) });
    const first = ask(input());
    const [good, bad] = [input(), input()];
    const answers = Promise.allSettled([ask(good), ask(bad)]);
    await settled();
    calls[0]?.succeed();
    await first;
    await settled();
    calls[1]?.fail(new Error('connection lost'));
    await settled();
    expect(calls.slice(2).map((call) => call.inputs)).toEqual([[good], [bad]]);
    calls[2]?.succeed();
    calls[3]?.fail(new Error('still away'));
    expect(await answers).toMatchObject([{ value: stored(good) }, { reason: { message: 'still away' } }]);
    await settled();
    expect(placed.slice(1)).toEqual([stored(good)]);
    // And it goes on.
    const next = ask(input());
    await settled();
    calls.at(-1)?.succeed();
    expect(await next).toMatchObject({ ok: true });
  });

  it('may be of one user where that does not matter', async () => {
    const { calls, place } = database();
    const ask = createBatches({ call: place });
    const user = newId('user');
    const answers = Promise.all([1, 2, 3].map(() => ask(input(user))));
    calls[0]?.succeed();
    await settled();
    calls[1]?.succeed();
    expect(await answers).toHaveLength(3);
    expect(calls.map((call) => call.inputs.length)).toEqual([1, 2]);
  });

  it('are turned away when thousands wait', async () => {
    const { place } = database();
    const ask = createBatches({ call: place, laneOf });
    for (let n = 0; n <= 5_000; n += 1) void ask(input());
    await expect(ask(input())).rejects.toMatchObject({ code: 'service_unavailable' });
  });
});

describe('watching markets', () => {
  const state = (id: MarketId, counter: number): LiveMarket => ({
    id,
    counter,
    status: 'open',
    poolPoints: counter,
    outcomes: [],
  });

  it('looks at all watched markets together, tells of changes only, and rests when nobody listens', async () => {
    const [one, other] = [newId('market'), newId('market')];
    const asked: MarketId[][] = [];
    let counter = 1;
    const look = Promise.withResolvers<void>();
    const load = (ids: readonly MarketId[]) => {
      asked.push([...ids]);
      if (asked.length === 6) look.resolve();
      if (asked.length === 4) counter = 2;
      return asked.length === 5
        ? Promise.reject(new Error('away'))
        : Promise.resolve(ids.map((id) => state(id, counter)));
    };
    const failures: unknown[] = [];
    const live = createLiveMarkets({ load, failed: (error) => failures.push(error), pollMs: 5, maxListeners: 2 });
    const told: Record<string, number[]> = { one: [], other: [] };
    const listen = (id: MarketId, name: string) =>
      live.watch(id, { changed: (market) => told[name]?.push(market.counter), ended: () => told[name]?.push(-1) });
    const stop = listen(one, 'one');
    listen(other, 'other');
    expect(listen(other, 'third')).toBeNull();
    await look.promise;
    await settled();
    expect(asked[0]).toEqual([one]);
    expect(asked[2]).toEqual([one, other]);
    expect(told).toEqual({ one: [1, 2], other: [1, 2] });
    expect(failures).toHaveLength(1);
    stop?.();
    live.close();
    expect(told).toEqual({ one: [1, 2], other: [1, 2, -1] });
    expect(listen(one, 'late')).toBeNull();
  });
});
