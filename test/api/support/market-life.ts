/** What the tests of the API's markets share: questions, forecasts, and the steps of a market's life. */

import { postJournals } from '../../../db/ledger/post.ts';
import { placeForecasts } from '../../../db/markets/place-forecasts.ts';
import { newId } from '../../../db/new-id.ts';
import type { MarketId, OutcomeId, UserId } from '../../../domain/ids.ts';
import { referralRewarded } from '../../../domain/postings/chips.ts';
import type { Answer, Json, TestApi } from './test-api.ts';

export const EVIDENCE = ['https://news.example/report', 'http://archive.example/2026/report?page=2#table'];

/** Asks for as long as a test runs. */
export const question = (details: object = {}) => ({
  title: 'Will it rain in Manila tomorrow?',
  description: 'By the rain gauge at Port Area.',
  category: 'other',
  outcomes: ['Yes', 'No'],
  closesAt: new Date(Date.now() + 3_600_000).toISOString(),
  ...details,
});

/** A new market of the moderator's, open. */
export async function createMarket(api: TestApi, token: string, details: object = {}): Promise<Json> {
  const key = newId('event');
  const created = await api.ask('POST', '/markets', { token, key, body: question(details) });
  if (created.status !== 201) throw new Error(JSON.stringify(created.body));
  return created.body;
}

/** The id of a demo account. */
export async function userId(api: TestApi, name: string): Promise<UserId> {
  const [row] = await api.sql<{ id: UserId }>(`select id from user_account where email = ?`, [`${name}@holdfast.test`]);
  if (!row) throw new Error(`no account ${name}`);
  return row.id;
}

/** Gives somebody chips, and stakes them on an outcome of the market. */
export async function forecast(api: TestApi, name: string, market: Json, outcome = 0, points = 10): Promise<void> {
  const em = api.deps.orm.em.fork();
  const user = await userId(api, name);
  await postJournals(em, [referralRewarded({ userId: user, friendId: newId('user'), chips: points })]);
  const [answer] = await placeForecasts(em, [
    {
      forecastId: newId('forecast'),
      userId: user,
      marketId: market.id as MarketId,
      outcomeId: outcomeOf(market, outcome) as OutcomeId,
      points,
      deviceHash: null,
      ipHash: null,
    },
  ]);
  if (answer?.ok !== true) throw new Error(JSON.stringify(answer));
}

/** The id of an outcome by its place. */
export function outcomeOf({ outcomes }: Json, place = 0): string {
  return outcomes[place]?.id ?? '';
}

/** The market's time comes: first by the clock on the wall, then by the workflow's. */
export async function close(api: TestApi, { id }: Json): Promise<void> {
  await api.sql(`update market set closes_at = now(), next_action_at = now() where id = ?`, [id]);
  await api.gateway.markets.passClock(id as MarketId);
}

/** A change, asked for by whoever has the token. */
export function change(api: TestApi, token: string, { id }: Json, what: string, body: object = {}): Promise<Answer> {
  return api.ask('POST', `/markets/${id}/${what}`, { token, body });
}

export function propose(api: TestApi, token: string, market: Json, outcome = 0, details: object = {}): Promise<Answer> {
  const body = { outcomeId: outcomeOf(market, outcome), evidenceUrls: EVIDENCE, note: 'It says so.', ...details };
  return change(api, token, market, 'resolution', body);
}

export function decide(api: TestApi, token: string, market: Json, outcome = 0): Promise<Answer> {
  return change(api, token, market, 'decision', { outcomeId: outcomeOf(market, outcome), note: 'Looked again.' });
}

/** A market that has closed, with a forecast of the buyer's. */
export async function closedMarket(api: TestApi, moderator: string): Promise<Json> {
  const market = await createMarket(api, moderator);
  await forecast(api, 'buyer', market);
  await close(api, market);
  return market;
}
