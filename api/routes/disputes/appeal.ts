/** POST /disputes/{id}/appeal: a party asks, once, for somebody else to look at the decision. */

import { createRoute, z } from '@hono/zod-openapi';
import { endpoint } from '../../endpoint.ts';
import { requireUser } from '../../middleware/auth.ts';
import { bearer, idempotencyKeyParameter, jsonBody } from '../../schemas/responses.ts';
import { idParams, statement } from '../../schemas/values.ts';
import { changeDispute, changeResponses } from './command.ts';

const AppealSchema = z
  .strictObject({ reason: statement(4_000) })
  .openapi('AppealDispute', { example: { reason: 'The photo shows another mug than the one I received.' } });

const route = createRoute({
  method: 'post',
  path: '/disputes/{id}/appeal',
  tags: ['Disputes'],
  summary: 'Appeal against a decision',
  security: bearer,
  middleware: requireUser,
  parameters: [idempotencyKeyParameter(false)],
  request: { params: idParams('dispute'), ...jsonBody(AppealSchema) },
  responses: changeResponses,
});

export const appealDisputeEndpoint = endpoint(route, (c) => {
  const body = c.req.valid('json');
  return changeDispute(c, {
    id: c.req.valid('param').id,
    body,
    toCommand: ({ actor }) => ({ kind: 'appeal', actor, reason: body.reason }),
    statement: body.reason,
  });
});
