/** What a journey is: something played on a test's workflows, and the histories that came of it. */

import type { WorkflowEnvironment } from '../../workflows/support/environment.ts';
import type { History } from '../../workflows/support/history.ts';

export type Recorded = { name: string; history: History };
export type Journey = (environment: WorkflowEnvironment) => Promise<Recorded[]>;

type Run = { fetchHistory(): Promise<History>; result(): Promise<unknown> };

/** The history of a run, once it has ended. */
export async function recorded(name: string, run: Run): Promise<Recorded> {
  await run.result();
  return { name, history: await run.fetchHistory() };
}
