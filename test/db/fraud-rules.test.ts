/** Every fraud rule is raised by rows like those of life and not just below them, once, and nothing follows by itself. */

import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import type { EntityManager, MikroORM } from '@mikro-orm/postgresql';
import { insertMarket } from '../../bench/markets/market-rows.ts';
import { addForecasters } from '../../bench/markets/stakes.ts';
import { flagPlaced } from '../../db/fraud/flag-placed.ts';
import { flagUnrecoveredChips } from '../../db/fraud/flags.ts';
import { decideFlag } from '../../db/fraud/reviews.ts';
import { sweep } from '../../db/fraud/sweep.ts';
import { initOrm } from '../../db/orm.ts';
import { recordReferral } from '../../db/referrals/codes.ts';
import type { FraudRuleCode } from '../../domain/fraud/rules.ts';
import type { Id, UserId } from '../../domain/ids.ts';
import { createTestDatabase, type TestDatabase } from '../support/database.ts';
import { insertChargeback, insertPurchase, insertStake, insertTrace } from '../support/fraud-rows.ts';

type Flag = { id: Id<'flag'>; severity: string; subject: string; evidence: Record<string, unknown>; status: string };

let database: TestDatabase;
let orm: MikroORM;
let em: EntityManager;
beforeAll(async () => {
  database = await createTestDatabase();
  orm = await initOrm(database.url);
  // Makes the channel that purchases belong to.
  await insertMarket(orm.em);
});
afterAll(() => orm.close().then(() => database.drop()));
beforeEach(() => {
  em = orm.em.fork();
});

const sql = <Row extends object>(query: string, params: unknown[] = []) => em.execute<Row[]>(query, params);
/** A device or address that no other test knows. */
const place = () => crypto.randomUUID();
const people = (count: number) => addForecasters(em, count, 0);
const first = <Item>(items: readonly Item[]): Item => {
  const [item] = items;
  if (item === undefined) throw new Error('nothing there');
  return item;
};
const flagsOf = (userId: UserId | undefined, rule: FraudRuleCode) =>
  sql<Flag>('select * from fraud_flag where user_id = ? and rule = ? order by id', [userId, rule]);
const severities = async (users: readonly UserId[], rule: FraudRuleCode) =>
  (await Promise.all(users.map((user) => flagsOf(user, rule)))).map((flags) => flags.map(({ severity }) => severity));

describe('many accounts on a device', () => {
  it('are four, and more weigh more', async () => {
    const device = place();
    const users = await people(8);
    for (const user of users.slice(0, 3)) await insertTrace(em, user, 'login', { device });
    await sweep(em);
    expect(await severities(users.slice(0, 3), 'many_accounts_on_device')).toEqual([[], [], []]);

    // The fourth is seen by its forecast, and at once.
    const market = await insertMarket(em);
    await flagPlaced(em, [await insertStake(em, market, users[3] ?? 'usr_', 0, { device })]);
    expect(await severities(users.slice(0, 4), 'many_accounts_on_device')).toEqual(Array(4).fill(['medium']));
    expect(first(await flagsOf(users[0], 'many_accounts_on_device'))).toMatchObject({
      subject: `device:${device.slice(0, 12)}`,
      evidence: { measured: 4, accounts: 4, users: users.slice(0, 4), device: device.slice(0, 12) },
    });

    for (const user of users.slice(4)) await insertTrace(em, user, 'register', { device });
    await sweep(em);
    expect(await severities(users, 'many_accounts_on_device')).toEqual(Array(8).fill(['high']));
  });

  it('are not those of long ago', async () => {
    const device = place();
    const users = await people(4);
    for (const user of users) await insertTrace(em, user, 'login', { device, minutesAgo: 31 * 24 * 60 });
    await insertTrace(em, first(users), 'login', { device });
    await sweep(em);
    expect(await severities(users, 'many_accounts_on_device')).toEqual([[], [], [], []]);
  });
});

