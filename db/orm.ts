/** Opens the object mapper for one process. */

import { MikroORM } from '@mikro-orm/postgresql';
import { type OrmSettings, ormOptions } from './config.ts';

export type { EntityManager } from '@mikro-orm/postgresql';

/** Opens the database as the app's role (or as its owner); the caller closes it with `orm.close()`. */
export function initOrm(databaseUrl: string, settings: OrmSettings = {}): Promise<MikroORM> {
  return MikroORM.init(ormOptions(databaseUrl, settings));
}
