/** POST /admin/escrows/{id}/pause: stops every clock of a hold, with a reason. */

import { createRoute } from '@hono/zod-openapi';
import { pauseUpdate } from '../../../workflows/escrow/contract.ts';
import { endpoint } from '../../endpoint.ts';
import { requireAdmin } from '../../middleware/auth.ts';
import { bearer, idempotencyKeyParameter, jsonBody } from '../../schemas/responses.ts';
import { idParams } from '../../schemas/values.ts';
import { changeEscrow, changeResponses, ReasonSchema } from './change-escrow.ts';

const route = createRoute({
  method: 'post',
  path: '/admin/escrows/{id}/pause',
  tags: ['Administration'],
  summary: 'Pause a hold',
  security: bearer,
  middleware: requireAdmin,
  parameters: [idempotencyKeyParameter(false)],
  request: { params: idParams('escrow'), ...jsonBody(ReasonSchema) },
  responses: changeResponses,
});

export const pauseEscrowEndpoint = endpoint(route, (c) => {
  const body = c.req.valid('json');
  return changeEscrow(c, {
    id: c.req.valid('param').id,
    body,
    update: pauseUpdate,
    toArg: (actor) => ({ actor, ...body }),
  });
});
