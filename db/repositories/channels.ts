/** Channels: the businesses run on this engine. */

import type { EntityManager } from '@mikro-orm/postgresql';
import type { Id } from '../../domain/ids.ts';
import { Channel } from '../entities/channel.entity.ts';

/** The active ones, by slug. */
export function listChannels(em: EntityManager): Promise<Channel[]> {
  return em.find(Channel, { active: true }, { orderBy: { slug: 'asc' } });
}

export function findChannelBySlug(em: EntityManager, slug: string): Promise<Channel | null> {
  return em.findOne(Channel, { slug });
}

export function findChannel(em: EntityManager, id: Id<'channel'>): Promise<Channel | null> {
  return em.findOne(Channel, { id });
}
