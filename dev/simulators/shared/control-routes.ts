/** /_control, as every simulator has it: what a test or a person may do from outside, in JSON. */

import type { Env, Hono } from 'hono';
import { z } from 'zod';
import type { WebhookBehaviour } from './behaviour.ts';
import { FAULT_ACTIONS, type FaultRule } from './fault-rules.ts';

const behaviourBody = z
  .strictObject({
    delayMs: z.number().min(0),
    copies: z.int().min(1).max(1000),
    shuffleMs: z.number().min(0),
    drop: z.union([z.int().min(0), z.literal('all')]),
  })
  .partial();
const faultBody = z.strictObject({
  method: z.string().optional(),
  path: z.string().optional(),
  times: z.int().min(1).optional(),
  when: z.enum(['before', 'after']),
  action: z.enum(FAULT_ACTIONS),
  waitMs: z.number().min(0).optional(),
});

/** What a simulator's control has whatever it simulates. */
export type SharedControl = {
  requests(): readonly object[];
  events(): readonly object[];
  resendEvent(id: string): object;
  webhooks(changes: Partial<WebhookBehaviour>): WebhookBehaviour;
  failNext(rule: FaultRule): void;
  clearFaults(): void;
  /** Answers with the clock's new time, epoch ms. */
  advanceClock(ms: number): number;
};

export function sharedControlRoutes<E extends Env>(app: Hono<E>, control: SharedControl): void {
  app.get('/_control/requests', (c) => c.json({ data: control.requests() }));
  app.get('/_control/events', (c) => c.json({ data: control.events() }));
  app.post('/_control/events/:id/resend', (c) => c.json(control.resendEvent(c.req.param('id'))));
  app.post('/_control/webhooks', async (c) => c.json(control.webhooks(behaviourBody.parse(await c.req.json()))));
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
}
