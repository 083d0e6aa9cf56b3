/** A settlement whose process is killed again and again, in the middle of its batches, pays everybody once. */

import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { addForecasters } from '../../bench/markets/stakes.ts';
import { Forecast } from '../../db/entities/forecast.entity.ts';
import { LedgerJournal } from '../../db/entities/ledger-journal.entity.ts';
import { auditLedger } from '../../db/ledger/audit.ts';
import { balanceOf } from '../../db/ledger/balances.ts';
import { chipsMarketAccount } from '../../domain/accounts.ts';
import type { MarketId } from '../../domain/ids.ts';
import { type MarketPlace, openMarketPlace, type Placed, resolvedMarket } from '../activities/support/markets.ts';

const FORECASTS = 1_200;
const BATCH = 60;
const SETTLE = join(import.meta.dirname, 'support/settle.ts');

let place: MarketPlace;
beforeAll(async () => {
  place = await openMarketPlace();
});
afterAll(() => place.close());

/** True if it came to its end; killed in the batch after the `batches`-th that it stores, at any moment of it. */
async function settleUntilKilled(marketId: MarketId, batches: number, thenMs: number): Promise<boolean> {
  const args = [SETTLE, place.url, marketId, String(BATCH)];
  const child = spawn(process.execPath, args, {
    stdio: ['ignore', 'pipe', 'inherit'],
    env: { PATH: process.env.PATH },
  });
  const exited = once(child, 'exit');
  let left = batches;
  child.stdout.on('data', (lines: Buffer) => {
    left -= lines.toString().split('\n').length - 1;
    if (left <= 0) void delay(thenMs).then(() => child.kill('SIGKILL'));
  });
  const [code] = (await exited) as [number | null];
  return code === 0;
}

it('goes on after the last whole batch, and pays the pool once', async () => {
  const users = await addForecasters(place.orm.em.fork(), FORECASTS, 1_000);
  const stakes = users.map((_, user): Placed => [user, user % 3, 1 + ((user * 7_919) % 400)]);
  const pool = stakes.reduce((sum, [, , points]) => sum + points, 0);
  const { marketId } = await resolvedMarket(place, users, stakes, { rakeBps: 0, outcomes: ['A', 'B', 'C'] });

  let kills = 0;
  // Three batches more each time, and a later moment of the next.
  while (!(await settleUntilKilled(marketId, 3, kills % 4))) kills += 1;

  expect(kills).toBeGreaterThanOrEqual(4);
  const forecasts = await place.orm.em.fork().find(Forecast, { marketId });
  expect(forecasts.filter(({ status }) => status === 'placed')).toEqual([]);
  expect(forecasts.reduce((sum, { payoutPoints }) => sum + (payoutPoints ?? 0), 0)).toBe(pool);
  const journals = await place.orm.em.fork().count(LedgerJournal, { key: { $like: `market/${marketId}:settle:%` } });
  expect(journals).toBe(FORECASTS / BATCH);
  expect(await balanceOf(place.orm.em.fork(), chipsMarketAccount(marketId), 'CHIP')).toBe(0);
  const { findings } = await auditLedger(place.orm.em);
  expect(findings.filter(({ violations }) => violations > 0)).toEqual([]);
});
