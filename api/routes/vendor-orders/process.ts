/** POST /vendor-orders/{id}/process: the seller begins to prepare the goods; the buyer can no longer cancel. */

import { createRoute } from '@hono/zod-openapi';
import { markProcessingUpdate } from '../../../workflows/escrow/contract.ts';
import { endpoint } from '../../endpoint.ts';
import { requireUser } from '../../middleware/auth.ts';
import { bearer, emptyBody, idempotencyKeyParameter } from '../../schemas/responses.ts';
import { idParams } from '../../schemas/values.ts';
import { changeResponses, changeVendorOrder } from './change.ts';

const route = createRoute({
  method: 'post',
  path: '/vendor-orders/{id}/process',
  tags: ['Vendor orders'],
  summary: 'Begin to prepare the goods',
  security: bearer,
  middleware: requireUser,
  parameters: [idempotencyKeyParameter(false)],
  request: { params: idParams('vendorOrder'), body: emptyBody },
  responses: changeResponses,
});

export const processVendorOrderEndpoint = endpoint(route, (c) => {
  return changeVendorOrder(c, {
    id: c.req.valid('param').id,
    body: {},
    roles: ['seller'],
    update: markProcessingUpdate,
    toArg: (actor) => ({ actor }),
  });
});
