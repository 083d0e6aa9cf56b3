/** POST /vendor-orders/{id}/confirm-delivery: the buyer accepts the goods; the hold is released now. */

import { createRoute } from '@hono/zod-openapi';
import { confirmDeliveryUpdate } from '../../../workflows/escrow/contract.ts';
import { endpoint } from '../../endpoint.ts';
import { requireUser } from '../../middleware/auth.ts';
import { bearer, emptyBody, idempotencyKeyParameter } from '../../schemas/responses.ts';
import { idParams } from '../../schemas/values.ts';
import { changeResponses, changeVendorOrder } from './change.ts';

const route = createRoute({
  method: 'post',
  path: '/vendor-orders/{id}/confirm-delivery',
  tags: ['Vendor orders'],
  summary: 'Accept the goods',
  security: bearer,
  middleware: requireUser,
  parameters: [idempotencyKeyParameter(false)],
  request: { params: idParams('vendorOrder'), body: emptyBody },
  responses: changeResponses,
});

export const confirmDeliveryEndpoint = endpoint(route, (c) => {
  return changeVendorOrder(c, {
    id: c.req.valid('param').id,
    body: {},
    roles: ['buyer'],
    update: confirmDeliveryUpdate,
    toArg: (actor) => ({ actor }),
  });
});
