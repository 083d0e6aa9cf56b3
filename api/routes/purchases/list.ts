/** GET /purchases: the chips that the signed-in user has bought. */

import { createRoute, z } from '@hono/zod-openapi';
import { listPurchases } from '../../../db/repositories/purchases.ts';
import { PURCHASE_STATUSES } from '../../../domain/purchase.ts';
import { currentUser } from '../../context.ts';
import { endpoint } from '../../endpoint.ts';
import { requireUser } from '../../middleware/auth.ts';
import { PurchaseSchema, toPurchase } from '../../resources/purchase.ts';
import { pageOf, pageQuery, toPage } from '../../schemas/pages.ts';
import { bearer, json, problems } from '../../schemas/responses.ts';

const route = createRoute({
  method: 'get',
  path: '/purchases',
  tags: ['Purchases'],
  summary: 'List my purchases of chips',
  security: bearer,
  middleware: requireUser,
  request: { query: z.strictObject({ status: z.enum(PURCHASE_STATUSES).optional(), ...pageQuery }) },
  responses: { 200: json(pageOf(PurchaseSchema), 'One page of purchases, newest first'), ...problems(401, 422) },
});

export const listPurchasesEndpoint = endpoint(route, async (c) => {
  const query = c.req.valid('query');
  const { rows, total } = await listPurchases(c.get('em'), currentUser(c).id, query);
  return c.json(toPage(rows.map(toPurchase), query, total), 200);
});
