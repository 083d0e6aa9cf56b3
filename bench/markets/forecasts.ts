/** Forecasts per second through HTTP: on one market that everybody wants, and on a hundred. */

import { randomUUID } from 'node:crypto';
import { Agent, request } from 'node:http';
import type { MikroORM } from '@mikro-orm/postgresql';
import { createTokenService } from '../../api/auth/tokens.ts';
import { initOrm } from '../../db/orm.ts';
import { loadSecrets } from '../../dev/secrets.ts';
import { ephemeralPorts } from '../../dev/settings.ts';
import { type Stack, startStack, temporaryHome } from '../../dev/stack.ts';
import type { UserId } from '../../domain/ids.ts';
import { inFlight } from '../in-flight.ts';
import { interrupted } from '../interrupted.ts';
import { percentile, report } from '../report.ts';
import { insertMarket, type MarketRows } from './market-rows.ts';
import { addForecasters } from './stakes.ts';

const FORECASTS = 4_000;
const IN_FLIGHT = 32;
const MARKETS = 100;
/** Until the code is warm. */
const WARM_UP = 500;
const POINTS = 10;
const CHIPS = 1_000;
const SESSION_MS = 3_600_000;

type Forecaster = { userId: UserId; token: string };

/** Measures on a stack of its own; `environment` goes to its processes. */
export async function measureForecasts(environment: NodeJS.ProcessEnv = {}): Promise<void> {
  const { home, remove } = temporaryHome();
  try {
    const stack = await startStack({ home, ports: await ephemeralPorts(), environment, abort: interrupted });
    const orm = await initOrm(stack.urls.database, { pool: { max: 2 } });
    try {
      const forecasters = await signIn(orm, stack, home);
      await measure(stack, forecasters, [await insertMarket(orm.em)], WARM_UP);
      const hot = await measure(stack, forecasters, [await insertMarket(orm.em)], FORECASTS);
      reportFigure('forecasts_one_market', hot, 'on one market');
      const markets: MarketRows[] = [];
      for (let n = 0; n < MARKETS; n += 1) markets.push(await insertMarket(orm.em));
      reportFigure(
        'forecasts_many_markets',
        await measure(stack, forecasters, markets, FORECASTS),
        `over ${MARKETS} markets`,
      );
    } finally {
      await orm.close();
      await stack.stop();
    }
  } finally {
    remove();
  }
}

/** Accounts with chips and a session each, as if they had registered and bought some. */
async function signIn(orm: MikroORM, stack: Stack, home: string): Promise<Forecaster[]> {
  const users = await addForecasters(orm.em.fork(), FORECASTS, CHIPS);
  const sessions = users.map((userId) => ({ userId, sessionId: randomUUID() }));
  await orm.em.fork().execute(
    `insert into refresh_token (id, user_id, family_id, token_hash, expires_at)
     select s."sessionId", s."userId", s."sessionId", s."sessionId"::text, now() + interval '1 hour'
     from jsonb_to_recordset(?::jsonb) s ("sessionId" uuid, "userId" text)`,
    [JSON.stringify(sessions)],
  );
  const tokens = await createTokenService({
    privateKeys: loadSecrets(home).jwtPrivateKeys,
    issuer: `http://localhost:${new URL(stack.urls.api).port}`,
    accessTokenMinutes: SESSION_MS / 60_000,
  });
  return await Promise.all(
    sessions.map(async (session) => ({ userId: session.userId, token: await tokens.signAccess(session) })),
  );
}

type Measured = { perSecond: number; latenciesMs: number[] };

/** So many forecasts, each of another account, over the markets in turn. */
async function measure(
  stack: Stack,
  forecasters: readonly Forecaster[],
  markets: readonly MarketRows[],
  count: number,
): Promise<Measured> {
  const agent = new Agent({ keepAlive: true, maxSockets: IN_FLIGHT });
  const latenciesMs: number[] = [];
  let next = 0;
  try {
    const seconds = await inFlight(count, IN_FLIGHT, async () => {
      const n = next;
      next += 1;
      const [forecaster, market] = [forecasters[n % forecasters.length], markets[n % markets.length]];
      if (!forecaster || !market) throw new Error('nobody, or nothing to forecast');
      const startedAt = performance.now();
      const body = JSON.stringify({ outcomeId: market.outcomeIds[n % 2], points: POINTS });
      const answer = await post(
        agent,
        `${stack.urls.api}/api/v1/markets/${market.marketId}/forecasts`,
        forecaster,
        body,
      );
      if (answer.status !== 201) throw new Error(`a forecast was answered ${answer.status}: ${answer.body}`);
      latenciesMs.push(performance.now() - startedAt);
    });
    return { perSecond: count / seconds, latenciesMs };
  } finally {
    agent.destroy();
  }
}

/** As plain as can be: the client shares the machine with what it measures. */
function post(
  agent: Agent,
  url: string,
  { token }: Forecaster,
  body: string,
): Promise<{ status: number | undefined; body: string }> {
  return new Promise((resolve, reject) => {
    const headers = {
      authorization: `Bearer ${token}`,
      'content-type': 'application/json',
      'content-length': Buffer.byteLength(body),
    };
    const sent = request(url, { method: 'POST', agent, headers }, (response) => {
      let text = '';
      response.setEncoding('utf8');
      response.on('data', (chunk: string) => (text += chunk));
      response.on('end', () => resolve({ status: response.statusCode, body: text }));
      response.on('error', reject);
    });
    sent.on('error', reject);
    sent.end(body);
  });
}

function reportFigure(figure: string, { perSecond, latenciesMs }: Measured, where: string): void {
  const [half, most] = [percentile(latenciesMs, 0.5), percentile(latenciesMs, 0.95)].map((ms) => Math.round(ms));
  const note = `${FORECASTS} ${where}, ${IN_FLIGHT} in flight; half within ${half} ms, 95 % within ${most} ms`;
  report({ bench: 'markets', figure, value: perSecond, unit: 'forecasts/s', note });
}
