/** Is the database there, is Temporal there: asked in parallel, each with a short deadline. */

import type { ApiDeps } from '../../context.ts';

const PROBE_TIMEOUT_MS = 1_500;

export type Probe = { status: 'up' | 'down'; latencyMs: number };

/** What each dependency answers now. Never throws. */
export async function probeDependencies({ orm, gateway }: ApiDeps): Promise<{ database: Probe; temporal: Probe }> {
  const [database, temporal] = await Promise.all([
    probe(() => orm.em.fork().execute('select 1')),
    probe(() => gateway.ping(PROBE_TIMEOUT_MS)),
  ]);
  return { database, temporal };
}

async function probe(ask: () => Promise<unknown>): Promise<Probe> {
  const startedAt = performance.now();
  const status = await Promise.race([
    ask().then(
      () => 'up' as const,
      () => 'down' as const,
    ),
    new Promise<'down'>((resolve) => setTimeout(resolve, PROBE_TIMEOUT_MS, 'down').unref()),
  ]);
  return { status, latencyMs: Math.round(performance.now() - startedAt) };
}
