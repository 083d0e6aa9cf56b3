/** What most journeys of prediction markets do: buy chips, ask a question, forecast, decide. Each act tells what it did. */

import type { PaymentProviderName } from '../../../domain/policy/policy.ts';
import type { PurchaseStatus } from '../../../domain/purchase.ts';
import { UnexpectedReply } from '../../client/request.ts';
import { getFrom, postTo } from '../../client/requester.ts';
import type { Market, PlacedForecast } from '../../client/resources.ts';
import { type Patience, waitFor } from '../../client/wait-for.ts';
import type { Person, Stage } from '../stage.ts';

/** The clocks of a market add up. */
export const PATIENCE: Patience = { timeoutMs: 90_000, pollMs: 200 };

export type Purchase = { id: string; chips: number; status: PurchaseStatus; receiptNumber: string | null };

export type Payment = { clientSecret?: string; approvalUrl?: string };

export type Begun = { purchase: Purchase; payment: Payment };

/** The moderator of the demo data. */
export function moderator(stage: Stage): Promise<Person> {
  return stage.demoAccount('Mo', 'moderator@holdfast.test');
}

/** Somebody else who may decide. */
export function otherModerator(stage: Stage): Promise<Person> {
  return stage.demoAccount('Ada', 'admin@holdfast.test');
}

export function begin({ client }: Person, chips: number, provider: PaymentProviderName): Promise<Begun> {
  return postTo<Begun>(client, '/purchases', { chips, provider }, crypto.randomUUID());
}

export function purchaseOf({ client }: Person, id: string): Promise<Purchase> {
  return getFrom<Purchase>(client, `/purchases/${id}`);
}

/** Waits until the chips are there. */
export function completed(person: Person, { id }: Purchase): Promise<Purchase> {
  return waitFor(
    `purchase ${id} is completed`,
    () => purchaseOf(person, id),
    ({ status }) => status === 'completed',
  );
}

/** The whole purchase, as a customer with GCash on their phone makes it. */
export async function buyByGcash(stage: Stage, person: Person, chips: number): Promise<Purchase> {
  const { purchase, payment } = await begin(person, chips, 'gcash');
  await stage.wallets.pay(approvalUrlOf(payment));
  return completed(person, purchase);
}

export function approvalUrlOf({ approvalUrl }: Payment): string {
  if (approvalUrl === undefined) throw new Error('the purchase says nothing about where to approve it');
  return approvalUrl;
}

/** Chips in the wallet. */
export async function chipsOf({ client }: Person): Promise<number> {
  const { balances } = await getFrom<{ balances: { amountMinor: number; currency: string }[] }>(client, '/wallet');
  return balances.find(({ currency }) => currency === 'CHIP')?.amountMinor ?? 0;
}

/** A question that closes after so many milliseconds. */
export async function ask(
  stage: Stage,
  by: Person,
  title: string,
  outcomes: readonly string[],
  closesInMs: number,
): Promise<Market> {
  const closesAt = new Date(Date.now() + closesInMs).toISOString();
  const market = await by.client.markets.create({ title, category: 'sports', outcomes: [...outcomes], closesAt });
  stage.tell(`${by.name} asks: “${title}” ${outcomes.join(', ')}? It closes in ${closesInMs / 1000} s.`);
  return market;
}

export function forecast({ client }: Person, market: Market, name: string, points: number): Promise<PlacedForecast> {
  return client.markets.forecast(market.id, { outcomeId: outcomeOf(market, name).id, points });
}

export function outcomeOf({ outcomes }: Market, name: string): Market['outcomes'][number] {
  const found = outcomes.find((outcome) => outcome.name === name);
  if (found === undefined) throw new Error(`the market has no outcome ${name}`);
  return found;
}

/** A moderator says what the outcome is. Closed by its instant, the market's own clock may take a moment to follow. */
export async function propose(by: Person, market: Market, name: string, note: string): Promise<void> {
  const resolution = { outcomeId: outcomeOf(market, name).id, evidenceUrls: ['https://example.com/result'], note };
  const proposed = () =>
    by.client.markets.propose(market.id, resolution).then(
      () => true,
      (error: unknown) => {
        if (error instanceof UnexpectedReply && error.code === 'market_not_closed') return false;
        throw error;
      },
    );
  await waitFor('the proposal is taken', proposed, Boolean, PATIENCE);
}

/** What the person's forecast on this market became. */
export async function forecastOf({ client }: Person, { id }: Market): Promise<PlacedForecast> {
  const { data } = await client.markets.forecasts({ market: id });
  const [found] = data;
  if (found === undefined) throw new Error('no forecast is shown');
  return found;
}
