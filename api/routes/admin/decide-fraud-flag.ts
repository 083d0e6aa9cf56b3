/** POST /admin/fraud-flags/{id}/decision: a person clears a flag, limits or suspends the account, or lifts that later. */

import { createRoute, z } from '@hono/zod-openapi';
import { decideFlag, findFlag } from '../../../db/fraud/reviews.ts';
import { REVIEW_OUTCOMES } from '../../../domain/fraud/review.ts';
import { currentUser, isAdmin } from '../../context.ts';
import { endpoint } from '../../endpoint.ts';
import { ApiError } from '../../errors.ts';
import { idempotent } from '../../idempotency.ts';
import { requireModerator } from '../../middleware/auth.ts';
import { FraudFlagFileSchema, toFraudFlagFile } from '../../resources/fraud-flag.ts';
import { bearer, idempotencyKeyParameter, json, jsonBody, problems } from '../../schemas/responses.ts';
import { idParams, statement } from '../../schemas/values.ts';

const MAX_NOTE_CHARS = 2_000;

const RequestSchema = z
  .strictObject({ outcome: z.enum(REVIEW_OUTCOMES), note: statement(MAX_NOTE_CHARS) })
  .openapi('FraudDecision', { example: { outcome: 'limit', note: 'Both accounts are hers; she has been told.' } });

const route = createRoute({
  method: 'post',
  path: '/admin/fraud-flags/{id}/decision',
  tags: ['Moderation'],
  summary: 'Decide about a fraud flag',
  description:
    '`clear`: nothing is wrong. `limit`: stakes stay small and nothing is bought. `suspend`: signed out, at once. ' +
    '`lift`: what a decided flag led to ends, unless another flag stands for it.',
  security: bearer,
  middleware: requireModerator,
  parameters: [idempotencyKeyParameter(false)],
  request: { params: idParams('flag'), ...jsonBody(RequestSchema) },
  responses: { 200: json(FraudFlagFileSchema, 'The flag, decided'), ...problems(400, 401, 403, 404, 409, 415, 422) },
});

export const decideFraudFlagEndpoint = endpoint(route, async (c) => {
  const { id: flagId } = c.req.valid('param');
  const body = c.req.valid('json');
  const user = currentUser(c);
  return await idempotent(c, body, { required: false }, async () => {
    const em = c.get('em');
    const decided = await decideFlag(em, { flagId, reviewer: { id: user.id, isAdmin: isAdmin(user) }, ...body });
    if (decided?.refused) throw new ApiError(decided.refused.code, { detail: decided.refused.message });
    const file = decided && (await findFlag(em, flagId));
    if (!file) throw new ApiError('flag_not_found');
    return c.json(toFraudFlagFile(file), 200);
  });
});
