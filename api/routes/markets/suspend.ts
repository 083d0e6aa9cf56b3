/** POST /markets/{id}/suspend: a moderator stops forecasts for the time being. */

import { createRoute, z } from '@hono/zod-openapi';
import { suspendUpdate } from '../../../workflows/market/contract.ts';
import { currentUser } from '../../context.ts';
import { endpoint } from '../../endpoint.ts';
import { requireModerator } from '../../middleware/auth.ts';
import { bearer, idempotencyKeyParameter, jsonBody } from '../../schemas/responses.ts';
import { idParams, statement } from '../../schemas/values.ts';
import { changeMarket, changeResponses } from './change.ts';

const SuspendMarketSchema = z
  .strictObject({ reason: statement(2_000) })
  .openapi('SuspendMarket', { example: { reason: 'The question can be read in two ways; we are asking its author.' } });

const route = createRoute({
  method: 'post',
  path: '/markets/{id}/suspend',
  tags: ['Markets'],
  summary: 'Suspend a market',
  description: 'No forecasts are taken until it is reopened. It closes at its time all the same.',
  security: bearer,
  middleware: requireModerator,
  parameters: [idempotencyKeyParameter(false)],
  request: { params: idParams('market'), ...jsonBody(SuspendMarketSchema) },
  responses: changeResponses,
});

export const suspendMarketEndpoint = endpoint(route, (c) => {
  const body = c.req.valid('json');
  const arg = { moderatorId: currentUser(c).id, ...body };
  return changeMarket(c, { id: c.req.valid('param').id, body, def: suspendUpdate, arg });
});
