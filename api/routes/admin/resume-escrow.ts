/** POST /admin/escrows/{id}/resume: starts the clocks of a hold again, with a reason. */

import { createRoute } from '@hono/zod-openapi';
import { resumeUpdate } from '../../../workflows/escrow/contract.ts';
import { endpoint } from '../../endpoint.ts';
import { requireAdmin } from '../../middleware/auth.ts';
import { bearer, idempotencyKeyParameter, jsonBody } from '../../schemas/responses.ts';
import { idParams } from '../../schemas/values.ts';
import { changeEscrow, changeResponses, ReasonSchema } from './change-escrow.ts';

const route = createRoute({
  method: 'post',
  path: '/admin/escrows/{id}/resume',
  tags: ['Administration'],
  summary: 'Resume a hold',
  security: bearer,
  middleware: requireAdmin,
  parameters: [idempotencyKeyParameter(false)],
  request: { params: idParams('escrow'), ...jsonBody(ReasonSchema) },
  responses: changeResponses,
});

export const resumeEscrowEndpoint = endpoint(route, (c) => {
  const body = c.req.valid('json');
  return changeEscrow(c, {
    id: c.req.valid('param').id,
    body,
    update: resumeUpdate,
    toArg: (actor) => ({ actor, ...body }),
  });
});
