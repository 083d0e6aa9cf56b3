/** The task queues, each named once: a slow one never holds up the others. */

export const TASK_QUEUES = {
  /** Workflows and the records they write. */
  core: 'core',
  /** Calls to payment providers: rate-limited by the server. */
  payments: 'payments',
} as const;
