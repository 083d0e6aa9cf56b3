/** A market is suspended, opened again, and cancelled; another one nobody resolves. All stakes go back. */

import type { Market } from '../../client/resources.ts';
import { expectRefusal } from '../disputes/acts.ts';
import type { Journey } from '../journey.ts';
import type { Person, Stage } from '../stage.ts';
import { ask, buyByGcash, chipsOf, forecast, forecastOf, moderator, PATIENCE } from './acts.ts';

async function twoForecast(stage: Stage, market: Market): Promise<[Person, Person]> {
  const people = await Promise.all([stage.newcomer('Ana'), stage.newcomer('Ben')]);
  await Promise.all(people.map((person) => buyByGcash(stage, person, 100)));
  await forecast(people[0], market, 'Yes', 60);
  await forecast(people[1], market, 'No', 40);
  stage.tell('Ana stakes 60 points on Yes, Ben 40 on No.');
  return people;
}

async function expectStakesBack(stage: Stage, market: Market, people: readonly Person[]): Promise<void> {
  stage.expect('the chips', await Promise.all(people.map(chipsOf)), [100, 100]);
  const statuses = await Promise.all(people.map(async (person) => (await forecastOf(person, market)).status));
  stage.expect('the forecasts', statuses, ['returned', 'returned']);
  await stage.expectMarket(market.id, {
    forecasts_placed: { 'chips:wallet': -100, 'chips:market': 100 },
    market_stakes_returned: { 'chips:market': -100, 'chips:wallet': 100 },
  });
}

export const CANCELLED: Journey = {
  name: 'market-cancelled',
  title: 'A market is suspended, opened again and cancelled: every stake goes back',
  async play(stage) {
    const mo = await moderator(stage);
    const market = await ask(stage, mo, 'Will it rain on the parade?', ['Yes', 'No'], 120_000);
    const [ana, ben] = await twoForecast(stage, market);
    await mo.client.markets.suspend(market.id, 'The question is unclear.');
    const cia = await stage.newcomer('Cia');
    await expectRefusal(stage, 'Cia forecasts meanwhile', forecast(cia, market, 'Yes', 1), '409 market_not_open');
    await mo.client.markets.reopen(market.id);
    const { next } = await mo.client.markets.cancel(market.id, 'The parade was called off.');
    stage.tell(`Mo suspends it, opens it again, and cancels: “The parade was called off.” ${next.text}`);
    await mo.client.markets.waitUntilSettled(market.id, PATIENCE);
    await expectStakesBack(stage, market, [ana, ben]);
  },
};

export const NOBODY_RESOLVES: Journey = {
  name: 'nobody-resolves',
  title: 'Nobody resolves a market: moderators are alerted, then every stake goes back',
  slow: true,
  async play(stage) {
    const mo = await moderator(stage);
    const market = await ask(stage, mo, 'Will anybody look at this again?', ['Yes', 'No'], 15_000);
    const people = await twoForecast(stage, market);
    const { next } = await mo.client.markets.waitFor(market.id, 'closed', PATIENCE);
    stage.tell(`It closes, and nobody resolves it. ${next.text}`);
    await mo.client.markets.waitFor(market.id, 'cancelled', PATIENCE);
    await mo.client.markets.waitUntilSettled(market.id, PATIENCE);
    stage.tell('After the alert, nobody acts either: it is cancelled.');
    await expectStakesBack(stage, market, people);
  },
};
