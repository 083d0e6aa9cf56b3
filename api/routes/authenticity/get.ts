/** GET /authenticity/{id}: one verifier leg, by its escrow, for the verifier it is assigned to and for admins. */

import { createRoute } from '@hono/zod-openapi';
import { currentUser } from '../../context.ts';
import { endpoint } from '../../endpoint.ts';
import { requireUser } from '../../middleware/auth.ts';
import { AuthenticitySchema, toAuthenticity } from '../../resources/authenticity.ts';
import { bearer, json, problems } from '../../schemas/responses.ts';
import { idParams } from '../../schemas/values.ts';
import { handledAuthenticity } from './access.ts';

const route = createRoute({
  method: 'get',
  path: '/authenticity/{id}',
  tags: ['Authenticity'],
  summary: 'Show what is to be verified',
  security: bearer,
  middleware: requireUser,
  request: { params: idParams('escrow') },
  responses: { 200: json(AuthenticitySchema, 'The verifier leg'), ...problems(401, 404) },
});

export const getAuthenticityEndpoint = endpoint(route, async (c) => {
  const rows = await handledAuthenticity(c.get('em'), c.req.valid('param').id, currentUser(c));
  return c.json(toAuthenticity(rows), 200);
});
