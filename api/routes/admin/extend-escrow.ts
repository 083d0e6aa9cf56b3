/** POST /admin/escrows/{id}/extend: moves the deadline of the present phase to a later instant, with a reason. */

import { createRoute, z } from '@hono/zod-openapi';
import { extendUpdate } from '../../../workflows/escrow/contract.ts';
import { endpoint } from '../../endpoint.ts';
import { requireAdmin } from '../../middleware/auth.ts';
import { bearer, idempotencyKeyParameter, jsonBody } from '../../schemas/responses.ts';
import { InstantInputSchema, idParams, line } from '../../schemas/values.ts';
import { changeEscrow, changeResponses } from './change-escrow.ts';

const ExtendSchema = z.strictObject({ until: InstantInputSchema, reason: line(500) }).openapi('Extend', {
  example: { until: '2026-03-15T12:00:00Z', reason: 'Carrier strike, agreed with both parties' },
});

const route = createRoute({
  method: 'post',
  path: '/admin/escrows/{id}/extend',
  tags: ['Administration'],
  summary: 'Extend a deadline',
  security: bearer,
  middleware: requireAdmin,
  parameters: [idempotencyKeyParameter(false)],
  request: { params: idParams('escrow'), ...jsonBody(ExtendSchema) },
  responses: changeResponses,
});

export const extendEscrowEndpoint = endpoint(route, (c) => {
  const body = c.req.valid('json');
  const until = new Date(body.until).toISOString();
  return changeEscrow(c, {
    id: c.req.valid('param').id,
    body,
    update: extendUpdate,
    toArg: (actor) => ({ actor, until, reason: body.reason }),
  });
});
