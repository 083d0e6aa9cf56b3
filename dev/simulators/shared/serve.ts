/** A simulator's HTTP server. */

import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { createAdaptorServer } from '@hono/node-server';

/** Listens on the port (0: any free one) and resolves once it answers; fails when the port is taken. */
export async function serve(fetch: (request: Request) => Response | Promise<Response>, host: string, wanted: number) {
  const server = createAdaptorServer({ fetch });
  server.listen(wanted, host);
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  return {
    port,
    url: `http://${host}:${port}`,
    /** At once, whoever is connected. */
    close(): void {
      server.close();
      if ('closeAllConnections' in server) server.closeAllConnections();
    },
  };
}
