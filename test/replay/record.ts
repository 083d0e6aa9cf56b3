/**
 * `node test/replay/record.ts` plays every journey on a server of its own and stores the histories anew; with `--new` only
 * those that are not stored yet, so that what earlier code has written stays as it is.
 */

import { startWorkflowEnvironment } from '../workflows/support/environment.ts';
import { startMarkets } from '../workflows/support/markets.ts';
import { startOwnServer } from '../workflows/support/own-server.ts';
import { readHistories, writeHistories } from './support/histories.ts';
import type { Recorded } from './support/journey.ts';
import { JOURNEYS } from './support/journeys.ts';
import { MARKETS } from './support/market-journeys.ts';

// Low, so that a hold that is handed over to a new run is among them; more than any other journey needs.
const server = await startOwnServer(['limit.historyCount.suggestContinueAsNew=80']);
const environment = await startWorkflowEnvironment({ server });
const markets = await startMarkets(server);
try {
  const waiting = [
    ...JOURNEYS.map((journey) => () => journey(environment)),
    ...MARKETS.map((journey) => () => journey(markets)),
  ];
  const played: Recorded[] = [];
  // A few at a time: their clocks are short, and a machine that is busy would let them ring too early.
  const lane = async (): Promise<void> => {
    for (let journey = waiting.shift(); journey; journey = waiting.shift()) played.push(...(await journey()));
  };
  await Promise.all([lane(), lane(), lane(), lane()]);
  const stored = process.argv.includes('--new') ? readHistories().map(({ name }) => name) : [];
  const histories = played.filter(({ name }) => !stored.includes(name));
  writeHistories(histories);
  process.stdout.write(`${histories.map(({ name }) => name).join('\n')}\n${histories.length} histories recorded\n`);
} finally {
  await markets.close();
  await environment.close();
}
