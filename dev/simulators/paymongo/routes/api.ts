/** PayMongo's API under /v1, as far as wallets need it. Authentication and faults come first. */

import type { HttpBindings } from '@hono/node-server';
import type { Context, Hono } from 'hono';
import { z } from 'zod';
import {
  attachMethod,
  cancelIntent,
  createIntent,
  createMethod,
  lapseApprovals,
  requireIntent,
  requireMethod,
  withPayments,
} from '../engine/payment-intents.ts';
import { createRefund, requirePayment, requireRefund, withRefunds } from '../engine/refunds.ts';
import { WALLETS } from '../objects.ts';
import { PayMongoFault } from '../paymongo-fault.ts';
import type { Simulation } from '../simulation.ts';

export type SimulatorEnv = { Bindings: HttpBindings };

const metadata = z.record(z.string(), z.string()).optional();
const newIntent = z.object({
  amount: z.int(),
  currency: z.literal('PHP'),
  payment_method_allowed: z.array(z.enum([...WALLETS, 'card', 'grab_pay', 'qrph'])).min(1),
  capture_type: z.literal('automatic').optional(),
  description: z.string().max(255).optional(),
  metadata,
});
const newMethod = z.object({ type: z.string(), metadata });
const attachment = z.object({ payment_method: z.string(), return_url: z.url() });
const newRefund = z.object({
  amount: z.int(),
  payment_id: z.string(),
  reason: z.enum(['duplicate', 'fraudulent', 'requested_by_customer', 'others']),
  notes: z.string().max(255).optional(),
  metadata,
});

/** https://docs.paymongo.com/docs/payment-acceptance-errors-pipm; a refund is at least PHP 1. */
const LIMITS = { intent: { least: 2_000, most: 999_999_999 }, refund: { least: 100, most: 999_999_999 } } as const;

export function apiRoutes(app: Hono<SimulatorEnv>, simulation: Simulation): void {
  app.use('/v1/*', async (c, next) => {
    const [scheme, credentials = ''] = (c.req.header('Authorization') ?? '').split(' ');
    const key = scheme === 'Basic' ? Buffer.from(credentials, 'base64').toString() : '';
    if (!/^sk_test_\S+:$/.test(key)) throw new PayMongoFault(401, 'authentication_failed', 'The API key is invalid.');
    lapseApprovals(simulation);
    await next();
  });

  app.post('/v1/payment_intents', async (c) => {
    const asked = await attributesOf(c, newIntent);
    assertWithin(asked.amount, LIMITS.intent);
    return c.json({ data: withPayments(simulation, createIntent(simulation, asked)) });
  });
  app.get('/v1/payment_intents/:id', (c) => {
    return c.json({ data: withPayments(simulation, requireIntent(simulation, c.req.param('id'))) });
  });
  app.post('/v1/payment_intents/:id/attach', async (c) => {
    const { payment_method: method, return_url: returnUrl } = await attributesOf(c, attachment);
    return c.json({ data: withPayments(simulation, attachMethod(simulation, c.req.param('id'), method, returnUrl)) });
  });
  app.post('/v1/payment_intents/:id/cancel', (c) => {
    return c.json({ data: withPayments(simulation, cancelIntent(simulation, c.req.param('id'))) });
  });

  app.post('/v1/payment_methods', async (c) => {
    const asked = await attributesOf(c, newMethod);
    return c.json({ data: createMethod(simulation, asked.type, asked.metadata ?? null) });
  });
  app.get('/v1/payment_methods/:id', (c) => c.json({ data: requireMethod(simulation, c.req.param('id')) }));

  app.get('/v1/payments/:id', (c) => {
    return c.json({ data: withRefunds(simulation, requirePayment(simulation, c.req.param('id'))) });
  });

  app.post('/v1/refunds', async (c) => {
    const asked = await attributesOf(c, newRefund);
    assertWithin(asked.amount, LIMITS.refund);
    return c.json({ data: createRefund(simulation, asked) });
  });
  app.get('/v1/refunds/:id', (c) => c.json({ data: requireRefund(simulation, c.req.param('id')) }));
}

/** What is in `data.attributes`; 400 with the first field that is wrong. */
async function attributesOf<T>(c: Context, schema: z.ZodType<T>): Promise<T> {
  const body: unknown = await c.req.json().catch(() => null);
  const read = z.object({ data: z.object({ attributes: schema }) }).safeParse(body);
  if (read.success) return read.data.data.attributes;
  const [issue] = read.error.issues;
  const attribute = issue?.path.slice(2).join('.') || 'data';
  throw new PayMongoFault(400, 'parameter_invalid', `${attribute}: ${issue?.message ?? 'invalid'}`, attribute);
}

function assertWithin(amount: number, { least, most }: { least: number; most: number }): void {
  if (amount < least) {
    throw new PayMongoFault(400, 'parameter_below_minimum', `The minimum value for the amount is ${least}.`, 'amount');
  }
  if (amount > most) {
    const detail = `The maximum value for the amount cannot be greater than ${most}.`;
    throw new PayMongoFault(400, 'parameter_above_maximum', detail, 'amount');
  }
}
