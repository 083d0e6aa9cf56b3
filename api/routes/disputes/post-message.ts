/** POST /disputes/{id}/messages: a party or a reviewer says something while the outcome is open. */

import { createRoute, z } from '@hono/zod-openapi';
import { derivedId } from '../../../db/new-id.ts';
import { addMessage } from '../../../db/repositories/dispute-entries.ts';
import { currentUser } from '../../context.ts';
import { endpoint } from '../../endpoint.ts';
import { idempotent } from '../../idempotency.ts';
import { requireUser } from '../../middleware/auth.ts';
import { DisputeMessageSchema, toMessage } from '../../resources/dispute-file.ts';
import { bearer, idempotencyKeyParameter, json, jsonBody, problems } from '../../schemas/responses.ts';
import { idParams, statement } from '../../schemas/values.ts';
import { addedTo, visibleDispute } from './access.ts';

const PostMessageSchema = z
  .strictObject({ body: statement(4_000) })
  .openapi('PostDisputeMessage', { example: { body: 'The other mug is fine.' } });

const route = createRoute({
  method: 'post',
  path: '/disputes/{id}/messages',
  tags: ['Disputes'],
  summary: 'Write a message',
  security: bearer,
  middleware: requireUser,
  parameters: [idempotencyKeyParameter(false)],
  request: { params: idParams('dispute'), ...jsonBody(PostMessageSchema) },
  responses: {
    201: json(z.strictObject({ message: DisputeMessageSchema }), 'The message'),
    ...problems(400, 401, 403, 404, 409, 415, 422, 503),
  },
});

export const postMessageEndpoint = endpoint(route, async (c) => {
  const em = c.get('em');
  const { body } = c.req.valid('json');
  const { dispute, actor } = await visibleDispute(em, c.req.valid('param').id, currentUser(c));
  return await idempotent(c, { body }, { required: false }, async ({ updateId }) => {
    const id = derivedId('message', dispute.id, updateId);
    const { added } = addedTo(await addMessage(em, { id, disputeId: dispute.id, author: actor, body }));
    return c.json({ message: toMessage(added, actor.role) }, 201);
  });
});
