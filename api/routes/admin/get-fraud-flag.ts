/** GET /admin/fraud-flags/{id}: one flag with its evidence, every decision about it, and the account's other flags. */

import { createRoute } from '@hono/zod-openapi';
import { findFlag } from '../../../db/fraud/reviews.ts';
import { endpoint } from '../../endpoint.ts';
import { ApiError } from '../../errors.ts';
import { requireModerator } from '../../middleware/auth.ts';
import { FraudFlagFileSchema, toFraudFlagFile } from '../../resources/fraud-flag.ts';
import { bearer, json, problems } from '../../schemas/responses.ts';
import { idParams } from '../../schemas/values.ts';

const route = createRoute({
  method: 'get',
  path: '/admin/fraud-flags/{id}',
  tags: ['Moderation'],
  summary: 'Show a fraud flag',
  security: bearer,
  middleware: requireModerator,
  request: { params: idParams('flag') },
  responses: { 200: json(FraudFlagFileSchema, 'The flag'), ...problems(401, 403, 404) },
});

export const getFraudFlagEndpoint = endpoint(route, async (c) => {
  const file = await findFlag(c.get('em'), c.req.valid('param').id);
  if (!file) throw new ApiError('flag_not_found');
  return c.json(toFraudFlagFile(file), 200);
});
