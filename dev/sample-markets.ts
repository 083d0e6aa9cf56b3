/** Asks the demo's questions and buys the buyer some chips, over HTTP only, so that there is something to forecast on. */

import { HoldfastClient } from './client/holdfast-client.ts';
import { PaymongoClient } from './client/paymongo-client.ts';
import { postTo } from './client/requester.ts';
import type { Market } from './client/resources.ts';
import { waitFor } from './client/wait-for.ts';
import { messageOf, StackError } from './stack-error.ts';

export type SampleMarkets = { markets: string[]; chips: number };

type Addresses = { api: string; paymongo: string; say: (detail: string) => void };

const DAY_MS = 24 * 60 * 60 * 1000;
const CHIPS = 2_000;

const QUESTIONS = [
  { title: 'Who will win the basketball final?', category: 'sports', outcomes: ['Manila', 'Cebu', 'Davao'], days: 30 },
  {
    title: 'Will bitcoin close the month higher than it began?',
    category: 'crypto',
    outcomes: ['Yes', 'No'],
    days: 14,
  },
  {
    title: 'Which film will lead the box office this weekend?',
    category: 'entertainment',
    outcomes: ['A drama', 'A comedy', 'Neither'],
    days: 5,
  },
] as const;

/** Fails with StackError naming what went wrong. */
export async function openSampleMarkets(addresses: Addresses): Promise<SampleMarkets> {
  try {
    return await open(addresses);
  } catch (error) {
    throw new StackError(`The sample markets failed: ${messageOf(error)}`);
  }
}

async function open({ api, paymongo, say }: Addresses): Promise<SampleMarkets> {
  const visitor = new HoldfastClient({ api });
  const moderator = await visitor.logIn('moderator@holdfast.test');
  const buyer = await visitor.logIn('buyer@holdfast.test');
  say('a moderator asks');
  const markets: Market[] = [];
  for (const { title, category, outcomes, days } of QUESTIONS) {
    const closesAt = new Date(Date.now() + days * DAY_MS).toISOString();
    markets.push(await moderator.markets.create({ title, category, outcomes, closesAt }));
  }
  say('the buyer buys chips');
  await buyChips(buyer, new PaymongoClient(paymongo));
  say('the buyer forecasts');
  for (const { id, outcomes } of markets.slice(0, 2)) {
    await buyer.markets.forecast(id, { outcomeId: outcomes[0]?.id ?? '', points: 250 });
  }
  return { markets: markets.map(({ slug }) => slug), chips: CHIPS };
}

async function buyChips(buyer: HoldfastClient, wallet: PaymongoClient): Promise<void> {
  const begun = await postTo<{ purchase: { id: string }; payment: { approvalUrl?: string } }>(
    buyer,
    '/purchases',
    { chips: CHIPS, provider: 'gcash' },
    crypto.randomUUID(),
  );
  await wallet.pay(begun.payment.approvalUrl ?? '');
  const path = `/purchases/${begun.purchase.id}`;
  await waitFor(
    'the chips are there',
    () => buyer.request<{ status: string }>('GET', path),
    ({ body }) => body.status === 'completed',
  );
}
