/** Makes chosen requests fail, before or after their effect. */

import type { MiddlewareHandler } from 'hono';
import { type FaultRule, type Faults, runFault } from '../../shared/fault-rules.ts';
import { apiError, StripeFault } from '../stripe-fault.ts';
import { answerFault } from './answer.ts';
import type { SimulatorContext, SimulatorEnv } from './env.ts';

/** Outside the idempotency store: what strikes before the effect, and lost answers. */
export function outerFaults(faults: Faults): MiddlewareHandler<SimulatorEnv> {
  return async (c, next) => {
    const rule = faults.take(c.req.method, c.req.path);
    if (rule?.when === 'before') {
      await runFault(rule);
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
  await runFault(rule);
  if (rule.action !== 'wait' && rule.action !== 'reset') c.res = answerFault(c, faultOf(rule, true));
};

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
