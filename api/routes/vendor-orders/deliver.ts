/** POST /vendor-orders/{id}/deliver: seller or admin report delivery; the auto-release clock starts. */

import { createRoute } from '@hono/zod-openapi';
import { markDeliveredUpdate } from '../../../workflows/escrow/contract.ts';
import { endpoint } from '../../endpoint.ts';
import { requireUser } from '../../middleware/auth.ts';
import { bearer, emptyBody, idempotencyKeyParameter } from '../../schemas/responses.ts';
import { idParams } from '../../schemas/values.ts';
import { changeResponses, changeVendorOrder } from './change.ts';

const route = createRoute({
  method: 'post',
  path: '/vendor-orders/{id}/deliver',
  tags: ['Vendor orders'],
  summary: 'Report delivery',
  security: bearer,
  middleware: requireUser,
  parameters: [idempotencyKeyParameter(false)],
  request: { params: idParams('vendorOrder'), body: emptyBody },
  responses: changeResponses,
});

export const deliverVendorOrderEndpoint = endpoint(route, (c) => {
  return changeVendorOrder(c, {
    id: c.req.valid('param').id,
    body: {},
    roles: ['seller', 'admin'],
    update: markDeliveredUpdate,
    toArg: (actor) => ({ actor }),
  });
});
