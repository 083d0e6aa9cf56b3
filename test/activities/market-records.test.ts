/** What the market workflow writes, on a real Postgres: once, after forecasts in flight, and for good; and the audit of it. */

import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import pg from 'pg';
import { settleMarket } from '../../activities/bulk/settle-market.ts';
import type { ChangeMarketInput } from '../../activities/records/markets/market-records.ts';
import { addForecasters, addStakes } from '../../bench/markets/stakes.ts';
import { Market } from '../../db/entities/market.entity.ts';
import { auditLedger } from '../../db/ledger/audit.ts';
import { newId } from '../../db/new-id.ts';
import type { MarketId, UserId } from '../../domain/ids.ts';
import { nextMarketAction } from '../../domain/markets/clocks.ts';
import type { MarketInput } from '../../workflows/market/contract.ts';
import {
  closedMarket,
  type MarketPlace,
  marketInput,
  move,
  openMarketPlace,
  resolvedMarket,
} from './support/markets.ts';

let place: MarketPlace;
let users: UserId[];
let owner: pg.Client;
beforeAll(async () => {
  place = await openMarketPlace();
  users = await addForecasters(place.orm.em.fork(), 6, 1_000);
  owner = new pg.Client({ connectionString: place.url });
  await owner.connect();
});
afterAll(async () => {
  await owner.end();
  await place.close();
});

const create = (changes: Partial<MarketInput> = {}) => {
  const input = marketInput(place.moderators[0], changes);
  return { input, created: place.records.createMarket(input) };
};
const rowOf = (id: MarketId) => place.orm.em.fork().findOneOrFail(Market, { id });

describe('creating a market', () => {
  it('stores it once, with its outcomes in order, its fact and its activity', async () => {
    const { input, created } = create({ title: 'Once only', overrides: { resolveByMs: 7_000 }, maxPointsPerUser: 500 });
    const stored = await created;
    expect(stored).toMatchObject({ version: 1, status: 'open', nextAction: { kind: 'close', at: input.closesAt } });
    expect(stored.policy).toMatchObject({ resolveByMs: 7_000, challengeWindowMs: 86_400_000 });
    expect(await place.records.createMarket(input)).toEqual(stored);
    const counts = `select (select count(*)::int from market_outcome where market_id = $1) as outcomes,
      (select count(*)::int from domain_event where subject_id = $1 and type = 'market.created') as facts,
      (select count(*)::int from activity where market_id = $1 and type = 'market_created') as activities`;
    expect((await owner.query(counts, [input.marketId])).rows).toEqual([{ outcomes: 2, facts: 1, activities: 1 }]);
    expect(await rowOf(input.marketId)).toMatchObject({ slug: 'once-only', maxPointsPerUser: 500 });
  });

  it('gives markets of one title slugs of their own, also when they come at once', async () => {
    const markets = Array.from({ length: 5 }, () => create({ title: 'The same again' }));
    await Promise.all(markets.map(({ created }) => created));
    const slugs = await Promise.all(markets.map(async ({ input }) => (await rowOf(input.marketId)).slug));
    expect(new Set(slugs).size).toBe(5);
    expect(slugs.filter((slug) => slug === 'the-same-again')).toHaveLength(1);
    for (const slug of slugs) expect(slug).toMatch(/^the-same-again(-[a-z0-9]{6})?$/);
  });

  it.each([
    ['a channel that is not there', { channel: 'nowhere' }, 'channel_not_found'],
    ['a channel without markets', { channel: 'fliiply' }, 'markets_not_offered'],
    ['an end that is past', { closesAt: new Date(Date.now() - 1).toISOString() }, 'closes_at_not_later'],
    ['an end that is no instant', { closesAt: 'tomorrow' }, 'closes_at_not_later'],
    ['one outcome', { outcomes: ['Yes'] }, 'validation_failed'],
    ['ten thousand outcomes', { outcomes: Array.from({ length: 10_000 }, (_, n) => String(n)) }, 'validation_failed'],
    ['outcomes of one name', { outcomes: ['Yes', 'yes '] }, 'validation_failed'],
    ['a limit above the channel’s', { maxPointsPerUser: 10_001 }, 'validation_failed'],
    ['a limit of nothing', { maxPointsPerUser: 0 }, 'validation_failed'],
    ['no time to resolve', { overrides: { resolveByMs: 0 } }, 'validation_failed'],
  ])('is refused with %s', async (_what, changes, type) => {
    const { input, created } = create(changes);
    await expect(created).rejects.toMatchObject({ type, nonRetryable: true });
    expect(await place.orm.em.fork().count(Market, { id: input.marketId })).toBe(0);
  });

  it('refuses the same id for another request', async () => {
    const { input, created } = create();
    await created;
    const again = place.records.createMarket({ ...input, requestHash: 'another' });
    await expect(again).rejects.toMatchObject({ type: 'idempotency_key_reused' });
  });
});

