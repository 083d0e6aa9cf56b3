/** A Temporal namespace of its own for each test file, on the one test server. */

import { randomBytes } from 'node:crypto';
import { Client, Connection } from '@temporalio/client';
import { msToTs } from '@temporalio/common/lib/time.js';
import { NativeConnection, type WorkflowBundlePath } from '@temporalio/worker';
import { patience } from '../../api/temporal-connection.ts';
import { registerSearchAttributes } from '../../dev/temporal-server.ts';
import { installQuietRuntime } from './runtime.ts';

/** A fresh namespace with the search attributes registered; a client and a worker connection to it. */
export type TestTemporal = {
  address: string;
  namespace: string;
  connection: Connection;
  client: Client;
  /** For `Worker.create({ connection, namespace, ... })`. */
  nativeConnection: NativeConnection;
  /** Shut workers down first. */
  close(): Promise<void>;
};

/** Address of the test server. */
export function temporalAddress(): string {
  const address = process.env.TEST_TEMPORAL_ADDRESS;
  if (address === undefined) throw new Error('No test Temporal: the folder of this test is not in the stack project.');
  return address;
}

/** The workflows as they are, bundled once for all tests. */
export function testBundle(): WorkflowBundlePath {
  const codePath = process.env.HOLDFAST_WORKFLOW_BUNDLE;
  if (codePath === undefined) throw new Error('No bundle: the folder of this test is not in the stack project.');
  return { codePath };
}

/** Registers a namespace nobody else uses, search attributes included (about 100 ms), and returns its name. */
export async function takeNamespace(connection: Connection): Promise<string> {
  const namespace = `test-${randomBytes(6).toString('hex')}`;
  await connection.workflowService.registerNamespace({
    namespace,
    workflowExecutionRetentionPeriod: msToTs('1 day'),
  });
  await registerSearchAttributes(connection, namespace);
  return namespace;
}

/** Connects to the test server under a namespace of one's own. Call it in beforeAll and `close` in afterAll. */
export async function connectTemporal(): Promise<TestTemporal> {
  const address = temporalAddress();
  installQuietRuntime('WARN');
  const [connection, nativeConnection] = await Promise.all([
    Connection.connect({ address, interceptors: patience() }),
    NativeConnection.connect({ address }),
  ]);
  const namespace = await takeNamespace(connection);
  return {
    address,
    namespace,
    connection,
    client: new Client({ connection, namespace }),
    nativeConnection,
    close: async () => {
      await connection.close();
      await nativeConnection.close();
    },
  };
}
