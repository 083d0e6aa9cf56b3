/** POST /markets/{id}/decision: after a challenge, another moderator says what the outcome is. */

import { createRoute, z } from '@hono/zod-openapi';
import { decideUpdate } from '../../../workflows/market/contract.ts';
import { currentUser } from '../../context.ts';
import { endpoint } from '../../endpoint.ts';
import { requireModerator } from '../../middleware/auth.ts';
import { bearer, idempotencyKeyParameter, jsonBody } from '../../schemas/responses.ts';
import { exampleId, idParams, idSchema, statement } from '../../schemas/values.ts';
import { changeMarket, changeResponses } from './change.ts';

const DecisionSchema = z
  .strictObject({ outcomeId: idSchema('outcome'), note: statement(4_000) })
  .openapi('DecideChallenge', {
    example: { outcomeId: exampleId('outcome'), note: 'The challenge is right: the report was about April.' },
  });

const route = createRoute({
  method: 'post',
  path: '/markets/{id}/decision',
  tags: ['Markets'],
  summary: 'Decide a challenge',
  description:
    'The outcome is final with it. For another moderator than the one who proposed, without a forecast on the market.',
  security: bearer,
  middleware: requireModerator,
  parameters: [idempotencyKeyParameter(false)],
  request: { params: idParams('market'), ...jsonBody(DecisionSchema) },
  responses: changeResponses,
});

export const decideChallengeEndpoint = endpoint(route, (c) => {
  const body = c.req.valid('json');
  const arg = { moderatorId: currentUser(c).id, ...body };
  return changeMarket(c, { id: c.req.valid('param').id, body, def: decideUpdate, arg });
});
