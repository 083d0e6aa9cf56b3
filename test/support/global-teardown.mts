/** After the last `stack` test. */

import { stopTestServers } from './global-setup.mts';

/** Stops the servers of globalSetup. */
export default async function globalTeardown(): Promise<void> {
  const servers = globalThis.holdfastTestServers;
  if (servers !== undefined) await stopTestServers(servers);
}
