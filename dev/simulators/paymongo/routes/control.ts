/** /_control: what a test or a person may do to the simulator from outside, in JSON. */

import type { Hono } from 'hono';
import { z } from 'zod';
import { FAULT_ACTIONS } from '../../shared/fault-rules.ts';
import type { SimulatorControl } from '../control.ts';
import type { SimulatorEnv } from './api.ts';

const behaviourBody = z
  .strictObject({
    delayMs: z.number().min(0),
    copies: z.int().min(1).max(1000),
    shuffleMs: z.number().min(0),
    drop: z.union([z.int().min(0), z.literal('all')]),
  })
  .partial();
const settingsBody = z.strictObject({ cancelsWhileWaiting: z.boolean(), refundsPend: z.boolean() }).partial();
const faultBody = z.strictObject({
  method: z.string().optional(),
  path: z.string().optional(),
  times: z.int().min(1).optional(),
  when: z.enum(['before', 'after']),
  action: z.enum(FAULT_ACTIONS),
  waitMs: z.number().min(0).optional(),
});
const refundBody = z.strictObject({ payment: z.string(), amount: z.int().min(1).optional() });

export function controlRoutes(app: Hono<SimulatorEnv>, control: SimulatorControl): void {
  app.get('/_control/requests', (c) => c.json({ data: control.requests() }));
  app.get('/_control/events', (c) => c.json({ data: control.events() }));
  app.post('/_control/events/:id/resend', (c) => c.json(control.resendEvent(c.req.param('id'))));
  app.post('/_control/webhooks', async (c) => c.json(control.webhooks(behaviourBody.parse(await c.req.json()))));
  app.post('/_control/settings', async (c) => c.json(control.configure(settingsBody.parse(await c.req.json()))));
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
  app.post('/_control/refunds', async (c) => c.json(control.refund(refundBody.parse(await c.req.json())), 201));
  app.post('/_control/refunds/:id/settle', async (c) => {
    const { status } = z.strictObject({ status: z.enum(['succeeded', 'failed']) }).parse(await c.req.json());
    return c.json(control.settleRefund(c.req.param('id'), status));
  });
}
