/** GET /users/{id}/forecasts: what became of somebody's forecasts; open ones are shown to themselves only. */

import { createRoute, z } from '@hono/zod-openapi';
import { listHistory } from '../../../db/forecasters/profiles.ts';
import { isActiveUser } from '../../../db/social/follows.ts';
import { endpoint } from '../../endpoint.ts';
import { ApiError } from '../../errors.ts';
import { knowUser } from '../../middleware/auth.ts';
import { ForecastSchema, toForecast } from '../../resources/forecast.ts';
import { pageOf, pageQuery, toPage } from '../../schemas/pages.ts';
import { json, problems } from '../../schemas/responses.ts';
import { idParams } from '../../schemas/values.ts';

const route = createRoute({
  method: 'get',
  path: '/users/{id}/forecasts',
  tags: ['People'],
  summary: 'List somebody’s forecasts',
  description: 'Newest first. To others only forecasts whose market is settled.',
  middleware: knowUser,
  request: { params: idParams('user'), query: z.strictObject(pageQuery) },
  responses: { 200: json(pageOf(ForecastSchema), 'One page of forecasts'), ...problems(401, 404, 422) },
});

export const listHistoryEndpoint = endpoint(route, async (c) => {
  const { id } = c.req.valid('param');
  const query = c.req.valid('query');
  if (!(await isActiveUser(c.get('em'), id))) throw new ApiError('user_not_found');
  const { rows, total } = await listHistory(c.get('em'), id, { ...query, includingOpen: c.get('user')?.id === id });
  return c.json(toPage(rows.map(toForecast), query, total), 200);
});
