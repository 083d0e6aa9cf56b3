/** The schedules on a real Temporal server. */

import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { ScheduleHandle } from '@temporalio/client';
import { Worker } from '@temporalio/worker';
import { ensureSchedules } from '../../workers/schedules.ts';
import { LEADERBOARDS_SWEEP, SWEEPS } from '../../workflows/sweeps/contract.ts';
import { TASK_QUEUES } from '../../workflows/task-queues.ts';
import { connectTemporal, type TestTemporal, testBundle } from '../support/temporal.ts';

let temporal: TestTemporal;
beforeAll(async () => {
  temporal = await connectTemporal();
});
afterAll(() => temporal.close());

/**
 * One that runs once a day, as an older release may have left it. A look at it ends the write: a pause that reaches the
 * server together with an update is applied before it, so that the update's own state wins.
 */
async function outdatedSchedule(): Promise<ScheduleHandle> {
  const schedule = temporal.client.schedule.getHandle(LEADERBOARDS_SWEEP.scheduleId);
  await schedule.update((previous) => ({ ...previous, spec: { intervals: [{ every: '1 day' }] } }));
  expect(await schedule.describe()).toMatchObject({ spec: { intervals: [{ every: 86_400_000 }] } });
  return schedule;
}

/** How many updates `ensureSchedules` sends; `meanwhile` is done between its first look and its first update. */
async function updatesOfEnsuring(meanwhile?: () => Promise<void>): Promise<number> {
  const { workflowService } = temporal.client;
  const { updateSchedule } = workflowService;
  let updates = 0;
  const counted = async (request: Parameters<typeof updateSchedule>[0]) => {
    updates += 1;
    if (updates === 1) await meanwhile?.();
    return await updateSchedule.call(workflowService, request);
  };
  Object.defineProperty(workflowService, 'updateSchedule', { value: counted, configurable: true });
  await ensureSchedules(temporal.client).finally(() => Reflect.deleteProperty(workflowService, 'updateSchedule'));
  return updates;
}

describe('the schedules', () => {
  it('are each set up once by several processes that start together', async () => {
    await Promise.all([1, 2, 3].map(() => ensureSchedules(temporal.client)));
    for (const { scheduleId, workflowType, everyMs } of SWEEPS) {
      expect(await temporal.client.schedule.getHandle(scheduleId).describe()).toMatchObject({
        spec: { intervals: [{ every: everyMs }] },
        action: { workflowType, taskQueue: TASK_QUEUES.bulk },
        policies: { overlap: 'SKIP', catchupWindow: 600_000 },
        state: { paused: false },
      });
    }
  });

  it('stay paused where an operator has paused them, while all else is brought up to date', async () => {
    const schedule = await outdatedSchedule();
    await schedule.pause('while we look into something');
    await ensureSchedules(temporal.client);
    expect(await schedule.describe()).toMatchObject({
      spec: { intervals: [{ every: LEADERBOARDS_SWEEP.everyMs }] },
      state: { paused: true, note: 'while we look into something' },
    });
    await schedule.unpause();
  });

  it('stay paused, too, where the pause comes between looking and bringing up to date', async () => {
    const schedule = await outdatedSchedule();
    expect(await updatesOfEnsuring(() => schedule.pause('just in time'))).toBe(2);
    expect(await schedule.describe()).toMatchObject({
      spec: { intervals: [{ every: LEADERBOARDS_SWEEP.everyMs }] },
      state: { paused: true, note: 'just in time' },
    });
    await schedule.unpause();
  });

  it('are left alone if they are up to date', async () => {
    expect(await updatesOfEnsuring()).toBe(0);
  });

  it('start workflows that the bulk workers know', async () => {
    const done: string[] = [];
    const worker = await Worker.create({
      connection: temporal.nativeConnection,
      namespace: temporal.namespace,
      taskQueue: TASK_QUEUES.bulk,
      workflowBundle: testBundle(),
      activities: {
        refreshLeaderboards: () => done.push('leaderboards'),
        sweepFraud: () => done.push('fraud-sweep'),
      },
    });
    await worker.runUntil(
      Promise.all(
        SWEEPS.map(({ scheduleId, workflowType }) =>
          temporal.client.workflow.execute(workflowType, {
            workflowId: `${scheduleId}-now`,
            taskQueue: TASK_QUEUES.bulk,
          }),
        ),
      ),
    );
    // Once each, or twice where a schedule itself fell due meanwhile.
    expect([...new Set(done)].toSorted()).toEqual(SWEEPS.map(({ scheduleId }) => scheduleId).toSorted());
  });
});
