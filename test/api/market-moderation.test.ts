/** What moderators do to markets over HTTP, what everybody reads of it, and what waits for them. */

import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { MarketId } from '../../domain/ids.ts';
import {
  change,
  close,
  closedMarket,
  createMarket,
  decide,
  EVIDENCE,
  forecast,
  outcomeOf,
  propose,
} from './support/market-life.ts';
import { createTestApi, type Json, list, type TestApi } from './support/test-api.ts';

let api: TestApi;
let moderator: string;
let admin: string;
let buyer: string;

beforeAll(async () => {
  api = await createTestApi();
  [moderator, admin, buyer] = await Promise.all([api.signIn('moderator'), api.signIn('admin'), api.signIn('buyer')]);
});
afterAll(() => api.close());

describe('the life of a market', () => {
  it('leads over a wrong proposal and a challenge to another moderator’s decision', async () => {
    const market = await createMarket(api, moderator);
    const suspended = await change(api, moderator, market, 'suspend', { reason: 'Unclear.' });
    expect([suspended.status, suspended.body.market]).toMatchObject([200, { status: 'suspended', version: 2 }]);
    expect((await change(api, admin, market, 'reopen')).body.market).toMatchObject({ status: 'open', version: 3 });
    await forecast(api, 'buyer', market, 1);
    await close(api, market);

    const proposed = (await propose(api, moderator, market, 0)).body.market;
    expect(proposed).toMatchObject({
      status: 'proposed',
      proposal: { outcomeId: outcomeOf(market), evidenceUrls: EVIDENCE, note: 'It says so.' },
      next: { kind: 'resolve_as_proposed' },
    });
    const { proposal, next } = JSON.parse(JSON.stringify(proposed)) as Record<string, Record<string, string>>;
    expect(proposal?.challengeUntil).toBe(next?.at);

    const challenged = (await change(api, buyer, market, 'challenge', { reason: 'Another day.' })).body.market;
    expect(challenged).toMatchObject({ status: 'challenged', challenge: { reason: 'Another day.' } });
    const decided = (await decide(api, admin, market, 1)).body.market;
    expect(decided).toMatchObject({
      status: 'resolved',
      resolution: { outcomeId: outcomeOf(market, 1), evidenceUrls: EVIDENCE, note: 'Looked again.' },
      next: { kind: 'pay_out', at: null },
      canChange: [],
    });
    expect(JSON.stringify(decided)).not.toContain('challengedBy');
  });

  it('is final without a challenge, and returns the stakes when it is cancelled', async () => {
    const market = await closedMarket(api, moderator);
    await propose(api, moderator, market);
    await api.gateway.markets.passClock(market.id as MarketId);
    const { body } = await api.ask('GET', `/markets/${market.id}`);
    expect(body).toMatchObject({ status: 'resolved', resolution: { decidedBy: null } });

    const other = await createMarket(api, moderator);
    const cancelled = await change(api, moderator, other, 'cancel', { reason: 'Called off.' });
    expect(cancelled.body.market).toMatchObject({ status: 'cancelled', cancelReason: 'Called off.', canChange: [] });
  });

  it('takes a repeated request as the one it was', async () => {
    const market = await createMarket(api, moderator);
    const ask = { token: moderator, key: 'suspend-once', body: { reason: 'Unclear.' } };
    const answers = [
      await api.ask('POST', `/markets/${market.id}/suspend`, ask),
      await api.ask('POST', `/markets/${market.id}/suspend`, ask),
    ];
    await api.sql(`delete from idempotency_key`);
    answers.push(await api.ask('POST', `/markets/${market.id}/suspend`, ask));
    expect(answers.map(({ status, body }) => [status, body.market.version])).toEqual([
      [200, 2],
      [200, 2],
      [200, 2],
    ]);
  });
});

