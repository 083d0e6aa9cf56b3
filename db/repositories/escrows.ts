/** Escrows as their parties read them. */

import type { EntityManager } from '@mikro-orm/postgresql';
import type { EscrowId } from '../../domain/ids.ts';
import { Escrow } from '../entities/escrow.entity.ts';

/** As it stands now: another process may have changed the row since this unit of work read it. */
export function findEscrow(em: EntityManager, id: EscrowId): Promise<Escrow | null> {
  return em.findOne(Escrow, { id }, { refresh: true });
}
