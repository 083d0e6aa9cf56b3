/** GET /admin/chargebacks: what banks want back, newest first. */

import { createRoute, z } from '@hono/zod-openapi';
import { listChargebacks } from '../../../db/repositories/chargebacks.ts';
import { CHARGEBACK_STATUSES } from '../../../domain/disputes/chargeback.ts';
import { endpoint } from '../../endpoint.ts';
import { requireAdmin } from '../../middleware/auth.ts';
import { ChargebackSchema, toChargeback } from '../../resources/chargeback.ts';
import { pageOf, pageQuery, toPage } from '../../schemas/pages.ts';
import { bearer, json, problems } from '../../schemas/responses.ts';

const route = createRoute({
  method: 'get',
  path: '/admin/chargebacks',
  tags: ['Administration'],
  summary: 'List chargebacks',
  security: bearer,
  middleware: requireAdmin,
  request: { query: z.strictObject({ status: z.enum(CHARGEBACK_STATUSES).optional(), ...pageQuery }) },
  responses: { 200: json(pageOf(ChargebackSchema), 'One page of chargebacks'), ...problems(401, 403, 422) },
});

export const listChargebacksEndpoint = endpoint(route, async (c) => {
  const query = c.req.valid('query');
  const { rows, total } = await listChargebacks(c.get('em'), query);
  return c.json(toPage(rows.map(toChargeback), query, total), 200);
});
