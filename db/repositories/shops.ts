/** Shops. */

import type { EntityManager } from '@mikro-orm/postgresql';
import type { Id, UserId } from '../../domain/ids.ts';
import { Shop } from '../entities/shop.entity.ts';

type NewShop = {
  id: Id<'shop'>;
  ownerId: UserId;
  channelId: Id<'channel'>;
  name: string;
  lat: number | null;
  lng: number | null;
};

export async function createShop(em: EntityManager, shop: NewShop): Promise<Shop> {
  const created = em.create(Shop, { ...shop, createdAt: new Date() });
  await em.persist(created).flush();
  return created;
}

export function findShop(em: EntityManager, id: Id<'shop'>): Promise<Shop | null> {
  return em.findOne(Shop, { id });
}
