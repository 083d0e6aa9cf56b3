/** POST /authenticity/{id}/receive: the assigned verifier has the goods. */

import { createRoute, z } from '@hono/zod-openapi';
import { currentUser } from '../../context.ts';
import { endpoint } from '../../endpoint.ts';
import { requireUser } from '../../middleware/auth.ts';
import { bearer, idempotencyKeyParameter } from '../../schemas/responses.ts';
import { idParams, line, text } from '../../schemas/values.ts';
import { handledAuthenticity } from './access.ts';
import { authenticityLocation, changeAuthenticity, changeResponses } from './change.ts';

const ReceiveSchema = z
  .strictObject({ location: line(200).optional(), note: text(2_000).optional() })
  .openapi('ReceiveGoods', { example: { location: 'Lyon', note: 'Sealed, no damage to the parcel' } });

const route = createRoute({
  method: 'post',
  path: '/authenticity/{id}/receive',
  tags: ['Authenticity'],
  summary: 'Receive the goods',
  security: bearer,
  middleware: requireUser,
  parameters: [idempotencyKeyParameter(false)],
  request: {
    params: idParams('escrow'),
    body: { required: false, content: { 'application/json': { schema: ReceiveSchema } } },
  },
  responses: changeResponses,
});

export const receiveGoodsEndpoint = endpoint(route, async (c) => {
  const { id: escrowId } = c.req.valid('param');
  const body = c.req.valid('json');
  const { actor } = await handledAuthenticity(c.get('em'), escrowId, currentUser(c));
  const { location = null, note = null } = body;
  const command = { kind: 'receive', actor, location, note } as const;
  return await changeAuthenticity(c, { escrowId, body, command, location: authenticityLocation(escrowId) });
});
