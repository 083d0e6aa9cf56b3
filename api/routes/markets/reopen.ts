/** POST /markets/{id}/reopen: a moderator takes forecasts again. */

import { createRoute } from '@hono/zod-openapi';
import { reopenUpdate } from '../../../workflows/market/contract.ts';
import { currentUser } from '../../context.ts';
import { endpoint } from '../../endpoint.ts';
import { requireModerator } from '../../middleware/auth.ts';
import { bearer, emptyBody, idempotencyKeyParameter } from '../../schemas/responses.ts';
import { idParams } from '../../schemas/values.ts';
import { changeMarket, changeResponses } from './change.ts';

const route = createRoute({
  method: 'post',
  path: '/markets/{id}/reopen',
  tags: ['Markets'],
  summary: 'Reopen a suspended market',
  security: bearer,
  middleware: requireModerator,
  parameters: [idempotencyKeyParameter(false)],
  request: { params: idParams('market'), body: emptyBody },
  responses: changeResponses,
});

export const reopenMarketEndpoint = endpoint(route, (c) => {
  const arg = { moderatorId: currentUser(c).id };
  return changeMarket(c, { id: c.req.valid('param').id, body: {}, def: reopenUpdate, arg });
});
