/** The embedded server comes back on its data, whatever was left running when it was killed. */

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, expect, it } from '@jest/globals';
import pg from 'pg';
import { z } from 'zod';
import { waitFor } from '../../dev/client/wait-for.ts';
import { startEmbeddedPostgres } from '../../dev/embedded-postgres.ts';
import { freePort } from '../../dev/ports.ts';
import { temporaryHome } from '../../dev/stack.ts';

const { home, remove } = temporaryHome();
const pidRow = z.object({ pid: z.int() });

afterAll(remove);

it('a server that is killed starts again as soon as the last of its backends has gone', async () => {
  const postgres = await startEmbeddedPostgres({
    dataFolder: join(home, 'postgres'),
    logFolder: join(home, 'logs'),
    port: await freePort(),
    durable: false,
  });
  const { process: server } = postgres;
  const client = new pg.Client({ connectionString: postgres.urlOf('postgres') });
  client.on('error', () => undefined);
  await client.connect();
  const { pid } = pidRow.parse((await client.query('select pg_backend_pid() as pid')).rows[0]);

  process.kill(pid, 'SIGSTOP');
  await server.kill('SIGKILL');
  const restarted = server.restart();
  try {
    await waitFor(
      'a start is refused',
      async () => readFileSync(server.logFile, 'utf8'),
      (log) => log.includes('is still in use'),
    );
  } finally {
    process.kill(pid, 'SIGCONT');
  }
  await restarted;
  expect(server.running).toBe(true);
  await server.stop();
});
