/** Rows that are only read: with the names and types of their entity, unknown to the unit of work. */

import type { EntityDictionary, EntityManager, EntityName } from '@mikro-orm/postgresql';

/** One row as `to_json()` gives it. Making an entity of it would cost more than reading it did. */
export function plainRow<Entity extends object>(
  em: EntityManager,
  entity: EntityName<Entity>,
  row: EntityDictionary<Entity>,
): Entity {
  return em.getDriver().mapResult<Entity>(row, em.getMetadata(entity)) as Entity;
}
