/** GET /vendor-orders/{id}/authenticity: what was found and the goods' way from hand to hand, for the parties. */

import { createRoute } from '@hono/zod-openapi';
import { loadAuthenticity } from '../../../db/repositories/authenticity.ts';
import { currentUser } from '../../context.ts';
import { endpoint } from '../../endpoint.ts';
import { ApiError } from '../../errors.ts';
import { requireUser } from '../../middleware/auth.ts';
import { AuthenticitySchema, toAuthenticity } from '../../resources/authenticity.ts';
import { bearer, json, problems } from '../../schemas/responses.ts';
import { idParams } from '../../schemas/values.ts';
import { visibleVendorOrder } from './access.ts';

const route = createRoute({
  method: 'get',
  path: '/vendor-orders/{id}/authenticity',
  tags: ['Vendor orders'],
  summary: 'Show the verification of the goods',
  security: bearer,
  middleware: requireUser,
  request: { params: idParams('vendorOrder') },
  responses: { 200: json(AuthenticitySchema, 'The verifier leg'), ...problems(401, 404, 409) },
});

export const getVendorOrderAuthenticityEndpoint = endpoint(route, async (c) => {
  const em = c.get('em');
  const { vendorOrder } = await visibleVendorOrder(em, c.req.valid('param').id, currentUser(c));
  if (!vendorOrder.authenticity) throw new ApiError('authenticity_not_requested');
  const rows = await loadAuthenticity(em, vendorOrder.escrowId);
  // Begins when the seller ships.
  if (!rows) throw new ApiError('authenticity_not_found');
  return c.json(toAuthenticity(rows), 200);
});