describe('changing a market', () => {
  const suspended = (version: number, moderator: 0 | 1, reason: string): Omit<ChangeMarketInput, 'marketId'> => {
    const actor = { role: 'moderator', id: place.moderators[moderator] } as const;
    const nextAction = { kind: 'close', at: null } as const;
    return {
      version,
      to: 'suspended',
      fact: 'market.suspended',
      actor,
      reason,
      at: new Date().toISOString(),
      nextAction,
    };
  };

  it('takes a number once: a repeat is the same, another change is told to look again', async () => {
    const { input, created } = create();
    await created;
    const { marketId } = input;
    const first = { marketId, ...suspended(2, 0, 'unclear') };
    expect(await place.records.changeMarket(first)).toMatchObject({ applied: true, version: 2, status: 'suspended' });
    expect(await place.records.changeMarket(first)).toMatchObject({ applied: true, version: 2 });
    for (const other of [suspended(2, 0, 'another reason'), suspended(2, 1, 'unclear')]) {
      expect(await place.records.changeMarket({ marketId, ...other })).toMatchObject({ applied: false, version: 2 });
    }
  });

  it('waits for a forecast in flight, and counts it', async () => {
    const { input, created } = create();
    const { outcomeIds } = await created;
    const { marketId, closesAt } = input;
    const placing = place.orm.em.fork();
    await placing.begin();
    await placing.execute('select from market where id = ? for share', [marketId]);
    const [userId, outcomeId] = [users[0], outcomeIds[0]];
    if (!userId || !outcomeId) throw new Error('a user and an outcome are needed');
    await addStakes(placing, marketId, [{ userId, outcomeId, points: 5 }]);
    const closing = place.records.changeMarket({
      marketId,
      version: 2,
      to: 'closed',
      fact: 'market.closed',
      actor: { role: 'system', id: 'market' },
      reason: null,
      at: closesAt,
      nextAction: { kind: 'alert_resolver', at: closesAt },
    });
    const early = await Promise.race([closing, new Promise((resolve) => setTimeout(resolve, 100, 'waits'))]);
    expect(early).toBe('waits');
    await placing.commit();
    await closing;
    expect(await rowOf(marketId)).toMatchObject({ status: 'closed', poolPoints: 5, forecasts: 1 });
  });

  it('leaves the judging to moderators who have no forecast, and the challenging to those who have', async () => {
    const closed = await closedMarket(place, [place.moderators[0]], []);
    const { marketId } = closed;
    await addStakes(place.orm.em.fork(), marketId, []);
    const chips = await addForecasters(place.orm.em.fork(), 1, 10);
    const [forecaster] = chips;
    const [outcomeId] = closed.outcomeIds;
    if (!forecaster || !outcomeId) throw new Error('a forecaster and an outcome are needed');
    await addStakes(place.orm.em.fork(), marketId, [{ userId: forecaster, outcomeId, points: 5 }]);
    const at = new Date().toISOString();
    const proposal = { outcomeId, evidenceUrls: ['https://a.test'], note: 'x', proposedBy: forecaster, proposedAt: at };
    const nextAction = nextMarketAction('proposed', at, closed);
    const step = { marketId, version: 3, reason: null, at, nextAction };
    const proposed = { ...step, to: 'proposed', fact: 'market.proposed', proposal } as const;
    const byForecaster = place.records.changeMarket({ ...proposed, actor: { role: 'moderator', id: forecaster } });
    await expect(byForecaster).rejects.toMatchObject({ type: 'resolver_conflict' });
    await place.records.changeMarket({ ...proposed, actor: { role: 'moderator', id: place.moderators[0] } });
    const challengeBy = (challengedBy: UserId) =>
      place.records.changeMarket({
        ...step,
        version: 4,
        to: 'challenged',
        fact: 'market.challenged',
        actor: { role: 'forecaster', id: challengedBy },
        challenge: { reason: 'no', challengedBy, challengedAt: at },
      });
    await expect(challengeBy(newId('user'))).rejects.toMatchObject({ type: 'not_a_forecaster' });
    expect((await challengeBy(forecaster)).challenge).toMatchObject({ challengedBy: forecaster });
  });
});