describe('both sides of a market', () => {
  it.each([
    ['device', 'high'],
    ['address', 'low'],
  ])('from one %s are two outcomes, not two accounts on one', async (by, severity) => {
    const market = await insertMarket(em);
    const [a, b, c] = await people(3);
    if (!a || !b || !c) throw new Error('no users');
    const from = { [by]: place() };
    await flagPlaced(em, [await insertStake(em, market, a, 0, from), await insertStake(em, market, b, 0, from)]);
    expect(await severities([a, b], 'both_sides_of_market')).toEqual([[], []]);
    await flagPlaced(em, [await insertStake(em, market, c, 1, from)]);
    expect(await severities([a, b, c], 'both_sides_of_market')).toEqual([[severity], [severity], [severity]]);
    expect(first(await flagsOf(a, 'both_sides_of_market')).evidence).toMatchObject({
      marketId: market.marketId,
      by,
      accounts: 3,
      users: [a, b, c],
      sides: [
        { points: 20, forecasts: 2 },
        { points: 10, forecasts: 1 },
      ],
    });
  });

  it('raise one flag where device and address tell the same, and none for a crowd at one address', async () => {
    const market = await insertMarket(em);
    const [a, b, ...crowd] = await people(8);
    if (!a || !b) throw new Error('no users');
    const from = { device: place(), address: place() };
    const ids = [await insertStake(em, market, a, 0, from), await insertStake(em, market, b, 1, from)];
    const address = place();
    for (const [n, user] of crowd.entries()) ids.push(await insertStake(em, market, user, n % 2, { address }));
    await flagPlaced(em, ids);
    expect(await severities([a, b, ...crowd], 'both_sides_of_market')).toEqual([
      ['high'],
      ['high'],
      ...crowd.map(() => []),
    ]);
  });

  it('are of one market, not of two', async () => {
    const [a, b] = await people(2);
    if (!a || !b) throw new Error('no users');
    const device = place();
    await insertStake(em, await insertMarket(em), a, 0, { device });
    await flagPlaced(em, [await insertStake(em, await insertMarket(em), b, 1, { device })]);
    expect(await severities([a, b], 'both_sides_of_market')).toEqual([[], []]);
  });
});

describe('a burst before closing', () => {
  const closingSoon = async (minutes: number, livedDays = 1) => {
    const market = await insertMarket(em, { closesInMs: minutes * 60_000 });
    await sql(`update market set created_at = now() - ? * interval '1 day' where id = ?`, [livedDays, market.marketId]);
    return market;
  };

  it('is five new accounts on one outcome within ten minutes, and not four', async () => {
    const market = await closingSoon(9);
    const users = await people(9);
    const old = first(await people(1));
    await sql(`update user_account set created_at = now() - interval '8 days' where id = ?`, [old]);
    const [early, ...rest] = users;
    const ids = [
      await insertStake(em, market, early ?? 'usr_', 0, { minutesAgo: 2 }),
      await insertStake(em, market, old, 0),
    ];
    for (const [n, user] of rest.slice(0, 7).entries()) ids.push(await insertStake(em, market, user, n < 4 ? 0 : 1));
    await flagPlaced(em, ids);
    await sweep(em);
    expect(await severities([...users, old], 'burst_before_closing')).toEqual(Array(10).fill([]));

    await flagPlaced(em, [await insertStake(em, market, rest[7] ?? 'usr_', 0)]);
    const loud = [...rest.slice(0, 4), ...rest.slice(7)];
    expect(await severities(loud, 'burst_before_closing')).toEqual(Array(5).fill(['medium']));
    expect(await severities([old, ...users.slice(0, 1), ...rest.slice(4, 7)], 'burst_before_closing')).toEqual(
      Array(5).fill([]),
    );
    expect(first(await flagsOf(rest[7], 'burst_before_closing')).evidence).toMatchObject({
      measured: 5,
      marketId: market.marketId,
      outcomeId: market.outcomeIds[0],
      points: 50,
    });
  });

  it('has a tenth of the life of a short market', async () => {
    const market = await closingSoon(5, 0);
    const users = await people(6);
    await flagPlaced(em, await Promise.all(users.map((user) => insertStake(em.fork(), market, user, 0))));
    expect(await severities(users, 'burst_before_closing')).toEqual(Array(6).fill([]));
  });
});

