/** Which loopback ports the dev stack uses, and whether they are free. */

import { randomInt } from 'node:crypto';
import { createServer } from 'node:net';
import { codeOf, StackError } from './stack-error.ts';

/** Below the range that systems take outgoing connections' ports from: free now is then free after a restart too. */
const FREE_PORTS = { first: 15_000, last: 31_999 } as const;

/** A port nobody listens on right now. */
export async function freePort(): Promise<number> {
  for (;;) {
    const port = randomInt(FREE_PORTS.first, FREE_PORTS.last + 1);
    const opened = await tryListen(port).catch((error: unknown) => {
      if (codeOf(error) === 'EADDRINUSE') return null;
      throw error;
    });
    if (opened !== null) return opened;
  }
}

/**
 * Fails when a port is taken or not ours to open.
 * @param variable the environment variable that picks another port
 */
export async function assertPortFree(port: number, what: string, variable: string): Promise<void> {
  try {
    await tryListen(port);
  } catch (error) {
    const why = codeOf(error) === 'EADDRINUSE' ? 'is already in use' : `cannot be opened (${codeOf(error)})`;
    throw new StackError(`Port ${port} for ${what} ${why}: stop what uses it, or set ${variable} to another port.`);
  }
}

function tryListen(port: number): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', reject);
    server.listen({ port, host: '127.0.0.1', exclusive: true }, () => {
      const address = server.address();
      const opened = typeof address === 'object' && address !== null ? address.port : port;
      server.close(() => resolve(opened));
    });
  });
}
