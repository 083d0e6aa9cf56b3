/** Holdfast's own processes: the API and the workers. */

import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { ManagedProcess } from './processes.ts';
import { messageOf, StackError } from './stack-error.ts';
import {
  baseEnvironment,
  nodeProcess,
  paymongoSimulatorUrl,
  paymongoWebhookSecret,
  ROOT,
  type RunningDatabase,
  type RunningTemporal,
  type Start,
  simulatorUrl,
} from './stack-servers.ts';

const SIMULATOR_KEY = 'sk_test_holdfast_simulator';

/** What the API and the workers talk to. */
type Surroundings = { database: RunningDatabase; temporal: RunningTemporal; workflowBundle: string };

/** Where the API listens. */
export function apiUrl({ options }: Start): string {
  return `http://127.0.0.1:${options.ports.api}`;
}

/** What webhooks are signed with. */
export function webhookSecret({ external, secrets }: Start): string {
  return external.stripe?.webhookSecret ?? secrets.webhookSecret;
}

/** Starts the workers; returns once they poll. */
export function startWorkers(start: Start, around: Surroundings): Promise<ManagedProcess> {
  const spec = nodeProcess('workers', 'workers/main.ts', environmentOf(start, around), /"workers ready"/);
  return start.progress.step('Workers', () => start.launch(spec));
}

/** Starts the API; returns once it is ready for traffic. */
export function startApi(start: Start, around: Surroundings): Promise<ManagedProcess> {
  const ready = () => answers(`${apiUrl(start)}/health/ready`);
  const spec = nodeProcess('api', 'api/main.ts', environmentOf(start, around), ready);
  return start.progress.step('API', () => start.launch(spec));
}

/**
 * Once, beside the servers: the workers then start, and start again, without building it. One that was built before
 * (HOLDFAST_WORKFLOW_BUNDLE) is taken as it is.
 */
export async function bundleWorkflows(start: Start): Promise<string> {
  if (process.env.HOLDFAST_WORKFLOW_BUNDLE) return process.env.HOLDFAST_WORKFLOW_BUNDLE;
  const { home, abort } = start.options;
  const file = join(home, 'workflow-bundle.js');
  return await start.progress.step('Workflow bundle', async () => {
    try {
      const args = [join(ROOT, 'workers/build-bundle.ts'), file, join(home, 'bundle-cache')];
      await promisify(execFile)(process.execPath, args, { env: baseEnvironment(start), signal: abort });
      return file;
    } catch (error) {
      throw new StackError(`The workflows could not be bundled: ${messageOf(error)}`);
    }
  });
}

function environmentOf(start: Start, { database, temporal, workflowBundle }: Surroundings): NodeJS.ProcessEnv {
  const { ports, environment, timeScale } = start.options;
  const { stripe, paymongo } = start.external;
  return {
    ...baseEnvironment(start),
    HOST: '127.0.0.1',
    PORT: String(ports.api),
    DATABASE_URL: database.localUrl,
    TEMPORAL_ADDRESS: temporal.address,
    TEMPORAL_NAMESPACE: temporal.namespace,
    STRIPE_SECRET_KEY: stripe?.secretKey ?? SIMULATOR_KEY,
    STRIPE_WEBHOOK_SECRET: webhookSecret(start),
    STRIPE_API_BASE: stripe !== null ? '' : simulatorUrl(ports),
    PAYMONGO_SECRET_KEY: paymongo?.secretKey ?? SIMULATOR_KEY,
    PAYMONGO_WEBHOOK_SECRET: paymongoWebhookSecret(start),
    PAYMONGO_API_BASE: paymongo !== null ? '' : paymongoSimulatorUrl(ports),
    JWT_PRIVATE_KEYS: JSON.stringify(start.secrets.jwtPrivateKeys),
    JWT_ISSUER: `http://localhost:${ports.api}`,
    HOLDFAST_TIME_SCALE: String(timeScale ?? 1),
    HOLDFAST_WORKFLOW_BUNDLE: workflowBundle,
    ...environment,
  };
}

async function answers(url: string): Promise<boolean> {
  try {
    return (await fetch(url, { signal: AbortSignal.timeout(2_000) })).ok;
  } catch {
    return false;
  }
}
