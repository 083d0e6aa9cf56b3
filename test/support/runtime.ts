/** The SDK's runtime: one per process, while anything of it is connected. */

import { IllegalStateError } from '@temporalio/common';
import { DefaultLogger, type LogEntry, type LogLevel, Runtime } from '@temporalio/worker';

/** Installs it, less talkative than the SDK's own, unless another test file of this process has left one running. */
export function installQuietRuntime(level: LogLevel, log?: (entry: LogEntry) => void): void {
  try {
    Runtime.install({ logger: new DefaultLogger(level, log) });
  } catch (error) {
    if (!(error instanceof IllegalStateError)) throw error;
  }
}
