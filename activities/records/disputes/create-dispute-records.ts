/** The records of disputes, each in one transaction of its own. */

import { Dispute } from '../../../db/entities/dispute.entity.ts';
import type { ActivityDependencies } from '../../dependencies.ts';
import { inTransaction } from '../in-transaction.ts';
import { changeDispute } from './change-dispute.ts';
import { chargePartBack } from './charge-part-back.ts';
import type { DisputeRecords } from './dispute-records.ts';
import { openBankDispute } from './open-bank-dispute.ts';
import { openDispute } from './open-dispute.ts';
import { rejoinPart } from './rejoin-part.ts';
import { settlePart } from './settle-part.ts';

export function createDisputeRecords({ orm }: ActivityDependencies): DisputeRecords {
  return {
    async unsettledDisputes({ escrowId }) {
      const open = await orm.em
        .fork()
        .find(Dispute, { escrowId, settledAt: null }, { orderBy: { openedAt: 'asc', id: 'asc' } });
      return open.map(({ content: dispute, chargebackId }) => ({ dispute, chargebackId: chargebackId ?? null }));
    },
    openDispute: (input) => inTransaction(orm, (em) => openDispute(em, input)),
    openBankDispute: (input) => inTransaction(orm, (em) => openBankDispute(em, input)),
    changeDispute: (change) => inTransaction(orm, (em) => changeDispute(em, change)),
    settlePart: (write) => inTransaction(orm, (em) => settlePart(em, write)),
    rejoinPart: (write) => inTransaction(orm, (em) => rejoinPart(em, write)),
    chargePartBack: (write) => inTransaction(orm, (em) => chargePartBack(em, write)),
  };
}
