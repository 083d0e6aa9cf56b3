/** A Temporal server of a test's own, where the shared one's settings do not fit. */

import { Client, Connection } from '@temporalio/client';
import { TestWorkflowEnvironment } from '@temporalio/testing';
import { patience } from '../../../api/temporal-connection.ts';
import { findTemporalBinary } from '../../../dev/temporal-binary.ts';
import { SEARCH_ATTRIBUTES } from '../../../workflows/shared/operator-view.ts';
import { installQuietRuntime } from '../../support/runtime.ts';
import type { TestServer } from './environment.ts';

/** Starts it with these settings (`key=value`); `close` stops it. */
export async function startOwnServer(settings: readonly string[]): Promise<TestServer> {
  installQuietRuntime('ERROR');
  const path = await findTemporalBinary(() => {});
  const server = await TestWorkflowEnvironment.createLocal({
    server: {
      executable: { type: 'existing-path', path },
      searchAttributes: Object.values(SEARCH_ATTRIBUTES),
      extraArgs: settings.flatMap((setting) => ['--dynamic-config-value', setting]),
    },
  });
  const { address, nativeConnection, namespace = 'default' } = server;
  const connection = await Connection.connect({ address, interceptors: patience() });
  return {
    client: new Client({ connection, namespace }),
    nativeConnection,
    namespace,
    async close() {
      await connection.close();
      await server.teardown();
    },
  };
}
