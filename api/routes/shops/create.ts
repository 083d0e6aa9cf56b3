/** POST /shops: opens a shop in a channel. */

import { createRoute, z } from '@hono/zod-openapi';
import { newId } from '../../../db/new-id.ts';
import { findChannelBySlug } from '../../../db/repositories/channels.ts';
import { createShop } from '../../../db/repositories/shops.ts';
import { currentUser } from '../../context.ts';
import { endpoint } from '../../endpoint.ts';
import { ApiError } from '../../errors.ts';
import { requireUser } from '../../middleware/auth.ts';
import { LocationSchema, ShopSchema, toShop } from '../../resources/shop.ts';
import { bearer, json, jsonBody, problems } from '../../schemas/responses.ts';
import { line, SlugSchema } from '../../schemas/values.ts';

const CreateShopSchema = z
  .strictObject({ name: line(120), channel: SlugSchema.default('multi-vendor'), location: LocationSchema.optional() })
  .openapi('CreateShop', {
    example: { name: 'Clay & Co', channel: 'multi-vendor', location: { lat: 48.1374, lng: 11.5755 } },
  });

const route = createRoute({
  method: 'post',
  path: '/shops',
  tags: ['Catalogue'],
  summary: 'Open a shop',
  security: bearer,
  middleware: requireUser,
  request: jsonBody(CreateShopSchema),
  responses: { 201: json(ShopSchema, 'The shop'), ...problems(400, 401, 404, 415, 422) },
});

export const createShopEndpoint = endpoint(route, async (c) => {
  const { name, channel: slug, location } = c.req.valid('json');
  const em = c.get('em');
  const channel = await findChannelBySlug(em, slug);
  if (!channel?.active) throw new ApiError('channel_not_found');
  const shop = await createShop(em, {
    id: newId('shop'),
    ownerId: currentUser(c).id,
    channelId: channel.id,
    name,
    lat: location?.lat ?? null,
    lng: location?.lng ?? null,
  });
  return c.json(toShop(shop), 201);
});