describe('payments', () => {
  it('are many with ten begun in a day, not with nine', async () => {
    const [calm, busy] = await people(2);
    if (!calm || !busy) throw new Error('no users');
    for (let n = 0; n < 9; n += 1)
      await Promise.all([insertPurchase(em.fork(), calm), insertPurchase(em.fork(), busy)]);
    await Promise.all([insertPurchase(em.fork(), calm, { hoursAgo: 25 }), insertPurchase(em.fork(), busy)]);
    await sweep(em);
    expect(await severities([calm, busy], 'purchase_velocity')).toEqual([[], ['medium']]);
    expect(first(await flagsOf(busy, 'purchase_velocity')).evidence).toMatchObject({
      measured: 10,
      chips: 1_000,
      byStatus: { pending: 10 },
    });
  });

  it('are many on a device with several accounts too', async () => {
    const [device, mine] = [place(), place()];
    const [a, b, alone] = await people(3);
    if (!a || !b || !alone) throw new Error('no users');
    for (let n = 0; n < 5; n += 1) {
      for (const user of [a, b]) await insertTrace(em, user, 'purchase', { device });
      for (let m = 0; m < 2; m += 1) await insertTrace(em, alone, 'purchase', { device: mine });
    }
    await sweep(em);
    expect(await severities([a, b, alone], 'purchase_velocity')).toEqual([['medium'], ['medium'], []]);
  });

  it('that banks took back are a history with two; one, given back or long ago is none', async () => {
    const [once, won, old, twice] = await people(4);
    if (!once || !won || !old || !twice) throw new Error('no users');
    const take = async (user: UserId, options = {}) =>
      insertChargeback(em, await insertPurchase(em, user, { completed: true }), options);
    await take(once);
    await take(won);
    await take(won, { givenBack: true });
    await take(old);
    await take(old, { daysAgo: 181 });
    await take(twice);
    await take(twice, { daysAgo: 100 });
    await sweep(em);
    expect(await severities([once, won, old, twice], 'chargeback_history')).toEqual([[], [], [], ['high']]);
    // A third one is a further flag, whatever became of the first.
    await take(twice);
    await sweep(em);
    expect(await severities([twice], 'chargeback_history')).toEqual([['high', 'high']]);
  });

  it('whose chips are gone are flagged once for each event', async () => {
    const user = first(await people(1));
    const purchaseId = await insertPurchase(em, user);
    const flag = (missing: number, event: string) =>
      flagUnrecoveredChips(em, { userId: user, purchaseId, missing, event });
    await flag(0, 'dp_0');
    expect(await flagsOf(user, 'unrecovered_chips')).toEqual([]);
    await flag(40, 'dp_1');
    await flag(40, 'dp_1');
    await flag(1_000, 're_2');
    expect((await flagsOf(user, 'unrecovered_chips')).map(({ severity, evidence }) => [severity, evidence])).toEqual([
      ['medium', { purchaseId, event: 'dp_1', chipsMissing: 40 }],
      ['high', { purchaseId, event: 're_2', chipsMissing: 1_000 }],
    ]);
  });
});

describe('friends who are the same person', () => {
  it('are found by device and by address, whatever it was seen for', async () => {
    const [referrer, onDevice, atAddress, friend] = await people(4);
    if (!referrer || !onDevice || !atAddress || !friend) throw new Error('no users');
    const [device, address] = [place(), place()];
    await insertTrace(em, referrer, 'register', { device, address });
    await insertStake(em, await insertMarket(em), onDevice, 0, { device });
    await insertTrace(em, atAddress, 'login', { address, device: place() });
    await insertTrace(em, friend, 'register', { address: place(), device: place() });
    for (const each of [onDevice, atAddress, friend]) await recordReferral(em, each, referrer);
    await sweep(em);
    const flags = await flagsOf(referrer, 'self_referral');
    expect(new Map(flags.map(({ subject, severity }) => [subject, severity]))).toEqual(
      new Map([
        [onDevice, 'high'],
        [atAddress, 'low'],
      ]),
    );
  });
});

describe('a sweep', () => {
  it('beside nine others raises each flag once', async () => {
    const market = await insertMarket(em);
    const users = await people(6);
    const device = place();
    for (const [n, user] of users.entries()) await insertStake(em, market, user, n % 2, { device });
    const raised = await Promise.all(Array.from({ length: 10 }, () => sweep(orm.em.fork())));
    expect(raised.reduce((sum, { flagsRaised }) => sum + flagsRaised, 0)).toBe(12);
    expect(await severities(users, 'both_sides_of_market')).toEqual(Array(6).fill(['high']));
    expect(await severities(users, 'many_accounts_on_device')).toEqual(Array(6).fill(['medium']));
    expect((await sweep(em)).flagsRaised).toBe(0);
  });

  it('leaves what a person has cleared, and every account, as it is', async () => {
    const market = await insertMarket(em);
    const [a, b] = await people(2);
    if (!a || !b) throw new Error('no users');
    const device = place();
    await insertStake(em, market, a, 0, { device });
    await insertStake(em, market, b, 1, { device });
    await sweep(em);
    const { id } = first(await flagsOf(a, 'both_sides_of_market'));
    const reviewer = { id: first(await people(1)), isAdmin: true };
    await decideFlag(em, { flagId: id, reviewer, outcome: 'clear', note: 'They share a tablet, and told us so.' });
    await insertStake(em, market, first(await people(1)), 1, { device });
    await sweep(em);
    expect(first(await flagsOf(a, 'both_sides_of_market'))).toMatchObject({
      status: 'cleared',
      evidence: { accounts: 2 },
    });
    expect(first(await flagsOf(b, 'both_sides_of_market'))).toMatchObject({
      status: 'open',
      evidence: { accounts: 3 },
    });

    const touched = await sql(`select id from user_account where limited_at is not null or status <> 'active'`);
    expect(touched).toEqual([]);
  });
});
