/** Who may call: any secret key, or a buyer's browser that knows a PaymentIntent's client secret. */

import type { MiddlewareHandler } from 'hono';
import type { PaymentIntentObject } from '../objects.ts';
import { invalidRequest, StripeFault } from '../stripe-fault.ts';
import type { SimulatorContext, SimulatorEnv } from './env.ts';

const BUYER_PATHS = /^\/v1\/payment_intents\/[^/]+(\/confirm)?$/;

/** 401 for everything else. */
export const authenticate: MiddlewareHandler<SimulatorEnv> = (c, next) => {
  const hasSecretKey = /^Bearer (sk|rk)_\S+$/.test(c.req.header('Authorization') ?? '');
  c.set('hasSecretKey', hasSecretKey);
  if (!hasSecretKey && !(BUYER_PATHS.test(c.req.path) && 'client_secret' in c.get('params'))) {
    const message = 'You did not provide an API key. Use it as a Bearer token in the Authorization header.';
    throw new StripeFault(401, { type: 'invalid_request_error', message }, { stored: false });
  }
  return next();
};

/** A client secret, where given, must be the PaymentIntent's own. */
export function checkClientSecret(intent: PaymentIntentObject, clientSecret: string | undefined): void {
  if (clientSecret === undefined || clientSecret === intent.client_secret) return;
  throw invalidRequest(
    'The client_secret provided does not match.',
    'payment_intent_invalid_parameter',
    'client_secret',
  );
}

/** What a buyer may see of a PaymentIntent. */
export function visibleTo(c: SimulatorContext, intent: PaymentIntentObject): Partial<PaymentIntentObject> {
  if (c.get('hasSecretKey')) return intent;
  const { metadata: _metadata, latest_charge: _charge, transfer_group: _group, ...visible } = intent;
  return visible;
}
