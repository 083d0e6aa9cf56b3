/** GET /authenticity: what a verifier has to do, the most urgent first; admins see everybody's. */

import { createRoute, z } from '@hono/zod-openapi';
import { listAuthenticity } from '../../../db/repositories/authenticity.ts';
import { AUTHENTICITY_PHASES } from '../../../domain/authenticity/case.ts';
import { currentUser, isAdmin } from '../../context.ts';
import { endpoint } from '../../endpoint.ts';
import { ApiError } from '../../errors.ts';
import { requireUser } from '../../middleware/auth.ts';
import { AuthenticitySchema, toAuthenticity } from '../../resources/authenticity.ts';
import { pageOf, pageQuery, toPage } from '../../schemas/pages.ts';
import { bearer, json, problems } from '../../schemas/responses.ts';

const QuerySchema = z.strictObject({
  phase: z.enum(AUTHENTICITY_PHASES).optional(),
  open: z.enum(['true', 'false']).optional(),
  ...pageQuery,
});

const route = createRoute({
  method: 'get',
  path: '/authenticity',
  tags: ['Authenticity'],
  summary: 'List what is to be verified',
  security: bearer,
  middleware: requireUser,
  request: { query: QuerySchema },
  responses: { 200: json(pageOf(AuthenticitySchema), 'One page of verifier legs'), ...problems(401, 403, 422) },
});

export const listAuthenticityEndpoint = endpoint(route, async (c) => {
  const user = currentUser(c);
  if (!isAdmin(user) && !user.roles.includes('verifier')) throw new ApiError('forbidden');
  const { open, ...query } = c.req.valid('query');
  const { rows, total } = await listAuthenticity(c.get('em'), {
    ...query,
    ...(open !== undefined && { open: open === 'true' }),
    ...(!isAdmin(user) && { verifierId: user.id }),
  });
  return c.json(toPage(rows.map(toAuthenticity), query, total), 200);
});
