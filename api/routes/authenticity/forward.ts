/** POST /authenticity/{id}/forward: the goods are on their way to the buyer. */

import { createRoute, z } from '@hono/zod-openapi';
import { currentUser } from '../../context.ts';
import { endpoint } from '../../endpoint.ts';
import { requireUser } from '../../middleware/auth.ts';
import { bearer, idempotencyKeyParameter, jsonBody } from '../../schemas/responses.ts';
import { idParams, line } from '../../schemas/values.ts';
import { handledAuthenticity } from './access.ts';
import { authenticityLocation, changeAuthenticity, changeResponses } from './change.ts';

const ForwardSchema = z
  .strictObject({ carrier: line(100), trackingNumber: line(100) })
  .openapi('ForwardGoods', { example: { carrier: 'DHL', trackingNumber: 'JD014600004' } });

const route = createRoute({
  method: 'post',
  path: '/authenticity/{id}/forward',
  tags: ['Authenticity'],
  summary: 'Send the goods on to the buyer',
  security: bearer,
  middleware: requireUser,
  parameters: [idempotencyKeyParameter(false)],
  request: { params: idParams('escrow'), ...jsonBody(ForwardSchema) },
  responses: changeResponses,
});

export const forwardGoodsEndpoint = endpoint(route, async (c) => {
  const { id: escrowId } = c.req.valid('param');
  const body = c.req.valid('json');
  const { actor } = await handledAuthenticity(c.get('em'), escrowId, currentUser(c));
  const command = { kind: 'forward', actor, ...body } as const;
  return await changeAuthenticity(c, { escrowId, body, command, location: authenticityLocation(escrowId) });
});
