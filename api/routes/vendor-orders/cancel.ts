/** POST /vendor-orders/{id}/cancel: full refund of this part, before it is shipped. */

import { createRoute, z } from '@hono/zod-openapi';
import { cancelEscrowUpdate } from '../../../workflows/escrow/contract.ts';
import { endpoint } from '../../endpoint.ts';
import { requireUser } from '../../middleware/auth.ts';
import { bearer, idempotencyKeyParameter, jsonBody } from '../../schemas/responses.ts';
import { idParams, line } from '../../schemas/values.ts';
import { changeResponses, changeVendorOrder } from './change.ts';

const CancelVendorOrderSchema = z
  .strictObject({ reason: line(500) })
  .openapi('CancelVendorOrder', { example: { reason: 'Broken in the kiln' } });

const route = createRoute({
  method: 'post',
  path: '/vendor-orders/{id}/cancel',
  tags: ['Vendor orders'],
  summary: 'Cancel and refund before shipping',
  security: bearer,
  middleware: requireUser,
  parameters: [idempotencyKeyParameter(false)],
  request: { params: idParams('vendorOrder'), ...jsonBody(CancelVendorOrderSchema) },
  responses: changeResponses,
});

export const cancelVendorOrderEndpoint = endpoint(route, (c) => {
  const body = c.req.valid('json');
  return changeVendorOrder(c, {
    id: c.req.valid('param').id,
    body,
    roles: ['seller', 'buyer', 'admin'],
    update: cancelEscrowUpdate,
    toArg: (actor) => ({ actor, ...body }),
  });
});
