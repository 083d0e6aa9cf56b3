/** Stripe's idempotency keys (docs.stripe.com/api/idempotent_requests): the first answer, whatever it was, for a day. */

import { createHash } from 'node:crypto';
import type { MiddlewareHandler } from 'hono';
import type { Simulation } from '../simulation.ts';
import { StripeFault } from '../stripe-fault.ts';
import type { SimulatorContext, SimulatorEnv } from './env.ts';

const KEY_MAX_LENGTH = 255;

/**
 * Same key and same request: the stored status and body. Other request: 400. First one still running: 409. Answers to
 * requests that failed validation, met a running one or were rate limited are not kept.
 */
export function idempotency(simulation: Simulation): MiddlewareHandler<SimulatorEnv> {
  const running = new Set<string>();
  return async (c, next) => {
    const key = c.req.header('Idempotency-Key');
    if (c.req.method !== 'POST' || key === undefined) return next();
    if (key.length > KEY_MAX_LENGTH) throw keyFault(400, undefined, 'The idempotency key is too long.');
    const id = `${c.req.header('Stripe-Account') ?? ''} ${key}`;
    const paramsHash = createHash('sha256')
      .update(`${c.req.path} ${JSON.stringify(c.get('params'))}`)
      .digest('base64');
    if (running.has(id)) throw keyFault(409, 'idempotency_key_in_use', 'Another request with this key is in progress.');
    const stored = keptAnswer(simulation, id);
    if (stored) {
      if (stored.paramsHash !== paramsHash) {
        throw keyFault(
          400,
          undefined,
          `Keys for idempotent requests can only be used with the same parameters: ${key}`,
        );
      }
      c.set('replayed', true);
      return new Response(stored.body, {
        status: stored.status,
        headers: {
          'Content-Type': 'application/json',
          'Idempotent-Replayed': 'true',
          'Original-Request': stored.requestId,
        },
      });
    }
    running.add(id);
    try {
      await next();
      if (isKept(c)) await keep(simulation, c, id, paramsHash);
    } finally {
      running.delete(id);
    }
    return undefined;
  };
}

/** Forgets keys that have lived long enough. */
export function pruneKeys(simulation: Simulation): void {
  const keptSince = simulation.clock.now() - simulation.settings.keyLifeMs;
  for (const { id, createdMs } of simulation.store.all('stored_answers')) {
    if (createdMs > keptSince) return;
    simulation.store.delete('stored_answers', id);
  }
}

function keptAnswer({ store, clock, settings }: Simulation, id: string) {
  const stored = store.get('stored_answers', id);
  return stored && clock.now() - stored.createdMs < settings.keyLifeMs ? stored : undefined;
}

function isKept(c: SimulatorContext): boolean {
  if (c.res.status === 429) return false;
  return c.error === undefined || (c.error instanceof StripeFault && c.error.stored);
}

async function keep(simulation: Simulation, c: SimulatorContext, id: string, paramsHash: string): Promise<void> {
  const { store, clock } = simulation;
  const body = await c.res.clone().text();
  // Deleted first, so that the rows stay in the order of their age.
  store.delete('stored_answers', id);
  store.put('stored_answers', {
    id,
    paramsHash,
    status: c.res.status,
    body,
    requestId: c.get('requestId'),
    createdMs: clock.now(),
  });
}

function keyFault(status: 400 | 409, code: string | undefined, message: string): StripeFault {
  return new StripeFault(status, { type: 'idempotency_error', code, message }, { stored: false });
}
