/** Makes chosen requests fail, before or after their effect, and remembers every request. */

import type { MiddlewareHandler } from 'hono';
import { type FaultRule, type Faults, runFault } from '../shared/fault-rules.ts';
import { PayMongoFault } from './paymongo-fault.ts';
import type { SimulatorEnv } from './routes/api.ts';

/** A request that came in, and what it was answered with. */
export type RecordedRequest = { method: string; path: string; status: number };

const KEPT = 10_000;

/** Answers that get lost and servers in trouble. There is no key to remember an answer by: a repeat is a new request. */
export function troubles(faults: Faults, requests: RecordedRequest[]): MiddlewareHandler<SimulatorEnv> {
  return async (c, next) => {
    const rule = faults.take(c.req.method, c.req.path);
    if (rule?.when === 'before') await runFault(rule);
    if (rule?.when !== 'before' || rule.action === 'wait') await next();
    if (rule?.when === 'after') await runFault(rule);
    if (rule && rule.action !== 'wait') {
      if (rule.action === 'reset') c.env.incoming.socket.destroy();
      const fault = faultOf(rule);
      c.res = c.json(fault.body, fault.status);
    }
    requests.push({ method: c.req.method, path: c.req.path, status: c.res.status });
    if (requests.length > KEPT) requests.splice(0, KEPT / 10);
  };
}

function faultOf({ action }: FaultRule): PayMongoFault {
  return action === 'rate_limit' || action === 'lock_timeout'
    ? new PayMongoFault(429, 'rate_limit_exceeded', 'Too many requests.')
    : new PayMongoFault(500, 'internal_server_error', 'Something went wrong on our end.');
}
