/** What every release does, of a hold's rest or of a contested part: its journal, and the seller's debt paid first. */

import type { Escrow } from '../../db/entities/escrow.entity.ts';
import { postJournals } from '../../db/ledger/post.ts';
import { lockOwedBy } from '../../db/ledger/receivables.ts';
import type { EntityManager } from '../../db/orm.ts';
import { prepared } from '../../db/prepared.ts';
import type { PayoutStatus } from '../../db/statuses.ts';
import { netRelease } from '../../domain/disputes/claw-back.ts';
import type { DisputeId } from '../../domain/disputes/dispute.ts';
import { type HoldAmounts, type Journal, receivableSettled } from '../../domain/postings.ts';
import type { EscrowWrite } from './escrow-records.ts';
import { tell } from './tell.ts';

type Release = {
  escrow: Escrow;
  journal: Journal;
  /** What of it is the seller's. */
  sellerMinor: number;
  /** What the seller owed when this was last looked at: where nothing, nothing is locked. */
  owedMinor: number;
  disputeId?: DisputeId;
  release?: number;
  write: EscrowWrite;
};

/** Posts the release and, where its seller owes, pays the debt out of it before anything can be paid out. */
export async function postRelease(em: EntityManager, input: Release): Promise<void> {
  const { escrow, journal, sellerMinor, disputeId, release, write } = input;
  const { id: escrowId, orderId, sellerId, currency } = escrow;
  const owedMinor = input.owedMinor > 0 && sellerMinor > 0 ? await lockOwedBy(em, sellerId, currency) : 0;
  const amountMinor = netRelease(sellerMinor, owedMinor).settleMinor;
  if (amountMinor === 0) {
    await postJournals(em, [journal]);
    return;
  }
  const settled = receivableSettled({ escrowId, orderId, sellerId, currency, amountMinor, disputeId, release });
  await postJournals(em, [journal, settled]);
  const { actor } = write;
  const at = new Date(write.at);
  const subjectId = disputeId;
  await tell(em, [
    { type: 'claw_back.settled', orderId, escrowId, subjectId, actor, at, data: { amountMinor, currency } },
  ]);
}

/** A share that waits for the seller's account is still waiting when the next one comes. */
export function payoutStatusAfterRelease({ payoutStatus }: Escrow): PayoutStatus {
  return payoutStatus === 'waiting_for_account' ? payoutStatus : 'in_wallet';
}

/** What nobody contests of the hold, and what its seller owes: in one statement, because every release asks. */
export async function contentsAndDebt(
  em: EntityManager,
  { id, rest }: Escrow,
): Promise<{ amounts: HoldAmounts; owedMinor: number }> {
  const [row] = await prepared<{ amounts: HoldAmounts; owed_minor: string }>(
    em,
    `select jsonb_build_object('itemsMinor', v.items_minor, 'commissionMinor', v.commission_minor,
       'buyerFeeMinor', v.buyer_fee_minor, 'processingMinor', v.processing_minor, 'shippingMinor', v.shipping_minor,
       'taxMinor', v.tax_minor, 'grossMinor', v.gross_minor, 'netMinor', v.net_minor) as amounts,
       greatest(0, -coalesce(b.balance_minor, 0)) as owed_minor
     from vendor_order v
     left join ledger_balance b on b.account = 'receivable:' || v.vendor_id and b.currency = v.currency
     where v.escrow_id = ?`,
    [id],
  );
  if (!row) throw new Error(`${id} has no vendor order`);
  return { amounts: rest ?? row.amounts, owedMinor: Number(row.owed_minor) };
}
