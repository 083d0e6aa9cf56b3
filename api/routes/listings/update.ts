/** PATCH /listings/{id}: a seller changes price, stock or visibility of their own listing. */

import { createRoute, z } from '@hono/zod-openapi';
import { updateListing } from '../../../db/repositories/listings.ts';
import { findProductWithListing } from '../../../db/repositories/products.ts';
import { currentUser } from '../../context.ts';
import { endpoint } from '../../endpoint.ts';
import { ApiError } from '../../errors.ts';
import { requireUser } from '../../middleware/auth.ts';
import { ProductSchema, toProduct } from '../../resources/product.ts';
import { bearer, json, jsonBody, problems } from '../../schemas/responses.ts';
import { idParams, MAX_STOCK, PriceSchema } from '../../schemas/values.ts';

const UpdateListingSchema = z
  .strictObject({
    price: PriceSchema.optional(),
    stock: z.int().min(0).max(MAX_STOCK).optional(),
    status: z.enum(['ACTIVE', 'INACTIVE']).optional(),
  })
  .refine((change) => Object.keys(change).length > 0, 'name at least one field')
  .openapi('UpdateListing', { example: { price: { amountMinor: 1799, currency: 'USD' }, stock: 20 } });

const route = createRoute({
  method: 'patch',
  path: '/listings/{id}',
  tags: ['Catalogue'],
  summary: 'Change a listing',
  security: bearer,
  middleware: requireUser,
  request: { params: idParams('listing'), ...jsonBody(UpdateListingSchema) },
  responses: { 200: json(ProductSchema, 'The product with its listing'), ...problems(400, 401, 404, 415, 422) },
});

export const updateListingEndpoint = endpoint(route, async (c) => {
  const { price, stock, status } = c.req.valid('json');
  const em = c.get('em');
  const updated = await updateListing(em, {
    listingId: c.req.valid('param').id,
    sellerId: currentUser(c).id,
    price,
    stock,
    status,
  });
  switch (updated.outcome) {
    case 'not_found':
      throw new ApiError('listing_not_found');
    case 'other_currency':
      throw new ApiError('currency_not_supported');
    case 'stock_below_reserved': {
      const message = 'some of the stock is reserved by open orders';
      throw new ApiError('validation_failed', { errors: [{ path: 'stock', message, code: 'below_reserved' }] });
    }
    case 'updated': {
      const found = await findProductWithListing(em, updated.productId);
      if (!found) throw new ApiError('listing_not_found');
      return c.json(toProduct(found.product, found.listing), 200);
    }
  }
});
