/** GET /users/{id}/followers and /users/{id}/following: who follows whom, newest first. */

import { createRoute, z } from '@hono/zod-openapi';
import { type FollowSide, isActiveUser, listFollows } from '../../../db/social/follows.ts';
import { type Endpoint, endpoint } from '../../endpoint.ts';
import { ApiError } from '../../errors.ts';
import { pageOf, pageQuery, toPage } from '../../schemas/pages.ts';
import { json, problems } from '../../schemas/responses.ts';
import { exampleId, InstantSchema, idParams, idSchema } from '../../schemas/values.ts';

const FollowSchema = z
  .strictObject({ user: z.strictObject({ id: idSchema('user'), displayName: z.string() }), since: InstantSchema })
  .openapi('Follow', {
    example: { user: { id: exampleId('user'), displayName: 'Ada' }, since: '2026-03-01T12:00:00.000Z' },
  });

export const listFollowersEndpoint = listOf('followers', 'List who follows somebody');
export const listFollowingEndpoint = listOf('following', 'List whom somebody follows');

function listOf(side: FollowSide, summary: string): Endpoint {
  const route = createRoute({
    method: 'get',
    path: `/users/{id}/${side}`,
    tags: ['People'],
    summary,
    request: { params: idParams('user'), query: z.strictObject(pageQuery) },
    responses: { 200: json(pageOf(FollowSchema), 'One page of people'), ...problems(404, 422) },
  });
  return endpoint(route, async (c) => {
    const { id } = c.req.valid('param');
    const query = c.req.valid('query');
    if (!(await isActiveUser(c.get('em'), id))) throw new ApiError('user_not_found');
    const { rows, total } = await listFollows(c.get('em'), id, side, query);
    const data = rows.map(({ since, ...user }) => ({ user, since: since.toISOString() }));
    return c.json(toPage(data, query, total), 200);
  });
}
