/** POST /disputes/{id}/send-return: the buyer has sent the goods back. */

import { createRoute } from '@hono/zod-openapi';
import { endpoint } from '../../endpoint.ts';
import { requireUser } from '../../middleware/auth.ts';
import { bearer, emptyBody, idempotencyKeyParameter } from '../../schemas/responses.ts';
import { idParams } from '../../schemas/values.ts';
import { changeDispute, changeResponses } from './command.ts';

const route = createRoute({
  method: 'post',
  path: '/disputes/{id}/send-return',
  tags: ['Disputes'],
  summary: 'Say that the goods are on their way back',
  security: bearer,
  middleware: requireUser,
  parameters: [idempotencyKeyParameter(false)],
  request: { params: idParams('dispute'), body: emptyBody },
  responses: changeResponses,
});

export const sendReturnEndpoint = endpoint(route, (c) =>
  changeDispute(c, {
    id: c.req.valid('param').id,
    body: {},
    toCommand: ({ actor }) => ({ kind: 'sendReturn', actor }),
  }),
);
