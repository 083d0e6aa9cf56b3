/** GET /users/{id}: what somebody's forecasts have made of them, for everyone. */

import { createRoute } from '@hono/zod-openapi';
import { loadProfile } from '../../../db/forecasters/profiles.ts';
import { endpoint } from '../../endpoint.ts';
import { ApiError } from '../../errors.ts';
import { publicCache } from '../../middleware/public-cache.ts';
import { ProfileSchema, toProfile } from '../../resources/profile.ts';
import { json, problems } from '../../schemas/responses.ts';
import { idParams } from '../../schemas/values.ts';

const route = createRoute({
  method: 'get',
  path: '/users/{id}',
  tags: ['People'],
  summary: 'Show somebody’s record as a forecaster',
  description: 'Reputation, record, streaks, how well probabilities came true, and badges with their reasons.',
  middleware: publicCache,
  request: { params: idParams('user') },
  responses: { 200: json(ProfileSchema, 'The profile'), ...problems(404) },
});

export const getProfileEndpoint = endpoint(route, async (c) => {
  const profile = await loadProfile(c.get('em'), c.req.valid('param').id);
  if (!profile) throw new ApiError('user_not_found');
  return c.json(toProfile(profile), 200);
});
