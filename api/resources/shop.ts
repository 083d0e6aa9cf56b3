/** A shop as everyone sees it. */

import { z } from '@hono/zod-openapi';
import type { Shop } from '../../db/entities/shop.entity.ts';
import { exampleId, InstantSchema, idSchema } from '../schemas/values.ts';

export const LocationSchema = z
  .strictObject({ lat: z.number().min(-90).max(90), lng: z.number().min(-180).max(180) })
  .openapi('Location', { example: { lat: 48.1374, lng: 11.5755 } });

export const ShopSchema = z
  .strictObject({
    id: idSchema('shop'),
    ownerId: idSchema('user'),
    channelId: idSchema('channel'),
    name: z.string(),
    location: LocationSchema.nullable(),
    createdAt: InstantSchema,
  })
  .openapi('Shop', {
    example: {
      id: exampleId('shop'),
      ownerId: exampleId('user'),
      channelId: exampleId('channel'),
      name: 'Clay & Co',
      location: { lat: 48.1374, lng: 11.5755 },
      createdAt: '2026-03-01T12:00:00.000Z',
    },
  });

export function toShop(row: Shop): z.infer<typeof ShopSchema> {
  return {
    id: row.id,
    ownerId: row.ownerId,
    channelId: row.channelId,
    name: row.name,
    location: toLocation(row),
    createdAt: row.createdAt.toISOString(),
  };
}

function toLocation({ lat, lng }: Shop): z.infer<typeof LocationSchema> | null {
  if (lat === null || lat === undefined || lng === null || lng === undefined) return null;
  return { lat: Number(lat), lng: Number(lng) };
}
