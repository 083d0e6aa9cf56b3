/** POST /disputes/{id}/ship-replacement: the seller ships again under the same hold. */

import { createRoute, z } from '@hono/zod-openapi';
import { endpoint } from '../../endpoint.ts';
import { requireUser } from '../../middleware/auth.ts';
import { bearer, idempotencyKeyParameter, jsonBody } from '../../schemas/responses.ts';
import { idParams, line } from '../../schemas/values.ts';
import { changeDispute, changeResponses } from './command.ts';

const ShipReplacementSchema = z
  .strictObject({ carrier: line(100), trackingNumber: line(100) })
  .openapi('ShipReplacement', { example: { carrier: 'DHL', trackingNumber: 'JD014600004' } });

const route = createRoute({
  method: 'post',
  path: '/disputes/{id}/ship-replacement',
  tags: ['Disputes'],
  summary: 'Ship a replacement',
  security: bearer,
  middleware: requireUser,
  parameters: [idempotencyKeyParameter(false)],
  request: { params: idParams('dispute'), ...jsonBody(ShipReplacementSchema) },
  responses: changeResponses,
});

export const shipReplacementEndpoint = endpoint(route, (c) => {
  const body = c.req.valid('json');
  return changeDispute(c, {
    id: c.req.valid('param').id,
    body,
    toCommand: ({ actor }) => ({ kind: 'shipReplacement', actor, ...body }),
  });
});
