/** Which payouts of a hold can be taken back, and which have been: from our own rows. */

import type { ClawBack, PlannedReversal } from '../../db/entities/claw-back.entity.ts';
import { ProviderRequest } from '../../db/entities/provider-request.entity.ts';
import type { EntityManager } from '../../db/orm.ts';
import type { EscrowId } from '../../domain/ids.ts';

/** A transfer that arrived, and what of it was not taken back yet. */
export type ReversibleTransfer = { transferId: string; leftMinor: number };

/** The same for every try, whoever makes it. */
export const reversalKey = (chargebackId: string, transferId: string): string =>
  `chargeback/${chargebackId}:reverse:${transferId}`;

/** The hold's payouts (of its own releases and of parts that disputes had frozen), oldest first. */
export async function transfersOf(em: EntityManager, escrowId: EscrowId): Promise<ReversibleTransfer[]> {
  const rows = await em.execute<{ transfer_id: string; left_minor: string }[]>(
    `select r.object_id as transfer_id, sum(p.amount_minor) - coalesce((
         select sum((b.outcome ->> 'amountMinor')::bigint) from provider_request b
         where b.operation = 'reverse_transfer' and b.object_id is not null and b.outcome ->> 'transferId' = r.object_id
       ), 0) as left_minor
     from provider_request r
     join ledger_journal j on j.external_ref = r.object_id and j.kind = 'payout_paid'
     join ledger_posting p on p.journal_id = j.id and p.account like 'world:%'
     where r.operation = 'transfer' and (
       r.business_key = ? or starts_with(r.business_key, ?)
       or r.business_key in (select 'dispute/' || d.id || ':transfer' from dispute d where d.escrow_id = ?))
     group by r.object_id, r.first_sent_at
     order by r.first_sent_at, r.object_id`,
    [`escrow/${escrowId}:transfer`, `escrow/${escrowId}:transfer:`, escrowId],
  );
  return rows.map((row) => ({ transferId: row.transfer_id, leftMinor: Number(row.left_minor) }));
}

/** Of what was planned for this claim, the reversals that the provider has made. */
export async function reversalsDone(
  em: EntityManager,
  { chargebackId, reversals }: ClawBack,
): Promise<(PlannedReversal & { reversalId: string })[]> {
  const planned = reversals ?? [];
  const keys = planned.map(({ transferId }) => reversalKey(chargebackId, transferId));
  const requests = await em.find(ProviderRequest, { businessKey: { $in: keys } });
  return planned.flatMap((reversal) => {
    const key = reversalKey(chargebackId, reversal.transferId);
    const reversalId = requests.find(({ businessKey }) => businessKey === key)?.objectId;
    return reversalId ? [{ ...reversal, reversalId }] : [];
  });
}
