/** Settlement on a real Postgres: exact to the chip, once, whatever it is interrupted by. */

import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { settleMarket } from '../../activities/bulk/settle-market.ts';
import { addForecasters } from '../../bench/markets/stakes.ts';
import { Forecast } from '../../db/entities/forecast.entity.ts';
import { Market } from '../../db/entities/market.entity.ts';
import { auditLedger } from '../../db/ledger/audit.ts';
import { balanceOf } from '../../db/ledger/balances.ts';
import { placeForecasts } from '../../db/markets/place-forecasts.ts';
import { newId } from '../../db/new-id.ts';
import { chipsMarketAccount, chipsWalletAccount } from '../../domain/accounts.ts';
import type { MarketId, UserId } from '../../domain/ids.ts';
import { payoutOf, payoutRule } from '../../domain/markets/settlement.ts';
import {
  closedMarket,
  type MarketPlace,
  marketInput,
  move,
  openMarketPlace,
  type Placed,
  resolvedMarket,
} from './support/markets.ts';

const CHIPS = 1_000_000;
/** Few: every batch is a step that may be the last. */
const BATCH = 7;

let place: MarketPlace;
let users: UserId[];
beforeAll(async () => {
  place = await openMarketPlace();
  users = await addForecasters(place.orm.em.fork(), 60, CHIPS);
});
afterAll(async () => {
  const { findings } = await auditLedger(place.orm.em);
  await place.close();
  expect(findings.filter(({ violations }) => violations > 0)).toEqual([]);
});

const settle = (marketId: MarketId, afterBatch?: (batch: { batches: number }) => void) =>
  settleMarket(place, { marketId }, { batchSize: BATCH, afterBatch });
const forecastsOf = (marketId: MarketId) =>
  place.orm.em.fork().find(Forecast, { marketId }, { orderBy: { seq: 'asc' } });
const marketOf = (id: MarketId) => place.orm.em.fork().findOneOrFail(Market, { id });
const poolOf = (marketId: MarketId) => balanceOf(place.orm.em.fork(), chipsMarketAccount(marketId), 'CHIP');
const chipsOf = (user: UserId | undefined) =>
  balanceOf(place.orm.em.fork(), chipsWalletAccount(user ?? 'usr_'), 'CHIP');

/** Repeatable noise. */
function dice(start: number): (sides: number) => number {
  let state = start;
  return (sides) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return Math.floor((state / 2 ** 32) * sides);
  };
}

/** Stakes of many sizes, some alike so that fractions tie. */
function randomStakes(roll: (sides: number) => number, outcomes: number): Placed[] {
  const size = 1 + roll(users.length);
  const most = 10 ** (1 + roll(4));
  return Array.from({ length: size }, (_, user) => [user, roll(outcomes), 1 + roll(roll(2) === 0 ? 3 : most)]);
}

