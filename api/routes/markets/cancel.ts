/** POST /markets/{id}/cancel: a moderator calls the market off, and every stake goes back. */

import { createRoute, z } from '@hono/zod-openapi';
import { cancelMarketUpdate } from '../../../workflows/market/contract.ts';
import { currentUser } from '../../context.ts';
import { endpoint } from '../../endpoint.ts';
import { requireModerator } from '../../middleware/auth.ts';
import { bearer, idempotencyKeyParameter, jsonBody } from '../../schemas/responses.ts';
import { idParams, statement } from '../../schemas/values.ts';
import { changeMarket, changeResponses } from './change.ts';

const CancelMarketSchema = z
  .strictObject({ reason: statement(2_000) })
  .openapi('CancelMarket', { example: { reason: 'The event was called off.' } });

const route = createRoute({
  method: 'post',
  path: '/markets/{id}/cancel',
  tags: ['Markets'],
  summary: 'Cancel a market',
  description: 'Every stake goes back. Possible until the outcome is final; not for who has a forecast on it.',
  security: bearer,
  middleware: requireModerator,
  parameters: [idempotencyKeyParameter(false)],
  request: { params: idParams('market'), ...jsonBody(CancelMarketSchema) },
  responses: changeResponses,
});

export const cancelMarketEndpoint = endpoint(route, (c) => {
  const body = c.req.valid('json');
  const arg = { moderatorId: currentUser(c).id, ...body };
  return changeMarket(c, { id: c.req.valid('param').id, body, def: cancelMarketUpdate, arg });
});
