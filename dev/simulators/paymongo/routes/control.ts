/** /_control: what a test or a person may do to the simulator from outside, in JSON. */

import type { Hono } from 'hono';
import { z } from 'zod';
import { sharedControlRoutes } from '../../shared/control-routes.ts';
import type { SimulatorControl } from '../control.ts';
import type { SimulatorEnv } from './api.ts';

const settingsBody = z.strictObject({ cancelsWhileWaiting: z.boolean(), refundsPend: z.boolean() }).partial();
const refundBody = z.strictObject({ payment: z.string(), amount: z.int().min(1).optional() });

export function controlRoutes(app: Hono<SimulatorEnv>, control: SimulatorControl): void {
  sharedControlRoutes(app, control);
  app.post('/_control/settings', async (c) => c.json(control.configure(settingsBody.parse(await c.req.json()))));
  app.post('/_control/refunds', async (c) => c.json(control.refund(refundBody.parse(await c.req.json())), 201));
  app.post('/_control/refunds/:id/settle', async (c) => {
    const { status } = z.strictObject({ status: z.enum(['succeeded', 'failed']) }).parse(await c.req.json());
    return c.json(control.settleRefund(c.req.param('id'), status));
  });
}
