/** The task queues, each named once: a slow one never holds up the others. */

export const TASK_QUEUES = {
  /** Workflows, the records they write, and the one provider call that a buyer waits for. */
  core: 'core',
  /** All other calls to payment providers: rate-limited by the server. */
  payments: 'payments',
  /** Markets, their settlement, sweeps and leaderboards: a thousand markets that close at once never hold up an order. */
  bulk: 'bulk',
} as const;
