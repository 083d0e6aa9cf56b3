/** Makes chosen requests fail, before or after their effect. */

import type { MiddlewareHandler } from 'hono';
import { apiError, StripeFault } from '../stripe-fault.ts';
import { answerFault } from './answer.ts';
import type { SimulatorContext, SimulatorEnv } from './env.ts';

export const FAULT_ACTIONS = ['error', 'reset', 'rate_limit', 'lock_timeout', 'wait'] as const;

export type FaultRule = {
  /** Only requests with this method and with this text in their path; all when absent. */
  method?: string;
  path?: string;
  /** How many requests it meets, 1 by default. The stripe package repeats once after a reset. */
  times?: number;
  /**
   * `before`: nothing has happened, nothing is kept under the key. `after`: the effect is there; a 500 is then what the
   * key answers for a day.
   */
  when: 'before' | 'after';
  action: (typeof FAULT_ACTIONS)[number];
  /** For `wait`. */
  waitMs?: number;
  /** Runs at that moment, in tests within the process: for instance to kill a worker. */
  hook?: () => void | Promise<void>;
};

export type Faults = {
  add: (rule: FaultRule) => void;
  clear: () => void;
  /** The first rule that meets this request, counted as used. */
  take: (method: string, path: string) => FaultRule | null;
};

export function createFaults(): Faults {
  let rules: FaultRule[] = [];
  return {
    add(rule) {
      rules.push(rule);
    },
    clear() {
      rules = [];
    },
    take(method, path) {
      const rule = rules.find((candidate) => matches(candidate, method, path));
      if (!rule) return null;
      const left = (rule.times ?? 1) - 1;
      rules = rules.flatMap((other) => (other === rule ? (left > 0 ? [{ ...rule, times: left }] : []) : [other]));
      return rule;
    },
  };
}

/** Outside the idempotency store: what strikes before the effect, and lost answers. */
export function outerFaults(faults: Faults): MiddlewareHandler<SimulatorEnv> {
  return async (c, next) => {
    const rule = faults.take(c.req.method, c.req.path);
    if (rule?.when === 'before') {
      await run(rule);
      if (rule.action === 'reset') return resetConnection(c);
      if (rule.action !== 'wait') throw faultOf(rule, false);
    }
    c.set('lateFault', rule?.when === 'after' ? rule : null);
    await next();
    if (c.get('lateFault')?.action === 'reset') c.res = resetConnection(c);
  };
}

/** Inside the idempotency store: what strikes after the effect. */
export const innerFaults: MiddlewareHandler<SimulatorEnv> = async (c, next) => {
  await next();
  const rule = c.get('lateFault');
  if (!rule) return;
  await run(rule);
  if (rule.action !== 'wait' && rule.action !== 'reset') c.res = answerFault(c, faultOf(rule, true));
};

function matches(rule: FaultRule, method: string, path: string): boolean {
  return (rule.method ?? method).toUpperCase() === method && path.includes(rule.path ?? '');
}

async function run({ hook, action, waitMs = 0 }: FaultRule): Promise<void> {
  await hook?.();
  if (action === 'wait') await new Promise((resolve) => setTimeout(resolve, waitMs));
}

function faultOf({ action }: FaultRule, stored: boolean): StripeFault {
  if (action === 'error') return apiError(stored);
  const code = action === 'rate_limit' ? 'rate_limit' : 'lock_timeout';
  const headers = { 'Stripe-Should-Retry': 'true', 'Stripe-Rate-Limited-Reason': 'global-rate' };
  const message = 'Request rate limit exceeded.';
  return new StripeFault(429, { type: 'invalid_request_error', code, message }, { stored: false, headers });
}

function resetConnection(c: SimulatorContext): Response {
  c.env.incoming.socket.destroy();
  return c.body(null);
}
