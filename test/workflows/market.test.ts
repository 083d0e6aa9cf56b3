/** The market workflow on a server: its clocks, every request in every state, races, and trouble. */

import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { MarketClocks } from '../../domain/markets/clocks.ts';
import type { MarketCommandKind } from '../../domain/markets/commands.ts';
import { MARKET_STATUSES, type MarketStatus } from '../../domain/markets/market.ts';
import { createUpdate, marketSnapshotQuery, marketTimelineQuery } from '../../workflows/market/contract.ts';
import { hiccup, refusal } from './support/fake-world.ts';
import { refusalCode } from './support/history.ts';
import {
  commandsOf,
  FORECASTER,
  type MarketEnvironment,
  MODERATORS,
  type RunningMarket,
  STRANGER,
  startMarkets,
} from './support/markets.ts';
import { fromNow } from './support/policies.ts';

/** Short, and long enough for a request to come before it on a busy machine. */
const SOON_MS = 300;

let environment: MarketEnvironment;
beforeAll(async () => {
  environment = await startMarkets();
});
afterAll(() => environment.close());

const closingSoon = (policy: Partial<MarketClocks> = {}) => environment.market(policy, { closesAt: fromNow(SOON_MS) });
const factsOf = ({ records }: RunningMarket) => records.facts.map(({ fact }) => fact);
const becomes = async (market: RunningMarket, status: MarketStatus) => {
  await market.records.until(({ stored }) => stored?.status === status);
  return market;
};

/** A market in this state, with the requests that lead there. */
async function marketIn(status: MarketStatus): Promise<RunningMarket> {
  if (status === 'open' || status === 'suspended') {
    const market = await environment.market();
    if (status === 'suspended') await market.say(commandsOf(market).suspend);
    return market;
  }
  const market = await becomes(await environment.market({}, { closesAt: fromNow(1) }), 'closed');
  const { propose, challenge, decide, cancel } = commandsOf(market);
  // What is held back by a failure of its settlement has ended for everybody who asks.
  if (status === 'resolved') market.records.failures.push(...Array.from({ length: 50 }, () => hiccup()));
  const way = {
    closed: [],
    proposed: [propose],
    challenged: [propose, challenge],
    resolved: [propose, challenge, decide],
    settled: [propose, challenge, decide],
    cancelled: [cancel],
  }[status];
  for (const command of way) await market.say(command);
  return market;
}

