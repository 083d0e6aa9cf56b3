/** Tells a workflow something, if it is still running. */

import type { Client } from '@temporalio/client';
import { WorkflowNotFoundError } from '@temporalio/client';

const SIGNAL_DEADLINE_MS = 5_000;

/** False when the workflow is not running any more. Never start one from here: that could reopen a finished order. */
export async function signalRunning(client: Client, send: () => Promise<void>): Promise<boolean> {
  try {
    await client.connection.withDeadline(Date.now() + SIGNAL_DEADLINE_MS, send);
    return true;
  } catch (error) {
    if (error instanceof WorkflowNotFoundError) return false;
    throw error;
  }
}
