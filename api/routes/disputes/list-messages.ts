/** GET /disputes/{id}/messages: all that was said in a dispute, oldest first. */

import { createRoute, z } from '@hono/zod-openapi';
import { listMessages } from '../../../db/repositories/dispute-file.ts';
import { currentUser } from '../../context.ts';
import { endpoint } from '../../endpoint.ts';
import { requireUser } from '../../middleware/auth.ts';
import { DisputeMessageSchema, toMessage } from '../../resources/dispute-file.ts';
import { cursorQuery } from '../../schemas/pages.ts';
import { bearer, json, problems } from '../../schemas/responses.ts';
import { idParams, idSchema } from '../../schemas/values.ts';
import { visibleDispute } from './access.ts';

const MessagesSchema = z.strictObject({ data: z.array(DisputeMessageSchema), nextCursor: z.string().nullable() });

const route = createRoute({
  method: 'get',
  path: '/disputes/{id}/messages',
  tags: ['Disputes'],
  summary: 'Read the messages',
  description: 'What was said with a request (opening, responding, appealing, deciding) is among them.',
  security: bearer,
  middleware: requireUser,
  request: {
    params: idParams('dispute'),
    query: z.strictObject({ ...cursorQuery, cursor: idSchema('message').optional() }),
  },
  responses: { 200: json(MessagesSchema, 'The messages, oldest first'), ...problems(401, 404, 422) },
});

export const listMessagesEndpoint = endpoint(route, async (c) => {
  const em = c.get('em');
  const { cursor = null, limit } = c.req.valid('query');
  const { dispute, actor } = await visibleDispute(em, c.req.valid('param').id, currentUser(c));
  const rows = await listMessages(em, dispute.id, { after: cursor, limit: limit + 1 });
  const page = rows.slice(0, limit);
  const last = rows.length > limit ? page.at(-1) : undefined;
  return c.json({ data: page.map((row) => toMessage(row, actor.role)), nextCursor: last?.id ?? null }, 200);
});