describe('a market', () => {
  it.concurrent('is closed at its time, resolved as proposed when nobody challenges, and paid out', async () => {
    const market = await closingSoon({ challengeWindowMs: SOON_MS });
    await becomes(market, 'closed');
    expect(await market.say(commandsOf(market).propose)).toMatchObject({ status: 'proposed', version: 3 });
    expect(await market.handle.result()).toEqual({ status: 'settled' });
    expect(factsOf(market)).toEqual(['market.closed', 'market.proposed', 'market.resolved']);
    expect(market.records.stored?.resolution).toEqual({
      outcomeId: market.outcomeId(),
      decidedBy: null,
      note: 'It rained.',
    });
    const { entries, next, status } = await market.handle.query(marketTimelineQuery);
    expect([status, next.kind, entries.at(-1)?.type]).toEqual(['settled', 'none', 'market.settled']);
  });

  it.concurrent('is closed at its time although it was suspended', async () => {
    const market = await environment.market({}, { closesAt: fromNow(4_000) });
    await market.say(commandsOf(market).suspend);
    await becomes(market, 'closed');
    expect(factsOf(market)).toEqual(['market.suspended', 'market.closed']);
  });

  it.concurrent('without a window is resolved as soon as it is proposed, and nobody can challenge', async () => {
    const market = await becomes(await closingSoon({ challengeWindowMs: 0 }), 'closed');
    const { propose, challenge } = commandsOf(market);
    const proposed = market.say(propose);
    const refused = refusalCode(market.say(challenge)).catch(() => 'ended');
    await proposed;
    expect(await market.handle.result()).toEqual({ status: 'settled' });
    expect(await refused).not.toBeNull();
    expect(factsOf(market)).not.toContain('market.challenged');
  });

  it.concurrent('that is challenged is decided by another moderator', async () => {
    const market = await marketIn('challenged');
    const { decide } = commandsOf(market);
    expect(await refusalCode(market.say({ ...decide, by: MODERATORS[0] }))).toBe('same_moderator');
    await market.say(decide);
    expect(await market.handle.result()).toEqual({ status: 'settled' });
    expect(market.records.stored?.resolution).toMatchObject({
      outcomeId: market.outcomeId(1),
      decidedBy: MODERATORS[1],
    });
  });

  it.concurrent('that nobody resolves alerts the moderators, and is then cancelled', async () => {
    const market = await closingSoon({ resolveByMs: SOON_MS, cancelAfterAlertMs: SOON_MS });
    expect(await market.handle.result()).toEqual({ status: 'cancelled' });
    expect(factsOf(market)).toEqual(['market.closed', 'market.alerted', 'market.cancelled']);
    expect((await market.handle.query(marketTimelineQuery)).entries.at(-1)?.type).toBe('market.returned');
    expect(market.records.settlings).toBe(1);
  });

  it.concurrent('can still be proposed after the alert', async () => {
    const market = await closingSoon({ resolveByMs: SOON_MS });
    await market.records.until(({ stored }) => stored?.nextAction.kind === 'cancel');
    expect((await market.say(commandsOf(market).propose)).status).toBe('proposed');
  });

  it.concurrent('whose challenge nobody decides alerts the moderators, and is then cancelled', async () => {
    const market = await becomes(await closingSoon({ decideWithinMs: SOON_MS, cancelAfterAlertMs: SOON_MS }), 'closed');
    const { propose, challenge } = commandsOf(market);
    await market.say(propose);
    await market.say(challenge);
    expect(await market.handle.result()).toEqual({ status: 'cancelled' });
    expect(factsOf(market).slice(-2)).toEqual(['market.alerted', 'market.cancelled']);
  });

  it.concurrent('that is refused ends as rejected, and tells whoever waits why', async () => {
    const market = await environment.market({}, {}, (records) => {
      records.refuseCreation = refusal('markets_not_offered');
    });
    expect(await refusalCode(market.handle.executeUpdate(createUpdate)).catch(() => 'ended')).not.toBeNull();
    expect(await market.handle.result()).toEqual({ status: 'rejected' });
  });
});

/** What every request is answered in every state: null where it is carried out. */
const ANSWERS: Readonly<Record<MarketStatus, Readonly<Record<MarketCommandKind, string | null>>>> = {
  open: row(null, 'market_not_suspended', null, 'market_not_closed', 'not_challengeable', 'not_challengeable'),
  suspended: row('illegal_transition', null, null, 'market_not_closed', 'not_challengeable', 'not_challengeable'),
  closed: row('market_closed', 'market_closed', null, null, 'not_challengeable', 'not_challengeable'),
  proposed: row('market_closed', 'market_closed', null, 'already_proposed', null, 'not_challengeable'),
  challenged: row('market_closed', 'market_closed', null, 'already_proposed', 'already_challenged', null),
  resolved: over(),
  settled: over(),
  cancelled: over(),
};

function row(...[suspend, reopen, cancel, propose, challenge, decide]: (string | null)[]) {
  return { suspend, reopen, cancel, propose, challenge, decide } as Record<MarketCommandKind, string | null>;
}
function over() {
  return row(...Array.from({ length: 6 }, () => 'market_over'));
}

describe('a market that is', () => {
  it.concurrent.each(MARKET_STATUSES)('%s answers every request as its state says', async (status) => {
    const answers = Object.entries(ANSWERS[status]) as [MarketCommandKind, string | null][];
    // What is refused changes nothing, so one market hears all of that; what is carried out gets one of its own.
    const hearing = await marketIn(status);
    const isOver = status === 'settled' || status === 'cancelled';
    const heard = answers.map(async ([kind, code]) => {
      const market = code === null ? await marketIn(status) : hearing;
      const said = refusalCode(market.say(commandsOf(market)[kind]));
      // The run may have ended before: then nobody is there to refuse.
      return [kind, isOver ? await said.catch(() => 'market_over') : await said];
    });
    expect(await Promise.all(heard)).toEqual(answers);
  });
});

