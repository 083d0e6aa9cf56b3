/** A market through the whole stack: chips bought, forecasts placed, closed by its clock, contested, paid out to the chip. */

import { beforeAll, describe, expect, it } from '@jest/globals';
import { auditLedger } from '../../../db/ledger/audit.ts';
import type { HoldfastClient } from '../../../dev/client/holdfast-client.ts';
import { postTo } from '../../../dev/client/requester.ts';
import type { BegunPurchase, Market } from '../../../dev/client/resources.ts';
import { waitFor } from '../../../dev/client/wait-for.ts';
import type { E2eStack } from '../support/e2e-stack.ts';

/** Time for five forecasts, on a machine that does other things besides. */
const OPEN_MS = 4_000;
const BOUGHT = 120;
const PATIENT = { policy: { challengeWindowMs: 600_000 } };
const EVIDENCE = ['https://results.example/final'];

/** The tests, on a running stack. */
export function describeMarkets(running: () => E2eStack): void {
  describe('a market', () => {
    let e2e: E2eStack;
    let moderator: HoldfastClient;
    let admin: HoldfastClient;
    let forecasters: HoldfastClient[];

    beforeAll(async () => {
      e2e = running();
      const { visitor } = e2e;
      moderator = await visitor.logIn('moderator@holdfast.test');
      admin = await visitor.logIn('admin@holdfast.test');
      const names = ['Amihan', 'Bayani', 'Carmela', 'Danilo', 'Estela'];
      forecasters = await Promise.all(names.map((name) => withChips(e2e, name)));
    });

    it('is closed by its clock, resolved wrongly, challenged, decided by another moderator, and paid out to the chip', async () => {
      const market = await moderator.markets.create({
        title: 'Who wins the deciding game?',
        category: 'sports',
        outcomes: ['Ginebra', 'San Miguel'],
        closesAt: new Date(Date.now() + OPEN_MS).toISOString(),
        ...PATIENT,
      });
      const [right, wrong] = market.outcomes.map(({ id }) => id);
      const stakes = [100, 50, 30, 70, 33].map((points, n) => ({
        points,
        outcomeId: String(n === 2 || n === 3 ? wrong : right),
      }));
      await Promise.all(
        forecasters.map((each, n) => each.markets.forecast(market.id, stakes[n] ?? { points: 0, outcomeId: '' })),
      );
      expect(await moderator.markets.get(market.slug)).toMatchObject({
        poolPoints: 283,
        forecasts: 5,
        outcomes: [{ totalPoints: 183 }, { totalPoints: 100 }],
      });

      // Nobody is asked: its own clock closes it.
      await moderator.markets.waitFor(market.id, 'closed');
      const late = await e2e.buyer.request('POST', `/markets/${market.id}/forecasts`, {
        body: stakes[0],
        idempotencyKey: crypto.randomUUID(),
      });
      expect(late).toMatchObject({ status: 409, body: { code: 'market_closed' } });
      await waitFor(
        'the market is in the queue',
        () => admin.markets.queue({ needs: 'resolution' }),
        ({ data }) => data.some(({ id }) => id === market.id),
      );

      await moderator.markets.propose(market.id, {
        outcomeId: String(wrong),
        evidenceUrls: EVIDENCE,
        note: 'I saw it.',
      });
      const [first] = forecasters;
      await first?.markets.challenge(market.id, 'It was the other way round.');
      const decision = { outcomeId: String(right), note: 'The official result says so.' };
      await expect(moderator.markets.decide(market.id, decision)).rejects.toMatchObject({ code: 'same_moderator' });
      expect(await admin.markets.decide(market.id, decision)).toMatchObject({ resolution: { outcomeId: right } });
      expect(await moderator.markets.waitUntilSettled(market.id)).toMatchObject({ status: 'settled', canChange: [] });

      // 283 chips over 183 points; the one that rounding leaves goes to the largest fraction.
      expect(await chipsOf(forecasters)).toEqual([
        BOUGHT - 100 + 155,
        BOUGHT - 50 + 77,
        BOUGHT - 30,
        BOUGHT - 70,
        BOUGHT - 33 + 51,
      ]);
      expect(await outcomesOf(forecasters, market)).toEqual(['won 155', 'won 77', 'lost 0', 'lost 0', 'won 51']);
      const { data } = await admin.markets.timeline(market.id);
      expect(data.map(({ type }) => type.replace('market.', ''))).toEqual([
        'created',
        'closed',
        'proposed',
        'challenged',
        'decided',
        'settled',
      ]);
    });

    it('gives every stake back when it is cancelled', async () => {
      const before = await chipsOf(forecasters);
      const closesAt = new Date(Date.now() + 3_600_000).toISOString();
      const question = { title: 'Will the concert take place?', outcomes: ['Yes', 'No'], closesAt };
      const market = await moderator.markets.create({ ...question, category: 'entertainment' });
      const outcomeId = String(market.outcomes[1]?.id);
      await Promise.all(forecasters.map((each) => each.markets.forecast(market.id, { outcomeId, points: 20 })));
      expect(await chipsOf(forecasters)).toEqual(before.map((chips) => chips - 20));
      await moderator.markets.cancel(market.id, 'The hall has burnt down.');
      await moderator.markets.waitUntilSettled(market.id);
      expect(await chipsOf(forecasters)).toEqual(before);
      expect(await outcomesOf(forecasters, market)).toEqual(forecasters.map(() => 'returned 20'));
      expect((await auditLedger(e2e.orm.em)).clean).toBe(true);
    });
  });
}

/** Somebody new who has bought chips by card. */
async function withChips({ visitor, simulator }: E2eStack, name: string): Promise<HoldfastClient> {
  const client = await visitor.register(name);
  const wanted = { chips: BOUGHT, provider: 'stripe' };
  const { payment } = await postTo<BegunPurchase>(client, '/purchases', wanted, crypto.randomUUID());
  await simulator.pay(payment.clientSecret ?? '');
  await waitFor(
    `${name} has chips`,
    () => chipsOf([client]),
    ([chips]) => chips === BOUGHT,
  );
  return client;
}

async function chipsOf(clients: readonly HoldfastClient[]): Promise<number[]> {
  const wallets = await Promise.all(clients.map((client) => client.wallet()));
  return wallets.map(({ balances }) => balances.find(({ currency }) => currency === 'CHIP')?.amountMinor ?? 0);
}

async function outcomesOf(clients: readonly HoldfastClient[], { id: market }: Market): Promise<string[]> {
  const forecasts = await Promise.all(clients.map((client) => client.markets.forecasts({ market })));
  return forecasts.flatMap(({ data }) => data.map(({ status, payoutPoints }) => `${status} ${payoutPoints}`));
}
