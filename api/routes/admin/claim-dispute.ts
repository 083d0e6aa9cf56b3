/** POST /admin/disputes/{id}/claim: a reviewer takes a case on; nobody else decides it until it goes to review. */

import { createRoute } from '@hono/zod-openapi';
import { endpoint } from '../../endpoint.ts';
import { requireUser } from '../../middleware/auth.ts';
import { bearer, emptyBody, idempotencyKeyParameter } from '../../schemas/responses.ts';
import { idParams } from '../../schemas/values.ts';
import { changeResponses } from '../disputes/command.ts';
import { reviewDispute } from './review-dispute.ts';

const route = createRoute({
  method: 'post',
  path: '/admin/disputes/{id}/claim',
  tags: ['Administration'],
  summary: 'Claim a dispute',
  security: bearer,
  middleware: requireUser,
  parameters: [idempotencyKeyParameter(false)],
  request: { params: idParams('dispute'), body: emptyBody },
  responses: changeResponses,
});

export const claimDisputeEndpoint = endpoint(route, (c) =>
  reviewDispute(c, {
    id: c.req.valid('param').id,
    body: {},
    toCommand: ({ actor }) => ({ kind: 'claim', actor }),
  }),
);
