/** The records of holds, each in one transaction of its own. */

import type { ActivityDependencies } from '../dependencies.ts';
import { changeEscrow, finishRefund, markCaptured, releaseHold } from './escrow-changes.ts';
import type { EscrowRecords } from './escrow-records.ts';
import { inTransaction } from './in-transaction.ts';

export function createEscrowRecords({ orm }: ActivityDependencies): EscrowRecords {
  return {
    changeEscrow: (change) => inTransaction(orm, (em) => changeEscrow(em, change)),
    releaseHold: (write) => inTransaction(orm, (em) => releaseHold(em, write)),
    finishRefund: (write) => inTransaction(orm, (em) => finishRefund(em, write)),
    markCaptured: (write) => inTransaction(orm, (em) => markCaptured(em, write)),
  };
}
