/** How much of a chargeback the holds have given so far, from the journals. */

import { Chargeback } from '../../db/entities/chargeback.entity.ts';
import { ChargebackShare } from '../../db/entities/chargeback-share.entity.ts';
import { Escrow } from '../../db/entities/escrow.entity.ts';
import type { EntityManager } from '../../db/orm.ts';
import { isTerminalEscrowStatus } from '../../domain/escrow.ts';
import type { EscrowId, OrderId } from '../../domain/ids.ts';
import type { HeldShare } from './chargeback-records.ts';

/** What this chargeback has taken out of each hold, in minor units. Its journals carry its id in their keys. */
export async function takenFromHolds(
  em: EntityManager,
  { id, orderId }: { id: string; orderId: OrderId },
): Promise<Map<EscrowId, number>> {
  const rows = await em.execute<{ escrow_id: EscrowId; taken_minor: string }[]>(
    `select j.escrow_id, -sum(p.amount_minor) as taken_minor
     from ledger_journal j join ledger_posting p on p.journal_id = j.id
     where j.order_id = ? and j.kind = 'chargeback_lost' and position(? in j.key) > 0
       and p.tracked and p.account = 'hold:' || j.escrow_id
     group by j.escrow_id`,
    [orderId, id],
  );
  return new Map(rows.map((row) => [row.escrow_id, Number(row.taken_minor)]));
}

export async function heldShares(em: EntityManager, chargebackId: string): Promise<HeldShare[]> {
  const chargeback = await em.findOneOrFail(Chargeback, { id: chargebackId });
  const shares = await em.find(
    ChargebackShare,
    { chargebackId, heldMinor: { $gt: 0 } },
    { orderBy: { escrowId: 'asc' } },
  );
  const escrows = await em.find(Escrow, { id: { $in: shares.map(({ escrowId }) => escrowId) } });
  const taken = await takenFromHolds(em, chargeback);
  return shares.map(({ escrowId, heldMinor }) => {
    const escrow = escrows.find(({ id }) => id === escrowId);
    const settled = escrow !== undefined && isTerminalEscrowStatus(escrow.status);
    return { escrowId, done: settled || (taken.get(escrowId) ?? 0) >= heldMinor };
  });
}
