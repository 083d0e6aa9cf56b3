/** The records of chargebacks, each in one transaction of its own. */

import type { ActivityDependencies } from '../dependencies.ts';
import { inTransaction } from '../records/in-transaction.ts';
import type { ChargebackRecords } from './chargeback-records.ts';
import { claimReleased } from './claim-released.ts';
import { closeChargeback, noteChargebackFee, settleChargeback } from './close-chargeback.ts';
import { openChargeback } from './open-chargeback.ts';
import { heldShares } from './shares.ts';
import { takeBack } from './take-back.ts';

export function createChargebackRecords({ orm }: ActivityDependencies): ChargebackRecords {
  return {
    openChargeback: (input) => inTransaction(orm, (em) => openChargeback(em, input)),
    noteChargebackFee: (input) => inTransaction(orm, (em) => noteChargebackFee(em, input)),
    closeChargeback: (input) => inTransaction(orm, (em) => closeChargeback(em, input)),
    heldShares: ({ chargebackId }) => heldShares(orm.em.fork(), chargebackId),
    claimReleased: (input) => inTransaction(orm, (em) => claimReleased(em, input)),
    takeBack: (input) => inTransaction(orm, (em) => takeBack(em, input)),
    settleChargeback: (input) => inTransaction(orm, (em) => settleChargeback(em, input)),
  };
}
