/** /_control: what a test or a person may do to the simulator from outside, in JSON. */

import type { Hono } from 'hono';
import { z } from 'zod';
import { sharedControlRoutes } from '../../shared/control-routes.ts';
import type { SimulatorControl } from '../control.ts';
import type { SimulatorEnv } from '../http/env.ts';

const endpointBody = z.strictObject({
  url: z.url(),
  secrets: z.array(z.string().min(1)).min(1),
  enabledEvents: z.array(z.string()).optional(),
});
const disputeBody = z.strictObject({
  paymentIntent: z.string(),
  amount: z.int().min(1).optional(),
  reason: z.string().min(1).max(50).optional(),
  dueInMs: z.number().min(0).optional(),
});
const balanceBody = z.strictObject({ account: z.string(), currency: z.string(), amount: z.int() });

export function controlRoutes(app: Hono<SimulatorEnv>, control: SimulatorControl): void {
  sharedControlRoutes(app, control);
  app.delete('/_control/requests', (c) => {
    control.clearRequests();
    return c.body(null, 204);
  });

  app.get('/_control/webhooks', (c) => c.json({ behaviour: control.webhooks({}), endpoints: control.endpointUrls() }));
  app.post('/_control/webhook-endpoints', async (c) => {
    control.addWebhookEndpoint(endpointBody.parse(await c.req.json()));
    return c.json({ endpoints: control.endpointUrls() }, 201);
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