describe('requests', () => {
  it.concurrent.each([
    ['evidence that is no web address', { evidenceUrls: ['pagasa'] }, 'validation_failed'],
    ['no evidence at all', { evidenceUrls: [] }, 'validation_failed'],
    ['an outcome of another market', { outcomeId: 'out_other' }, 'outcome_not_in_market'],
    ['no note', { note: ' ' }, 'validation_failed'],
  ] as const)('to resolve with %s are refused', async (_what, change, code) => {
    const market = await marketIn('closed');
    expect(await refusalCode(market.say({ ...commandsOf(market).propose, ...change }))).toBe(code);
  });

  it.concurrent('of strangers and of moderators with a forecast are refused by what the rows say', async () => {
    const market = await marketIn('closed');
    const { propose, challenge } = commandsOf(market);
    market.records.conflicted.add(MODERATORS[0]);
    expect(await refusalCode(market.say(propose))).toBe('resolver_conflict');
    await market.say({ ...propose, by: MODERATORS[1] });
    expect(await refusalCode(market.say({ ...challenge, by: STRANGER }))).toBe('not_a_forecaster');
    expect((await market.say(challenge)).status).toBe('challenged');
  });

  it.concurrent('of two moderators at once: one is carried out, the other is told', async () => {
    const market = await marketIn('closed');
    const { propose } = commandsOf(market);
    const both = MODERATORS.map((by) => refusalCode(market.say({ ...propose, by })));
    expect(new Set(await Promise.all(both))).toEqual(new Set([null, 'already_proposed']));
    const [one] = market.records.facts.slice(-1);
    expect(market.records.stored?.proposal?.proposedBy).toBe(one?.by);
  });

  it.concurrent('to challenge are in time until the window ends, whatever the clock does meanwhile', async () => {
    const market = await becomes(await closingSoon({ challengeWindowMs: SOON_MS }), 'closed');
    const { propose, challenge } = commandsOf(market);
    await market.say(propose);
    const code = await refusalCode(market.say(challenge));
    const challenged = market.records.facts.find(({ fact }) => fact === 'market.challenged');
    if (code === null) {
      const until = Date.parse(market.records.stored?.proposal?.proposedAt ?? '') + SOON_MS;
      expect(Date.parse(challenged?.at ?? '')).toBeLessThanOrEqual(until);
      expect(challenged?.by).toBe(FORECASTER);
    } else expect(['market_over', 'challenge_window_closed']).toContain(code);
  });
});

describe('trouble', () => {
  it.concurrent('a change that another worker had made is taken over, and the request is judged again', async () => {
    const market = await marketIn('closed');
    const { propose } = commandsOf(market);
    const proposal = { ...propose, proposedBy: MODERATORS[1], proposedAt: fromNow(0) };
    const nextAction = { kind: 'resolve_as_proposed', at: fromNow(3_600_000) } as const;
    market.records.store({ version: 3, to: 'proposed', nextAction, proposal });
    expect(await refusalCode(market.say(propose))).toBe('already_proposed');
    // The one that was stored is answered and not refused.
    expect(await market.say({ ...propose, by: MODERATORS[1] })).toMatchObject({ status: 'proposed', version: 3 });
  });

  it.concurrent('a settlement that fails is tried again until it is done', async () => {
    const market = await marketIn('challenged');
    market.records.failures.push(hiccup('deadlock'));
    await market.say(commandsOf(market).decide);
    expect(await market.handle.result()).toEqual({ status: 'settled' });
    expect(market.records.settlings).toBe(1);
  });

  it.concurrent('an operator who cancels the run does not end the market', async () => {
    const market = await marketIn('open');
    await market.handle.cancel();
    expect((await market.say(commandsOf(market).suspend)).status).toBe('suspended');
    expect((await market.handle.query(marketSnapshotQuery)).status).toBe('suspended');
  });
});
