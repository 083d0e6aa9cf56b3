/** /v1/payment_intents */

import type { Hono } from 'hono';
import { z } from 'zod';
import { createPaymentIntent } from '../engine/create-payment-intent.ts';
import {
  cancelPaymentIntent,
  capturePaymentIntent,
  confirmPaymentIntent,
  requirePaymentIntent,
} from '../engine/payment-intents.ts';
import { searchPaymentIntents } from '../engine/search.ts';
import { checkClientSecret, visibleTo } from '../http/auth.ts';
import type { SimulatorEnv } from '../http/env.ts';
import { expanded, listPage } from '../http/lists.ts';
import { expand, integer, list, listing, metadata, parseParams, text } from '../http/params.ts';
import type { Simulation } from '../simulation.ts';

const createParams = z.strictObject({
  amount: integer,
  currency: text,
  allowed_payment_method_types: list.optional(),
  capture_method: z.enum(['automatic', 'automatic_async', 'manual']).optional(),
  description: text.optional(),
  metadata: metadata.optional(),
  transfer_group: text.optional(),
  expand,
});
const confirmParams = z.strictObject({
  payment_method: text.optional(),
  payment_method_data: z.object({ type: text }).optional(),
  return_url: text.optional(),
  client_secret: text.optional(),
  key: text.optional(),
  expand,
});
const captureParams = z.strictObject({ amount_to_capture: integer.optional(), expand });
const cancelParams = z.strictObject({
  cancellation_reason: z.enum(['duplicate', 'fraudulent', 'requested_by_customer', 'abandoned']).optional(),
  expand,
});
const retrieveParams = z.strictObject({ client_secret: text.optional(), key: text.optional(), expand });
const searchParams = z.strictObject({ query: text, limit: listing.limit, page: text.optional(), expand });

export function paymentIntentRoutes(app: Hono<SimulatorEnv>, simulation: Simulation): void {
  const { store } = simulation;

  app.post('/v1/payment_intents', (c) => {
    const params = parseParams(createParams, c.get('params'));
    return c.json(expanded(store, createPaymentIntent(simulation, params), params.expand));
  });

  app.get('/v1/payment_intents', (c) => {
    const params = parseParams(z.strictObject(listing), c.get('params'));
    return c.json(
      expanded(store, listPage('/v1/payment_intents', store.all('payment_intents'), params), params.expand),
    );
  });

  app.get('/v1/payment_intents/search', (c) => {
    const params = parseParams(searchParams, c.get('params'));
    return c.json(expanded(store, searchPaymentIntents(simulation, params), params.expand));
  });

  app.get('/v1/payment_intents/:id', (c) => {
    const params = parseParams(retrieveParams, c.get('params'));
    const intent = requirePaymentIntent(simulation, c.req.param('id'));
    checkClientSecret(intent, params.client_secret);
    return c.json(expanded(store, visibleTo(c, intent), params.expand));
  });

  app.post('/v1/payment_intents/:id/confirm', (c) => {
    const params = parseParams(confirmParams, c.get('params'));
    checkClientSecret(requirePaymentIntent(simulation, c.req.param('id')), params.client_secret);
    const intent = confirmPaymentIntent(simulation, c.req.param('id'), {
      payment_method: params.payment_method,
      payment_method_type: params.payment_method_data?.type,
      return_url: params.return_url,
    });
    return c.json(expanded(store, visibleTo(c, intent), params.expand));
  });

  app.post('/v1/payment_intents/:id/capture', (c) => {
    const params = parseParams(captureParams, c.get('params'));
    const intent = capturePaymentIntent(simulation, c.req.param('id'), params.amount_to_capture);
    return c.json(expanded(store, intent, params.expand));
  });

  app.post('/v1/payment_intents/:id/cancel', (c) => {
    const params = parseParams(cancelParams, c.get('params'));
    const intent = cancelPaymentIntent(simulation, c.req.param('id'), params.cancellation_reason ?? null);
    return c.json(expanded(store, intent, params.expand));
  });
}
