/** POST /admin/escrows/{id}/refund: refunds a hold to the buyer, with a reason. */

import { createRoute } from '@hono/zod-openapi';
import { refundUpdate } from '../../../workflows/escrow/contract.ts';
import { endpoint } from '../../endpoint.ts';
import { requireAdmin } from '../../middleware/auth.ts';
import { bearer, idempotencyKeyParameter, jsonBody } from '../../schemas/responses.ts';
import { idParams } from '../../schemas/values.ts';
import { changeEscrow, changeResponses, ReasonSchema } from './change-escrow.ts';

const route = createRoute({
  method: 'post',
  path: '/admin/escrows/{id}/refund',
  tags: ['Administration'],
  summary: 'Refund a hold',
  security: bearer,
  middleware: requireAdmin,
  parameters: [idempotencyKeyParameter(false)],
  request: { params: idParams('escrow'), ...jsonBody(ReasonSchema) },
  responses: changeResponses,
});

export const refundEscrowEndpoint = endpoint(route, (c) => {
  const body = c.req.valid('json');
  return changeEscrow(c, {
    id: c.req.valid('param').id,
    body,
    update: refundUpdate,
    toArg: (actor) => ({ actor, ...body }),
  });
});
