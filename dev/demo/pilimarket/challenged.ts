/** Fifty forecasters; a wrong resolution is challenged, another moderator decides, and the pool is paid out to the chip. */

import type { OutcomeId } from '../../../domain/ids.ts';
import { type PayoutRule, payoutOf, payoutRule } from '../../../domain/markets/settlement.ts';
import { getFrom } from '../../client/requester.ts';
import type { Market } from '../../client/resources.ts';
import { waitFor } from '../../client/wait-for.ts';
import { expectRefusal } from '../disputes/acts.ts';
import type { Journey } from '../journey.ts';
import type { Person, Stage } from '../stage.ts';
import { ask, buyByGcash, chipsOf, forecast, moderator, otherModerator, outcomeOf, PATIENCE, propose } from './acts.ts';

const FORECASTERS = 50;
const OUTCOMES = ['Manila', 'Cebu', 'Davao'] as const;

/** Long enough for fifty people to make up their minds. */
const CLOSES_IN_MS = 20_000;

type Staked = { person: Person; name: string; points: number };

export const CHALLENGED: Journey = {
  name: 'challenged',
  title: 'A wrong resolution is challenged and put right; the pool is paid out to the chip',
  alone: true,
  async play(stage) {
    const [mo, ada] = await Promise.all([moderator(stage), otherModerator(stage)]);
    const people = await arrive(stage);
    const market = await ask(stage, mo, 'Which city will win the final this year?', OUTCOMES, CLOSES_IN_MS);
    const stakes = await everybodyForecasts(stage, people, market);
    await refusals(stage, stakes, market);

    await mo.client.markets.waitFor(market.id, 'closed', PATIENCE);
    await propose(mo, market, 'Cebu', 'Seen on television.');
    stage.tell('The market closes by its own clock. Mo proposes Cebu, which is wrong.');
    const challenger = stakes.find(({ name }) => name === 'Manila');
    if (challenger === undefined) throw new Error('nobody chose Manila');
    await challenger.person.client.markets.challenge(market.id, 'The final was repeated.');
    stage.tell('Within the challenge window a forecaster objects: “The final was repeated.”');
    const decision = { outcomeId: outcomeOf(market, 'Manila').id, note: 'The repeated final counts.' };
    await expectRefusal(
      stage,
      'Mo decides about the own proposal',
      mo.client.markets.decide(market.id, decision),
      '403 same_moderator',
    );
    await ada.client.markets.decide(market.id, decision);
    const settled = await mo.client.markets.waitFor(market.id, 'settled', PATIENCE);
    stage.tell('Ada, another moderator, decides for Manila: final. The pool is paid out.');
    stage.expect('the resolution', settled.resolution?.outcomeId, outcomeOf(market, 'Manila').id);
    await expectPayouts(stage, settled, stakes);
    await fame(stage, stakes);
  },
};

async function arrive(stage: Stage): Promise<Person[]> {
  const people: Person[] = [];
  for (let n = 0; n < FORECASTERS; n += 5) {
    const few = await Promise.all([0, 1, 2, 3, 4].map((k) => stage.newcomer(`Fan ${n + k + 1}`)));
    await Promise.all(few.map((person) => buyByGcash(stage, person, 500)));
    people.push(...few);
  }
  stage.tell(`${FORECASTERS} people buy 500 chips each by GCash.`);
  return people;
}

async function everybodyForecasts(stage: Stage, people: readonly Person[], market: Market): Promise<Staked[]> {
  const stakes = people.map((person, n) => ({ person, name: OUTCOMES[n % 3] ?? 'Cebu', points: 10 + 7 * n }));
  // One after the other, so that it is known who came earlier.
  for (const { person, name, points } of stakes) await forecast(person, market, name, points);
  const pool = stakes.reduce((sum, { points }) => sum + points, 0);
  stage.tell(`Everybody forecasts; the pool has ${pool} points.`);
  return stakes;
}

async function refusals(stage: Stage, [first]: readonly Staked[], market: Market): Promise<void> {
  if (first === undefined) throw new Error('nobody came');
  const { person, name } = first;
  const refused = (what: string, points: number, code: string) =>
    expectRefusal(stage, `${person.name} forecasts ${what}`, forecast(person, market, name, points), code);
  await refused('a second time', 5, '409 already_forecast');
  await refused('nothing', 0, '422 validation_failed');
  await refused('half a point', 0.5, '422 validation_failed');
}

/** Everybody has what the rule says, and the sum is the pool. */
async function expectPayouts(stage: Stage, market: Market, stakes: readonly Staked[]): Promise<void> {
  const placed = stakes.map(({ person, name, points }, seq) => {
    return { person, seq, points, outcomeId: outcomeOf(market, name).id as OutcomeId };
  });
  const winner = outcomeOf(market, 'Manila').id as OutcomeId;
  const pool = placed.reduce((sum, { points }) => sum + points, 0);
  const rule: PayoutRule = payoutRule(
    winner,
    pool,
    0,
    placed.filter(({ outcomeId }) => outcomeId === winner),
  );
  const expected = placed.map((each) => 500 - each.points + payoutOf(rule, each));
  const found = await Promise.all(placed.map(({ person }) => chipsOf(person)));
  stage.expect('the chips of everybody', found, expected);
  await stage.expectMarket(market.id, {
    forecasts_placed: { 'chips:wallet': -pool, 'chips:market': pool },
    market_settled: { 'chips:market': -pool, 'chips:wallet': pool },
  });
  stage.tell(`${placed.filter(({ outcomeId }) => outcomeId === winner).length} winners share ${pool} points, exactly.`);
}

type Profile = { reputation: number; badges: { badge: string; title: string }[] };
type Board = { data: { rank: number; user: { id: string }; score: number }[] };

async function fame(stage: Stage, stakes: readonly Staked[]): Promise<void> {
  const winner = stakes.find(({ name }) => name === 'Manila');
  if (winner === undefined) throw new Error('nobody chose Manila');
  const { reputation, badges } = await getFrom<Profile>(stage.visitor, `/users/${winner.person.id}`);
  stage.expect('a winner has a reputation', reputation > 0, true);
  stage.tell(
    `${winner.person.name} has ${reputation} reputation and the badges ${badges.map(({ title }) => title).join(', ')}.`,
  );
  await stage.refreshLeaderboards();
  const board = await waitFor(
    'the leaderboard shows a winner',
    () => getFrom<Board>(stage.visitor, '/leaderboard?period=day&category=sports'),
    ({ data }) => data.length > 0,
    PATIENCE,
  );
  const names = new Map(stakes.map(({ person }) => [person.id, person.name]));
  const top = board.data.slice(0, 3).map(({ user, score }) => `${names.get(user.id) ?? 'somebody'} (${score})`);
  stage.tell(`The leaderboard of the day: ${top.join(', ')}.`);
}
