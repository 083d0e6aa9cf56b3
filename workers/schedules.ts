/** The schedules of the sweeps, set up at start by whichever process has the bulk role; all of them may at once. */

import { type Client, ScheduleAlreadyRunning, type ScheduleOptions, ScheduleOverlapPolicy } from '@temporalio/client';
import { SWEEPS, type Sweep } from '../workflows/sweeps/contract.ts';
import { TASK_QUEUES } from '../workflows/task-queues.ts';

/** Creates what is missing and brings the rest up to date; one that an operator has paused stays paused. */
export async function ensureSchedules(client: Client): Promise<void> {
  await Promise.all(SWEEPS.map((sweep) => ensure(client, sweep)));
}

async function ensure(client: Client, sweep: Sweep): Promise<void> {
  const options = optionsOf(sweep);
  try {
    await client.schedule.create(options);
  } catch (error) {
    if (!(error instanceof ScheduleAlreadyRunning)) throw error;
    await client.schedule.getHandle(sweep.scheduleId).update(({ state }) => ({ ...options, state }));
  }
}

function optionsOf({ scheduleId, workflowType, taskQueue, everyMs, note }: Sweep) {
  return {
    scheduleId,
    spec: { intervals: [{ every: everyMs }] },
    action: { type: 'startWorkflow', workflowType, workflowId: scheduleId, taskQueue: TASK_QUEUES[taskQueue] },
    // A slow round is not joined by the next; after an outage the latest round is enough.
    policies: { overlap: ScheduleOverlapPolicy.SKIP, catchupWindow: '10m' },
    state: { note },
  } as const satisfies ScheduleOptions;
}
