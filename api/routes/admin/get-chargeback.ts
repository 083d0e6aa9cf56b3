/** GET /admin/chargebacks/{id}: one chargeback, who carries it and what was claimed back. */

import { createRoute } from '@hono/zod-openapi';
import { endpoint } from '../../endpoint.ts';
import { requireAdmin } from '../../middleware/auth.ts';
import { ChargebackSchema, chargebackParams, toChargeback } from '../../resources/chargeback.ts';
import { bearer, json, problems } from '../../schemas/responses.ts';
import { requireChargeback } from './require-chargeback.ts';

const route = createRoute({
  method: 'get',
  path: '/admin/chargebacks/{id}',
  tags: ['Administration'],
  summary: 'Show a chargeback',
  security: bearer,
  middleware: requireAdmin,
  request: { params: chargebackParams },
  responses: { 200: json(ChargebackSchema, 'The chargeback'), ...problems(401, 403, 404) },
});

export const getChargebackEndpoint = endpoint(route, async (c) =>
  c.json(toChargeback(await requireChargeback(c.get('em'), c.req.valid('param').id)), 200),
);
