/** Which loopback ports the dev stack uses, and whether they are free. */

import { createServer } from 'node:net';
import { codeOf, StackError } from './stack-error.ts';

/** A port nobody listens on right now. */
export async function freePort(): Promise<number> {
  return await tryListen(0);
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
