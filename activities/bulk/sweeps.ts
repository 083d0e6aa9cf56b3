/** What schedules have done now and then, over all rows; a round that fails is made up for by the next. */

import { refreshLeaderboards } from '../../db/forecasters/refresh-leaderboards.ts';
import { type Swept, sweep } from '../../db/fraud/sweep.ts';
import type { ActivityDependencies } from '../dependencies.ts';

export type SweepActivities = {
  /** Rebuilds every leaderboard; answers how many places they have together. */
  refreshLeaderboards(): Promise<number>;
  /** Raises flags over everybody and rewards referrals; decides about nobody. */
  sweepFraud(): Promise<Swept>;
};

export function createSweepActivities({ orm }: ActivityDependencies): SweepActivities {
  return { refreshLeaderboards: () => refreshLeaderboards(orm.em), sweepFraud: () => sweep(orm.em.fork()) };
}