describe('settlement', () => {
  it.each([0, 1, 250, 3_333, 10_000])('pays what the rule says, to the chip, at a rake of %s bps', async (rakeBps) => {
    const roll = dice(rakeBps + 1);
    for (let round = 0; round < 4; round += 1) {
      const stakes = randomStakes(roll, 3);
      const { marketId, outcomeIds } = await resolvedMarket(place, users, stakes, {
        rakeBps,
        outcomes: ['A', 'B', 'C'],
      });
      await settle(marketId);
      const [forecasts, market] = [await forecastsOf(marketId), await marketOf(marketId)];
      const [winner] = outcomeIds;
      if (!winner) throw new Error('a market has outcomes');
      const pool = stakes.reduce((sum, [, , points]) => sum + points, 0);
      const rule = payoutRule(
        winner,
        pool,
        rakeBps,
        forecasts.filter(({ outcomeId }) => outcomeId === winner),
      );
      expect(market.payout).toEqual(rule);
      expect(forecasts.map(({ payoutPoints }) => payoutPoints)).toEqual(forecasts.map((each) => payoutOf(rule, each)));
      expect(market).toMatchObject({ status: 'settled', poolPoints: pool, forecasts: stakes.length });
      expect(await poolOf(marketId)).toBe(0);
    }
  });

  it('holds at sizes whose products no bigint would hold', async () => {
    const rich = await addForecasters(place.orm.em.fork(), 3, 9e14);
    const stakes: Placed[] = [
      [0, 0, 899_999_999_999_989],
      [1, 0, 7],
      [2, 1, 899_999_999_999_947],
    ];
    const { marketId, outcomeIds } = await resolvedMarket(place, rich, stakes);
    await settle(marketId);
    const forecasts = await forecastsOf(marketId);
    const [winner = 'out_'] = outcomeIds;
    const winners = forecasts.filter(({ outcomeId }) => outcomeId === winner);
    const rule = payoutRule(winner, 1_799_999_999_999_943, 0, winners);
    expect(forecasts.map(({ payoutPoints }) => payoutPoints)).toEqual(forecasts.map((each) => payoutOf(rule, each)));
  });

  it('counts a forecast by what its outcome was worth before it', async () => {
    const { marketId } = await resolvedMarket(place, users, [
      [0, 0, 100],
      [1, 0, 50],
      [2, 1, 100],
    ]);
    await settle(marketId);
    const forecasts = await forecastsOf(marketId);
    expect(
      forecasts.map(({ status, payoutPoints, reputationDelta }) => [status, payoutPoints, reputationDelta]),
    ).toEqual([
      ['won', 167, 99],
      ['won', 83, 98],
      ['lost', 0, -3],
    ]);
  });

  it.each(['cancelled', 'nobody'])('returns every stake of a market that is %s', async (why) => {
    const before = await Promise.all([0, 1, 2].map((user) => chipsOf(users[user])));
    const stakes: Placed[] = [
      [0, 1, 100],
      [1, 1, 7],
      [2, 1, 1],
    ];
    const closed = await closedMarket(place, users, stakes, { rakeBps: 500 });
    const { marketId } = closed;
    if (why === 'cancelled') await move(place, closed, 'cancelled');
    else await move(place, { ...(await move(place, closed, 'proposed')), marketId }, 'resolved');
    expect(await settle(marketId)).toEqual({ kind: 'returned', forecasts: 3, batches: 1 });
    expect(await Promise.all([0, 1, 2].map((user) => chipsOf(users[user])))).toEqual(before);
    const forecasts = await forecastsOf(marketId);
    expect(forecasts.every(({ status, reputationDelta }) => status === 'returned' && reputationDelta === null)).toBe(
      true,
    );
    const market = await marketOf(marketId);
    expect(market.status).toBe(why === 'cancelled' ? 'cancelled' : 'settled');
    expect(market.settledAt).not.toBeNull();
  });

  it('settles a market on which nobody has staked anything', async () => {
    const { marketId } = await resolvedMarket(place, users, []);
    expect(await settle(marketId)).toEqual({ kind: 'returned', forecasts: 0, batches: 0 });
    expect((await marketOf(marketId)).status).toBe('settled');
  });

  it('pays once, however often it is interrupted after a batch and begun again, and by several at a time', async () => {
    const roll = dice(7);
    const stakes = users.map((_, user): Placed => [user, roll(2), 1 + roll(1_000)]);
    const { marketId } = await resolvedMarket(place, users, stakes, { rakeBps: 100 });
    const killedAfter = (count: number) => () => {
      if ((count -= 1) === 0) throw new Error('killed');
    };
    for (const batches of [1, 2]) await expect(settle(marketId, killedAfter(batches))).rejects.toThrow('killed');
    expect(await marketOf(marketId)).toMatchObject({ status: 'resolved', batches: 3 });
    await Promise.all(Array.from({ length: 4 }, () => settle(marketId)));
    expect(await settle(marketId)).toEqual({ kind: 'paid', forecasts: 60, batches: 9 });
    const paid = (await forecastsOf(marketId)).reduce((sum, { payoutPoints }) => sum + (payoutPoints ?? 0), 0);
    const pool = stakes.reduce((sum, [, , points]) => sum + points, 0);
    expect(paid).toBe(pool - Math.floor(pool / 100));
    const told = `select type from domain_event where subject_id = ? and type = 'market.settled'`;
    expect(await place.orm.em.fork().execute(told, [marketId])).toHaveLength(1);
  });

  it('of 20 markets at once with the same people on them ends for all', async () => {
    const roll = dice(20);
    const lineUps = Array.from({ length: 20 }, () => {
      const order = users.map((_, user) => user).toSorted(() => roll(3) - 1);
      return order.map((user): Placed => [user, roll(2), 1 + roll(50)]);
    });
    const markets = await Promise.all(lineUps.map((stakes) => resolvedMarket(place, users, stakes)));
    await Promise.all(markets.map(({ marketId }) => settleMarket(place, { marketId }, { batchSize: 20 })));
    expect(await Promise.all(markets.map(({ marketId }) => poolOf(marketId)))).toEqual(markets.map(() => 0));
  });

  it('counts whatever was placed before the market closed, and nothing is placed after', async () => {
    const input = marketInput(place.moderators[0]);
    const { marketId } = input;
    const market = { ...(await place.records.createMarket(input)), marketId };
    const [outcomeId = 'out_'] = market.outcomeIds;
    const placing = (userId: UserId) => {
      const forecast = {
        forecastId: newId('forecast'),
        userId,
        marketId,
        outcomeId,
        points: 3,
        deviceHash: null,
        ipHash: null,
      };
      return placeForecasts(place.orm.em.fork(), [forecast]);
    };
    const [early, racing, late] = [users.slice(0, 5), users.slice(5, 20), users.slice(20, 22)];
    await Promise.all(early.map(placing));
    const race = racing.map(placing);
    const closed = { ...(await move(place, market, 'closed')), marketId };
    const raced = (await Promise.all(race)).flat();
    const stored = 5 + raced.filter(({ ok }) => ok).length;
    expect(await marketOf(marketId)).toMatchObject({ poolPoints: 3 * stored, forecasts: stored });
    const cancelled = await move(place, closed, 'cancelled');
    expect(cancelled.status).toBe('cancelled');
    expect(await settle(marketId)).toMatchObject({ kind: 'returned', forecasts: stored });
    const refused = [...raced, ...(await Promise.all(late.map(placing))).flat()].filter(({ ok }) => !ok);
    expect(new Set(refused.map((answer) => !answer.ok && answer.code))).toEqual(new Set(['market_closed']));
  });

  it('is refused while nothing is decided', async () => {
    const { marketId } = await closedMarket(place, users, [[0, 0, 5]]);
    await expect(settle(marketId)).rejects.toThrow('nothing is paid out yet');
  });
});
