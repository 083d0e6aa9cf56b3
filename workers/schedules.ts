/** The schedules of the sweeps, set up at start by whichever process has the bulk role; all of them may at once. */

import { randomUUID } from 'node:crypto';
import { isDeepStrictEqual } from 'node:util';
import {
  type Client,
  ScheduleAlreadyRunning,
  type ScheduleDescription,
  ScheduleOverlapPolicy,
} from '@temporalio/client';
import { encodeScheduleOverlapPolicy } from '@temporalio/client/lib/schedule-types.js';
import { msToTs } from '@temporalio/common/lib/time.js';
import { SWEEPS, type Sweep } from '../workflows/sweeps/contract.ts';
import { TASK_QUEUES } from '../workflows/task-queues.ts';

/** After an outage the latest round is enough. */
const CATCHUP_WINDOW_MS = 600_000;
const ATTEMPTS = 10;

/**
 * Creates what is missing and brings the rest up to date. What operators do meanwhile is kept: a schedule that they have
 * paused stays paused.
 * @throws Error if somebody else changed a schedule at each of ten attempts to bring it up to date.
 */
export async function ensureSchedules(client: Client): Promise<void> {
  await Promise.all(SWEEPS.map((sweep) => ensure(client, sweep)));
}

async function ensure(client: Client, sweep: Sweep): Promise<void> {
  try {
    await create(client, sweep);
  } catch (error) {
    if (!(error instanceof ScheduleAlreadyRunning)) throw error;
    await bringUpToDate(client, sweep);
  }
}

async function create(client: Client, { scheduleId, workflowType, taskQueue, everyMs, note }: Sweep): Promise<void> {
  await client.schedule.create({
    scheduleId,
    spec: { intervals: [{ every: everyMs }] },
    action: { type: 'startWorkflow', workflowType, workflowId: scheduleId, taskQueue: TASK_QUEUES[taskQueue] },
    // A slow round is not joined by the next.
    policies: { overlap: ScheduleOverlapPolicy.SKIP, catchupWindow: CATCHUP_WINDOW_MS },
    state: { note },
  });
}

/**
 * Writes only if something differs, and only onto what was read. The SDK's own `update` sends no conflict token: a pause
 * that comes after its read is lost, even one that comes just behind its write, because the server applies a pause before
 * an update when it finds both. A write whose token is stale is dropped without a word, hence the look afterwards.
 */
async function bringUpToDate(client: Client, sweep: Sweep): Promise<void> {
  const schedule = client.schedule.getHandle(sweep.scheduleId);
  for (let attempt = 1; attempt <= ATTEMPTS; attempt += 1) {
    const found = await schedule.describe();
    if (isUpToDate(found, sweep)) return;
    await updateIfUnchanged(client, found, sweep);
  }
  throw new Error(`The schedule ${sweep.scheduleId} was changed by somebody else at each of ${ATTEMPTS} attempts.`);
}

function isUpToDate({ spec, action, policies }: ScheduleDescription, sweep: Sweep): boolean {
  const found = {
    calendars: spec.calendars,
    intervals: spec.intervals?.map(({ every }) => every),
    workflowType: action.workflowType,
    taskQueue: action.taskQueue,
    overlap: policies.overlap,
    catchupWindow: policies.catchupWindow,
  };
  return isDeepStrictEqual(found, {
    calendars: [],
    intervals: [sweep.everyMs],
    workflowType: sweep.workflowType,
    taskQueue: TASK_QUEUES[sweep.taskQueue],
    overlap: ScheduleOverlapPolicy.SKIP,
    catchupWindow: CATCHUP_WINDOW_MS,
  });
}

async function updateIfUnchanged(client: Client, { raw }: ScheduleDescription, sweep: Sweep): Promise<void> {
  await client.workflowService.updateSchedule({
    namespace: client.options.namespace,
    scheduleId: sweep.scheduleId,
    conflictToken: raw.conflictToken,
    requestId: randomUUID(),
    schedule: {
      spec: { interval: [{ interval: msToTs(sweep.everyMs) }] },
      action: {
        startWorkflow: {
          workflowId: sweep.scheduleId,
          workflowType: { name: sweep.workflowType },
          taskQueue: { name: TASK_QUEUES[sweep.taskQueue] },
        },
      },
      policies: {
        overlapPolicy: encodeScheduleOverlapPolicy(ScheduleOverlapPolicy.SKIP),
        catchupWindow: msToTs(CATCHUP_WINDOW_MS),
      },
      state: raw.schedule?.state,
    },
  });
}
