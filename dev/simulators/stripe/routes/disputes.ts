/** /v1/disputes */

import type { Hono } from 'hono';
import { z } from 'zod';
import { closeDispute, requireDispute, updateDispute } from '../engine/disputes.ts';
import type { SimulatorEnv } from '../http/env.ts';
import { expanded, listPage } from '../http/lists.ts';
import { expand, listing, metadata, parseParams, text } from '../http/params.ts';
import type { Simulation } from '../simulation.ts';
import { invalidParameter } from '../stripe-fault.ts';

/** All of Stripe's fields that take text or the id of a file; their combined length is limited. */
const EVIDENCE_FIELDS = [
  'access_activity_log',
  'billing_address',
  'cancellation_policy',
  'cancellation_policy_disclosure',
  'cancellation_rebuttal',
  'customer_communication',
  'customer_email_address',
  'customer_name',
  'customer_purchase_ip',
  'customer_signature',
  'duplicate_charge_documentation',
  'duplicate_charge_explanation',
  'duplicate_charge_id',
  'product_description',
  'receipt',
  'refund_policy',
  'refund_policy_disclosure',
  'refund_refusal_explanation',
  'service_date',
  'service_documentation',
  'shipping_address',
  'shipping_carrier',
  'shipping_date',
  'shipping_documentation',
  'shipping_tracking_number',
  'uncategorized_file',
  'uncategorized_text',
] as const;
const EVIDENCE_CHARS_MAX = 150_000;

/** Each text may have 20,000 characters (docs.stripe.com/api/disputes/update). */
const evidence = z.partialRecord(z.enum(EVIDENCE_FIELDS), z.string().max(20_000));
const updateParams = z.strictObject({
  evidence: evidence.optional(),
  metadata: metadata.optional(),
  submit: z.enum(['true', 'false']).optional(),
  expand,
});
const disputeListing = z.strictObject({ ...listing, charge: text.optional(), payment_intent: text.optional() });

export function disputeRoutes(app: Hono<SimulatorEnv>, simulation: Simulation): void {
  const { store } = simulation;

  app.get('/v1/disputes', (c) => {
    const params = parseParams(disputeListing, c.get('params'));
    const rows = store
      .all('disputes')
      .filter(({ charge }) => params.charge === undefined || charge === params.charge)
      .filter(({ payment_intent: id }) => params.payment_intent === undefined || id === params.payment_intent);
    return c.json(expanded(store, listPage('/v1/disputes', rows, params), params.expand));
  });

  app.get('/v1/disputes/:id', (c) => {
    const params = parseParams(z.strictObject({ expand }), c.get('params'));
    return c.json(expanded(store, requireDispute(simulation, c.req.param('id')), params.expand));
  });

  app.post('/v1/disputes/:id', (c) => {
    const params = parseParams(updateParams, c.get('params'));
    const chars = Object.values(params.evidence ?? {}).reduce((sum, value) => sum + value.length, 0);
    if (chars > EVIDENCE_CHARS_MAX)
      throw invalidParameter('parameter_invalid', 'The evidence is too long.', 'evidence');
    const updated = updateDispute(simulation, c.req.param('id'), {
      evidence: params.evidence,
      submit: params.submit !== 'false',
    });
    return c.json(expanded(store, updated, params.expand));
  });

  /** Stripe's `close`: we give in, and the dispute is lost. */
  app.post('/v1/disputes/:id/close', (c) => c.json(closeDispute(simulation, c.req.param('id'), 'lost')));
}
