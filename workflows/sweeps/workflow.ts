/** The sweeps. A schedule starts the next one soon, so none tries for long. */

import { sweeps } from '../shared/activity-proxies.ts';

/** Rebuilds all leaderboards. */
export async function refreshLeaderboardsWorkflow(): Promise<void> {
  await sweeps.refreshLeaderboards();
}

/** Looks for signs of cheating and rewards who brought real friends. */
export async function sweepFraudWorkflow(): Promise<void> {
  await sweeps.sweepFraud();
}
