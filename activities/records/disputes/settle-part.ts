/** The frozen part goes where it was decided: to the buyer, to the seller, or shared out between them. */

import { LockMode } from '@mikro-orm/postgresql';
import { Dispute } from '../../../db/entities/dispute.entity.ts';
import type { Escrow } from '../../../db/entities/escrow.entity.ts';
import { owedBy } from '../../../db/ledger/receivables.ts';
import type { EntityManager } from '../../../db/orm.ts';
import { holdPartSplit, releaseShares } from '../../../domain/postings.ts';
import { countRefund } from '../escrow-changes.ts';
import type { StoredEscrow } from '../escrow-records.ts';
import { writeOnce } from '../escrow-write.ts';
import { restockContested } from '../goods-back-on-the-shelf.ts';
import { paidPaymentOf } from '../paid-payment.ts';
import { payoutStatusAfterRelease, postRelease } from '../releases.ts';
import type { SettlePart } from './dispute-records.ts';
import { thawedIn } from './frozen.ts';

/** Once: a part that is settled already is left alone. */
export function settlePart(em: EntityManager, write: SettlePart): Promise<StoredEscrow> {
  const { disputeId, buyerMinor } = write;
  const told = { types: ['dispute.settled'], disputeId, data: { buyerMinor } } as const;
  return writeOnce(em, write, told, async (escrow) => {
    const dispute = await em.findOneOrFail(Dispute, { id: disputeId, escrowId: escrow.id });
    if (dispute.settledAt) return { unchanged: 'done' };
    const sellerMinor = await split(em, write, escrow, dispute);
    const settled = { settlement: 'split', buyerMinor, settledAt: new Date(write.at), updatedAt: new Date() } as const;
    await em.nativeUpdate(Dispute, { id: disputeId }, settled);
    if (buyerMinor === dispute.frozenMinor) await restockContested(em, disputeId);
    return {
      ...thawedIn(escrow, dispute),
      refundedMinor: escrow.refundedMinor + buyerMinor,
      releasedMinor: escrow.releasedMinor + dispute.frozenMinor - buyerMinor,
      ...(sellerMinor > 0 && { payoutStatus: payoutStatusAfterRelease(escrow) }),
    };
  });
}

/** The journal and what the payment says of it; answers with what of the part is the seller's. */
async function split(em: EntityManager, write: SettlePart, escrow: Escrow, dispute: Dispute): Promise<number> {
  const { id: escrowId, orderId, buyerId, sellerId, currency } = escrow;
  const { part: amounts, id: disputeId } = dispute;
  const { buyerMinor } = write;
  const payment = await paidPaymentOf(em, orderId, LockMode.PESSIMISTIC_WRITE);
  const { provider } = payment;
  const externalRef = write.refundId ?? undefined;
  const ends = { escrowId, orderId, buyerId, sellerId, currency, provider, externalRef };
  const { sellerMinor } = releaseShares(amounts, amounts.grossMinor - buyerMinor);
  const owedMinor = sellerMinor > 0 ? await owedBy(em, sellerId, currency) : 0;
  const journal = holdPartSplit({ ...ends, disputeId, amounts, buyerMinor });
  await postRelease(em, { escrow, journal, sellerMinor, owedMinor, disputeId, write });
  await countRefund(em, payment, buyerMinor);
  return sellerMinor;
}
