/** Reads each request once, numbers it and remembers it. */

import type { MiddlewareHandler } from 'hono';
import { newStripeId } from '../simulation.ts';
import type { SimulatorEnv } from './env.ts';
import { decodeForm, type Params } from './params.ts';

export type RecordedRequest = {
  id: string;
  method: string;
  path: string;
  params: Params;
  idempotencyKey: string | null;
  /** The connected account the call was made as; null for the platform. */
  stripeAccount: string | null;
  apiVersion: string | null;
  status: number;
  /** Answered from the idempotency store. */
  replayed: boolean;
};

const KEPT = 10_000;

export type RequestLog = {
  all: () => readonly RecordedRequest[];
  clear: () => void;
  middleware: MiddlewareHandler<SimulatorEnv>;
};

/** The last 10,000 requests, oldest first. */
export function createRequestLog(): RequestLog {
  let requests: RecordedRequest[] = [];
  return {
    all: () => requests,
    clear() {
      requests = [];
    },
    middleware: async (c, next) => {
      const requestId = newStripeId('req');
      const params = decodeForm(c.req.method === 'GET' ? new URL(c.req.url).search : await c.req.text());
      c.set('requestId', requestId);
      c.set('params', params);
      c.set('replayed', false);
      await next();
      const idempotencyKey = c.req.header('Idempotency-Key') ?? null;
      const apiVersion = c.req.header('Stripe-Version') ?? null;
      c.header('Request-Id', requestId);
      if (idempotencyKey !== null) c.header('Idempotency-Key', idempotencyKey);
      if (apiVersion !== null) c.header('Stripe-Version', apiVersion);
      requests.push({
        id: requestId,
        method: c.req.method,
        path: c.req.path,
        params,
        idempotencyKey,
        stripeAccount: c.req.header('Stripe-Account') ?? null,
        apiVersion,
        status: c.res.status,
        replayed: c.get('replayed'),
      });
      if (requests.length > KEPT) requests = requests.slice(KEPT / 10);
    },
  };
}
