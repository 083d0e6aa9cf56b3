/** The records of the verifier leg, each in one transaction of its own. */

import type { ActivityDependencies } from '../../dependencies.ts';
import { inTransaction } from '../in-transaction.ts';
import type { AuthenticityRecords } from './authenticity-records.ts';
import { changeAuthenticity } from './change-authenticity.ts';
import { lowerPrice } from './lower-price.ts';
import { openAuthenticity } from './open-authenticity.ts';

export function createAuthenticityRecords({ orm }: ActivityDependencies): AuthenticityRecords {
  return {
    openAuthenticity: (input) => inTransaction(orm, (em) => openAuthenticity(em, input)),
    changeAuthenticity: (change) => inTransaction(orm, (em) => changeAuthenticity(em, change)),
    lowerPrice: (write) => inTransaction(orm, (em) => lowerPrice(em, write)),
  };
}
