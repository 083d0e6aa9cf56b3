/** Records what happened as Stripe's events. */

import Stripe from 'stripe';
import type { EventObject } from '../objects.ts';
import { newStripeId } from '../simulation.ts';
import type { Store } from '../store.ts';

/** Stores the event with a copy of the object as it is now. */
export function recordEvent(
  store: Store,
  event: { type: string; object: object; account?: string; nowMs: number; endpoints: number },
): EventObject {
  return store.put('events', {
    id: newStripeId('evt'),
    object: 'event',
    api_version: Stripe.API_VERSION,
    ...(event.account === undefined ? {} : { account: event.account }),
    created: Math.floor(event.nowMs / 1000),
    data: { object: structuredClone(event.object) },
    livemode: false,
    pending_webhooks: event.endpoints,
    request: { id: null, idempotency_key: null },
    type: event.type,
  });
}