describe('GET /markets/{id}/timeline', () => {
  const timeline = async ({ id }: Json, token?: string, query = ''): Promise<Json> =>
    (await api.ask('GET', `/markets/${id}/timeline${query}`, token === undefined ? {} : { token })).body;
  const movesFor = async (market: Json) => {
    const moves = [];
    for (const token of [undefined, buyer, moderator, admin]) {
      const { yourMoves } = JSON.parse(JSON.stringify(await timeline(market, token))) as { yourMoves: string[] };
      moves.push(yourMoves);
    }
    return moves;
  };

  it('tells what happened, what comes next, and each reader what they can do', async () => {
    const market = await createMarket(api, moderator);
    expect(await movesFor(market)).toEqual([
      [],
      ['forecasts'],
      ['forecasts', 'suspend', 'cancel'],
      ['forecasts', 'suspend', 'cancel'],
    ]);
    await forecast(api, 'buyer', market);
    expect((await movesFor(market))[1]).toEqual([]);
    await close(api, market);
    await propose(api, moderator, market);
    expect(await movesFor(market)).toEqual([[], ['challenge'], ['cancel'], ['cancel']]);
    await change(api, buyer, market, 'challenge', { reason: 'It was dry.' });
    expect(await movesFor(market)).toEqual([[], [], ['cancel'], ['decision', 'cancel']]);

    expect(await timeline(market)).toMatchObject({
      status: 'challenged',
      data: [
        { type: 'market.created', by: 'moderator', text: 'The market is open for forecasts.' },
        { type: 'market.closed', by: 'system' },
        { type: 'market.proposed', by: 'moderator' },
        { type: 'market.challenged', by: 'forecaster', text: expect.stringMatching(/Reason: It was dry\.$/) },
      ],
      nextCursor: null,
      next: { kind: 'alert_decider', at: expect.any(String), text: expect.stringContaining('Another moderator') },
    });
    const page = await timeline(market, undefined, '?limit=3');
    const rest = await timeline(market, undefined, `?cursor=${page.nextCursor}`);
    expect(list(rest.data).map(({ type }) => type)).toEqual(['market.challenged']);
  });

  it('leaves deciding to those who have nothing staked', async () => {
    const market = await createMarket(api, moderator);
    await forecast(api, 'moderator', market);
    expect((await movesFor(market))[2]).toEqual(['suspend']);
    await close(api, market);
    expect((await movesFor(market)).slice(2)).toEqual([[], ['resolution', 'cancel']]);
  });
});

describe('GET /admin/markets', () => {
  const queue = async (token: string, query = ''): Promise<Json[]> =>
    list((await api.ask('GET', `/admin/markets?limit=100${query}`, { token })).body.data);

  it('shows moderators what waits for them, those first whose time is up first', async () => {
    await api.sql(
      `update market set status = 'cancelled', cancel_reason = 'x' where status in ('closed', 'challenged')`,
    );
    const fresh = await closedMarket(api, moderator);
    const alerted = await closedMarket(api, moderator);
    const contested = await closedMarket(api, moderator);
    await api.gateway.markets.passClock(alerted.id as MarketId);
    await propose(api, moderator, contested);
    await change(api, buyer, contested, 'challenge', { reason: 'No.' });
    await forecast(api, 'admin', await createMarket(api, moderator));

    const ofModerator = await queue(moderator);
    expect(ofModerator).toMatchObject([
      { id: contested.id, needs: 'decision', alerted: false, youMayAct: false },
      { id: fresh.id, needs: 'resolution', alerted: false, youMayAct: true },
      { id: alerted.id, needs: 'resolution', alerted: true, youMayAct: true, next: { kind: 'cancel' } },
    ]);
    expect((await queue(admin, '&needs=decision')).map(({ id }) => id)).toEqual([contested.id]);
    expect(await queue(admin, '&needs=decision')).toMatchObject([{ youMayAct: true }]);
    expect((await queue(admin, '&needs=resolution')).map(({ id }) => id)).toEqual([fresh.id, alerted.id]);
    for (const token of [buyer, await api.signIn('verifier')]) {
      const refused = await api.ask('GET', '/admin/markets', { token });
      expect([refused.status, refused.body.code]).toEqual([403, 'forbidden']);
    }
  });
});
