/** POST /disputes/{id}/confirm-return: the seller has the goods back; the buyer is refunded. */

import { createRoute } from '@hono/zod-openapi';
import { endpoint } from '../../endpoint.ts';
import { requireUser } from '../../middleware/auth.ts';
import { bearer, emptyBody, idempotencyKeyParameter } from '../../schemas/responses.ts';
import { idParams } from '../../schemas/values.ts';
import { changeDispute, changeResponses } from './command.ts';

const route = createRoute({
  method: 'post',
  path: '/disputes/{id}/confirm-return',
  tags: ['Disputes'],
  summary: 'Confirm goods that came back',
  security: bearer,
  middleware: requireUser,
  parameters: [idempotencyKeyParameter(false)],
  request: { params: idParams('dispute'), body: emptyBody },
  responses: changeResponses,
});

export const confirmReturnEndpoint = endpoint(route, (c) =>
  changeDispute(c, {
    id: c.req.valid('param').id,
    body: {},
    toCommand: ({ actor }) => ({ kind: 'confirmReturn', actor }),
  }),
);
