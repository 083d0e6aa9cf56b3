/** The process's metrics in Prometheus form. */

import { Counter, collectDefaultMetrics, Histogram, Registry } from 'prom-client';

export type Metrics = {
  registry: Registry;
  /** Seconds per request by method, route pattern and status. */
  requestSeconds: Histogram<'method' | 'route' | 'status'>;
  /** Webhooks by provider and what became of them: accepted, duplicate, refused. */
  webhooks: Counter<'provider' | 'outcome'>;
};

/** Metrics in a registry of their own, so that several apps may live in one process. */
export function createMetrics(options: { processMetrics: boolean }): Metrics {
  const registry = new Registry();
  if (options.processMetrics) collectDefaultMetrics({ register: registry });
  return {
    registry,
    requestSeconds: new Histogram({
      name: 'http_request_duration_seconds',
      help: 'Time to answer a request',
      labelNames: ['method', 'route', 'status'],
      buckets: [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10],
      registers: [registry],
    }),
    webhooks: new Counter({
      name: 'webhooks_received_total',
      help: 'Webhooks by outcome',
      labelNames: ['provider', 'outcome'],
      registers: [registry],
    }),
  };
}
