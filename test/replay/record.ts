/** `node test/replay/record.ts` plays every journey on a server of its own and stores the histories anew. */

import { startWorkflowEnvironment } from '../workflows/support/environment.ts';
import { startOwnServer } from '../workflows/support/own-server.ts';
import { writeHistories } from './support/histories.ts';
import { JOURNEYS } from './support/journeys.ts';

// Low, so that a hold that is handed over to a new run is among them; more than any other journey needs.
const server = await startOwnServer(['limit.historyCount.suggestContinueAsNew=80']);
const environment = await startWorkflowEnvironment({ server });
try {
  const histories = (await Promise.all(JOURNEYS.map((journey) => journey(environment)))).flat();
  writeHistories(histories);
  process.stdout.write(`${histories.map(({ name }) => name).join('\n')}\n${histories.length} histories recorded\n`);
} finally {
  await environment.close();
}