describe('a resolution', () => {
  beforeAll(() => resolvedMarket(place, users, [[0, 0, 1]]));
  it.each([
    ['app', 'set role holdfast_app; update market_resolution set note = note', /permission denied|is final/],
    ['app', 'set role holdfast_app; delete from market_resolution', /permission denied|is final/],
    ['owner', `update market_resolution set note = 'otherwise'`, /is final/],
    ['owner', 'delete from market_resolution', /is final/],
    ['owner', 'truncate market_resolution', /is final/],
  ])('cannot be changed by the %s: "%s" is refused', async (_who, statement, reason) => {
    await expect(owner.query(statement)).rejects.toThrow(reason);
    await owner.query('reset role');
  });
});

/** Statements that get past every guard, as a superuser could. */
const past = (statement: string) => `begin; set local session_replication_role = replica; ${statement}; commit`;
const SETTLED = `(select id from market where title = 'Settled')`;
const winner = `market_id = ${SETTLED} and status = 'won' and seq = (select min(seq) from forecast where market_id = ${SETTLED} and status = 'won')`;

/** What is done, how it is undone, and what the audit says of it. */
const TAMPERINGS: [done: string, undone: string, found: string][] = [
  [
    `update ledger_balance set balance_minor = balance_minor + 1 where account = 'chips:market:' || ${SETTLED}`,
    `update ledger_balance set balance_minor = balance_minor - 1 where account = 'chips:market:' || ${SETTLED}`,
    'nothing is left of a market that is settled: no chip in its pool, no forecast that waits',
  ],
  [
    `update forecast set points = points + 1 where market_id <> ${SETTLED}`,
    `update forecast set points = points - 1 where market_id <> ${SETTLED}`,
    'the pool of a market holds its stakes until they are paid out',
  ],
  [
    `update forecast set payout_points = payout_points + 1 where ${winner}`,
    `update forecast set payout_points = payout_points - 1 where ${winner}`,
    'what a settled market has paid is its pool without the rake, or every stake as it was',
  ],
  [
    `update forecast set payout_points = payout_points + case when seq % 2 = 0 then 1 else -1 end where market_id = ${SETTLED} and status = 'won'`,
    `update forecast set payout_points = payout_points - case when seq % 2 = 0 then 1 else -1 end where market_id = ${SETTLED} and status = 'won'`,
    'every forecaster got what their forecast says',
  ],
  [
    `update market_resolution set outcome_id = 'out_other' where market_id = ${SETTLED}`,
    `update market_resolution set outcome_id = (select payout ->> 'outcomeId' from market where id = market_id) where market_id = ${SETTLED}`,
    'a market has a resolution once its outcome is final, and is paid out by it',
  ],
  [
    `update forecast set status = 'lost' where ${winner}`,
    `update forecast set status = 'won' where market_id = ${SETTLED} and status = 'lost' and payout_points > 0`,
    'who chose the outcome has won, and nobody else',
  ],
  [
    `update market set batches = batches - 1 where id = ${SETTLED}`,
    `update market set batches = batches + 1 where id = ${SETTLED}`,
    'each batch of a market has at most one journal, and every forecast was paid by one',
  ],
  [
    `update market_outcome set forecasts = forecasts + 1 where market_id = ${SETTLED}`,
    `update market_outcome set forecasts = forecasts - 1 where market_id = ${SETTLED}`,
    'outcomes count their forecasts, and a closed market its outcomes',
  ],
  [
    `update market set pool_points = pool_points + 1 where id = ${SETTLED}`,
    `update market set pool_points = pool_points - 1 where id = ${SETTLED}`,
    'outcomes count their forecasts, and a closed market its outcomes',
  ],
];

describe('the audit of the books', () => {
  const broken = async (): Promise<string[]> => {
    const { findings } = await auditLedger(place.orm.em);
    return findings.filter(({ violations }) => violations > 0).map(({ name }) => name);
  };
  beforeAll(async () => {
    const stakes = [
      [0, 0, 100],
      [1, 0, 50],
      [2, 1, 100],
      [3, 0, 10],
    ] as const;
    const { marketId } = await resolvedMarket(place, users, stakes, { title: 'Settled', rakeBps: 100 });
    await settleMarket(place, { marketId }, { batchSize: 2 });
    const cancelled = await closedMarket(place, users, [[0, 0, 5]]);
    await move(place, cancelled, 'cancelled');
    await settleMarket(place, { marketId: cancelled.marketId });
  });

  it.each(TAMPERINGS)('after "%s" (undone by "%s") says that it does not hold: %s', async (done, undone, found) => {
    await owner.query(past(done));
    expect(await broken()).toContain(found);
    await owner.query(past(undone));
  });

  it('finds nothing wrong with books that nobody has touched', async () => {
    expect(await broken()).toEqual([]);
  });
});
