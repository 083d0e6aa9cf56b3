/** The buyer took the goods at a lower price: the difference leaves the hold, and the rest of it goes on. */

import { LockMode } from '@mikro-orm/postgresql';
import { VendorOrder } from '../../../db/entities/vendor-order.entity.ts';
import { postJournals } from '../../../db/ledger/post.ts';
import type { EntityManager } from '../../../db/orm.ts';
import { carveOutAmount } from '../../../domain/disputes/shares.ts';
import { holdPriceLowered } from '../../../domain/postings.ts';
import { countRefund } from '../escrow-changes.ts';
import type { StoredEscrow } from '../escrow-records.ts';
import { restOf } from '../escrow-row.ts';
import { writeOnce } from '../escrow-write.ts';
import { paidPaymentOf } from '../paid-payment.ts';
import type { LowerPrice } from './authenticity-records.ts';

/**
 * Taken from each component of what nobody contests, by its share: commission and fees get smaller with the price. Its
 * lines stay as they are; a later dispute about one finds its share of what is left.
 */
export function lowerPrice(em: EntityManager, write: LowerPrice): Promise<StoredEscrow> {
  const { amountMinor, refundId: externalRef, at } = write;
  return writeOnce(em, write, { types: ['escrow.price_lowered'], data: { amountMinor } }, async (escrow) => {
    const { id: escrowId, orderId, buyerId, currency, vendorOrderId } = escrow;
    const vendorOrder = await em.findOneOrFail(VendorOrder, { id: vendorOrderId });
    const { rest } = carveOutAmount(restOf(escrow, vendorOrder), amountMinor);
    const payment = await paidPaymentOf(em, orderId, LockMode.PESSIMISTIC_WRITE);
    const { provider } = payment;
    await postJournals(em, [
      holdPriceLowered({ escrowId, orderId, buyerId, provider, currency, amountMinor, externalRef }),
    ]);
    await countRefund(em, payment, amountMinor);
    const allIsContested = rest.grossMinor === 0 && escrow.openDisputes > 0;
    return {
      rest,
      refundedMinor: escrow.refundedMinor + amountMinor,
      ...(allIsContested && { frozenSince: escrow.frozenSince ?? new Date(at) }),
    };
  });
}
