/** The door into the sweeps: workflows that schedules start, one activity each. */

import type { TASK_QUEUES } from '../task-queues.ts';

/** When a sweep runs. The schedule's id is the sweep's name; its workflows' ids begin with it too. */
export type Sweep = {
  scheduleId: string;
  workflowType: string;
  taskQueue: keyof typeof TASK_QUEUES;
  everyMs: number;
  /** For whoever reads the list of schedules. */
  note: string;
};

/** No sweep of the same name runs beside another, and what was missed for longer than `catchupWindow` is not made up for. */
export const LEADERBOARDS_SWEEP: Sweep = {
  scheduleId: 'leaderboards',
  workflowType: 'refreshLeaderboardsWorkflow',
  taskQueue: 'bulk',
  everyMs: 300_000,
  note: 'rebuilds all leaderboards',
};

export const FRAUD_SWEEP: Sweep = {
  scheduleId: 'fraud-sweep',
  workflowType: 'sweepFraudWorkflow',
  taskQueue: 'bulk',
  everyMs: 3_600_000,
  note: 'raises fraud flags and rewards referrals',
};

export const SWEEPS: readonly Sweep[] = [LEADERBOARDS_SWEEP, FRAUD_SWEEP];
