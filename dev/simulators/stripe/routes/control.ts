/** /_control: what a test or a person may do to the simulator from outside, in JSON. */

import type { Hono } from 'hono';
import { z } from 'zod';
import { FAULT_ACTIONS } from '../../shared/fault-rules.ts';
import type { SimulatorControl } from '../control.ts';
import type { SimulatorEnv } from '../http/env.ts';

const behaviourBody = z
  .strictObject({
    delayMs: z.number().min(0),
    copies: z.int().min(1).max(1000),
    shuffleMs: z.number().min(0),
    drop: z.union([z.int().min(0), z.literal('all')]),
  })
  .partial();
const endpointBody = z.strictObject({
  url: z.url(),
  secrets: z.array(z.string().min(1)).min(1),
  enabledEvents: z.array(z.string()).optional(),
});
const faultBody = z.strictObject({
  method: z.string().optional(),
  path: z.string().optional(),
  times: z.int().min(1).optional(),
  when: z.enum(['before', 'after']),
  action: z.enum(FAULT_ACTIONS),
  waitMs: z.number().min(0).optional(),
});
const disputeBody = z.strictObject({
  paymentIntent: z.string(),
  amount: z.int().min(1).optional(),
  reason: z.string().min(1).max(50).optional(),
  dueInMs: z.number().min(0).optional(),
});
const balanceBody = z.strictObject({ account: z.string(), currency: z.string(), amount: z.int() });

export function controlRoutes(app: Hono<SimulatorEnv>, control: SimulatorControl): void {
  app.get('/_control/requests', (c) => c.json({ data: control.requests() }));
  app.delete('/_control/requests', (c) => {
    control.clearRequests();
    return c.body(null, 204);
  });

  app.get('/_control/events', (c) => c.json({ data: control.events() }));
  app.post('/_control/events/:id/resend', (c) => c.json(control.resendEvent(c.req.param('id'))));

  app.get('/_control/webhooks', (c) => c.json({ behaviour: control.webhooks({}), endpoints: control.endpointUrls() }));
  app.post('/_control/webhooks', async (c) => c.json(control.webhooks(behaviourBody.parse(await c.req.json()))));
  app.post('/_control/webhook-endpoints', async (c) => {
    control.addWebhookEndpoint(endpointBody.parse(await c.req.json()));
    return c.json({ endpoints: control.endpointUrls() }, 201);
  });

  app.post('/_control/faults', async (c) => {
    control.failNext(faultBody.parse(await c.req.json()));
    return c.body(null, 204);
  });
  app.delete('/_control/faults', (c) => {
    control.clearFaults();
    return c.body(null, 204);
  });

  app.post('/_control/clock', async (c) => {
    const { advanceMs } = z.strictObject({ advanceMs: z.number().min(0) }).parse(await c.req.json());
    return c.json({ now: new Date(control.advanceClock(advanceMs)).toISOString() });
  });

  app.post('/_control/balances', async (c) => {
    control.addBalance(balanceBody.parse(await c.req.json()));
    return c.body(null, 204);
  });

  app.post('/_control/payment_intents/:id/authenticate', async (c) => {
    const { approved } = z.strictObject({ approved: z.boolean() }).parse(await c.req.json());
    return c.json(control.authenticate(c.req.param('id'), approved));
  });

  app.post('/_control/refunds/:id/fail', (c) => c.json(control.failRefund(c.req.param('id'))));

  app.post('/_control/disputes', async (c) => c.json(control.openDispute(disputeBody.parse(await c.req.json())), 201));
  app.post('/_control/disputes/:id/close', async (c) => {
    const { status } = z.strictObject({ status: z.enum(['won', 'lost']) }).parse(await c.req.json());
    return c.json(control.closeDispute(c.req.param('id'), status));
  });

  app.post('/_control/accounts/:id/empty', (c) => {
    control.emptyConnectedAccount(c.req.param('id'));
    return c.body(null, 204);
  });

  app.post('/_control/accounts/:id', async (c) => {
    const body = z.strictObject({ transfers: z.enum(['active', 'inactive', 'pending']) }).parse(await c.req.json());
    return c.json(control.setTransfersCapability(c.req.param('id'), body.transfers));
  });
}
