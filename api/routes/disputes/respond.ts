/** POST /disputes/{id}/respond: the seller's answer to the complaint; a reviewer takes it from here. */

import { createRoute, z } from '@hono/zod-openapi';
import { endpoint } from '../../endpoint.ts';
import { requireUser } from '../../middleware/auth.ts';
import { bearer, idempotencyKeyParameter, jsonBody } from '../../schemas/responses.ts';
import { idParams, statement } from '../../schemas/values.ts';
import { changeDispute, changeResponses } from './command.ts';

const RespondSchema = z
  .strictObject({ text: statement(4_000) })
  .openapi('RespondToDispute', { example: { text: 'The parcel was packed as in the photo.' } });

const route = createRoute({
  method: 'post',
  path: '/disputes/{id}/respond',
  tags: ['Disputes'],
  summary: 'Respond to a dispute',
  security: bearer,
  middleware: requireUser,
  parameters: [idempotencyKeyParameter(false)],
  request: { params: idParams('dispute'), ...jsonBody(RespondSchema) },
  responses: changeResponses,
});

export const respondToDisputeEndpoint = endpoint(route, (c) => {
  const body = c.req.valid('json');
  return changeDispute(c, {
    id: c.req.valid('param').id,
    body,
    toCommand: ({ actor }) => ({ kind: 'respond', actor, text: body.text }),
    statement: body.text,
  });
});
