/** The worker of the bare skeleton: the same workflows, with activities that do nothing. */

import { NativeConnection, Runtime, Worker } from '@temporalio/worker';
import { pino } from 'pino';
import { buildWorkflowBundle } from '../../workers/build-bundle.ts';
import { temporalLogger } from '../../workers/temporal-logger.ts';
import { TASK_QUEUES } from '../../workflows/task-queues.ts';
import { bareActivities } from './bare-activities.ts';

const log = pino({ level: 'warn' });
Runtime.install({ logger: temporalLogger(log), shutdownSignals: [] });
const [connection, workflowBundle] = await Promise.all([
  NativeConnection.connect({ address: process.env.TEMPORAL_ADDRESS }),
  buildWorkflowBundle(),
]);
const workers = await Promise.all([
  Worker.create({
    connection,
    taskQueue: TASK_QUEUES.core,
    workflowBundle,
    activities: bareActivities,
    maxCachedWorkflows: 500,
    maxConcurrentLocalActivityExecutions: 20,
  }),
  Worker.create({ connection, taskQueue: TASK_QUEUES.payments, activities: bareActivities }),
]);
process.once('SIGTERM', () => workers.forEach((worker) => worker.shutdown()));
process.stdout.write('bare worker ready\n');
await Promise.all(workers.map((worker) => worker.run()));
await connection.close();
