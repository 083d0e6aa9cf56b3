/** GET /disputes: the disputes that the signed-in user is a party of. */

import { createRoute, z } from '@hono/zod-openapi';
import { listDisputesOf } from '../../../db/repositories/disputes.ts';
import { DISPUTE_PHASES } from '../../../domain/disputes/dispute.ts';
import { currentUser } from '../../context.ts';
import { endpoint } from '../../endpoint.ts';
import { requireUser } from '../../middleware/auth.ts';
import { DisputeSchema, toDispute } from '../../resources/dispute.ts';
import { pageOf, pageQuery, toPage } from '../../schemas/pages.ts';
import { bearer, json, problems } from '../../schemas/responses.ts';

const QuerySchema = z.strictObject({
  phase: z.enum(DISPUTE_PHASES).optional(),
  role: z.enum(['buyer', 'seller']).optional(),
  ...pageQuery,
});

const route = createRoute({
  method: 'get',
  path: '/disputes',
  tags: ['Disputes'],
  summary: 'List my disputes',
  security: bearer,
  middleware: requireUser,
  request: { query: QuerySchema },
  responses: { 200: json(pageOf(DisputeSchema), 'One page of disputes'), ...problems(401, 422) },
});

export const listDisputesEndpoint = endpoint(route, async (c) => {
  const query = c.req.valid('query');
  const user = currentUser(c);
  const { rows, total } = await listDisputesOf(c.get('em'), user.id, query);
  const data = rows.map((row) => toDispute(row, row.dispute.buyerId === user.id ? 'buyer' : 'seller'));
  return c.json(toPage(data, query, total), 200);
});
