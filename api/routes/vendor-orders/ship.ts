/** POST /vendor-orders/{id}/ship: the seller hands the goods to a carrier. */

import { createRoute, z } from '@hono/zod-openapi';
import { shipUpdate } from '../../../workflows/escrow/contract.ts';
import { endpoint } from '../../endpoint.ts';
import { requireUser } from '../../middleware/auth.ts';
import { bearer, idempotencyKeyParameter, jsonBody } from '../../schemas/responses.ts';
import { idParams, line } from '../../schemas/values.ts';
import { changeResponses, changeVendorOrder } from './change.ts';

const ShipVendorOrderSchema = z
  .strictObject({ carrier: line(100), trackingNumber: line(100) })
  .openapi('ShipVendorOrder', { example: { carrier: 'DHL', trackingNumber: 'JD014600003' } });

const route = createRoute({
  method: 'post',
  path: '/vendor-orders/{id}/ship',
  tags: ['Vendor orders'],
  summary: 'Ship the goods',
  security: bearer,
  middleware: requireUser,
  parameters: [idempotencyKeyParameter(false)],
  request: { params: idParams('vendorOrder'), ...jsonBody(ShipVendorOrderSchema) },
  responses: changeResponses,
});

export const shipVendorOrderEndpoint = endpoint(route, (c) => {
  const body = c.req.valid('json');
  return changeVendorOrder(c, {
    id: c.req.valid('param').id,
    body,
    roles: ['seller'],
    update: shipUpdate,
    toArg: (actor) => ({ actor, ...body }),
  });
});
