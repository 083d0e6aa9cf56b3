/** POST /disputes/{id}/withdraw: the buyer gives the complaint up; the hold goes on as before. */

import { createRoute } from '@hono/zod-openapi';
import { endpoint } from '../../endpoint.ts';
import { requireUser } from '../../middleware/auth.ts';
import { bearer, emptyBody, idempotencyKeyParameter } from '../../schemas/responses.ts';
import { idParams } from '../../schemas/values.ts';
import { changeDispute, changeResponses } from './command.ts';

const route = createRoute({
  method: 'post',
  path: '/disputes/{id}/withdraw',
  tags: ['Disputes'],
  summary: 'Withdraw a dispute',
  security: bearer,
  middleware: requireUser,
  parameters: [idempotencyKeyParameter(false)],
  request: { params: idParams('dispute'), body: emptyBody },
  responses: changeResponses,
});

export const withdrawDisputeEndpoint = endpoint(route, (c) =>
  changeDispute(c, {
    id: c.req.valid('param').id,
    body: {},
    toCommand: ({ actor }) => ({ kind: 'withdraw', actor }),
  }),
);
