/** POST /markets/{id}/challenge: a forecaster says why the proposed outcome is wrong. */

import { createRoute, z } from '@hono/zod-openapi';
import { challengeUpdate } from '../../../workflows/market/contract.ts';
import { currentUser } from '../../context.ts';
import { endpoint } from '../../endpoint.ts';
import { requireUser } from '../../middleware/auth.ts';
import { bearer, idempotencyKeyParameter, jsonBody } from '../../schemas/responses.ts';
import { idParams, statement } from '../../schemas/values.ts';
import { changeMarket, changeResponses } from './change.ts';

const ChallengeResolutionSchema = z
  .strictObject({ reason: statement(2_000) })
  .openapi('ChallengeResolution', { example: { reason: 'The report that is quoted is about another month.' } });

const route = createRoute({
  method: 'post',
  path: '/markets/{id}/challenge',
  tags: ['Markets'],
  summary: 'Challenge a proposed outcome',
  description: 'For those with a forecast on the market, once, until the window ends. Then another moderator decides.',
  security: bearer,
  middleware: requireUser,
  parameters: [idempotencyKeyParameter(false)],
  request: { params: idParams('market'), ...jsonBody(ChallengeResolutionSchema) },
  responses: changeResponses,
});

export const challengeMarketEndpoint = endpoint(route, (c) => {
  const body = c.req.valid('json');
  const arg = { userId: currentUser(c).id, ...body };
  return changeMarket(c, { id: c.req.valid('param').id, body, def: challengeUpdate, arg });
});
