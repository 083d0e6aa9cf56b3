/** Begins a verifier leg: the case, the first line of the goods' way, and the fact, in one transaction. */

import { AuthenticityCase } from '../../../db/entities/authenticity-case.entity.ts';
import { CustodyScan } from '../../../db/entities/custody-scan.entity.ts';
import { Order } from '../../../db/entities/order.entity.ts';
import { VendorOrder } from '../../../db/entities/vendor-order.entity.ts';
import { derivedId } from '../../../db/new-id.ts';
import type { EntityManager } from '../../../db/orm.ts';
import { beginAuthenticity } from '../../../domain/authenticity/progress.ts';
import type { OpenAuthenticity, StoredAuthenticity } from './authenticity-records.ts';
import { caseColumns } from './case-columns.ts';
import { tellOfCase } from './tell-of-case.ts';

/** The escrow has stored the shipment before. */
export async function openAuthenticity(em: EntityManager, input: OpenAuthenticity): Promise<StoredAuthenticity> {
  const { escrowId, orderId, actor, at } = input;
  const begun = await em.findOne(AuthenticityCase, { escrowId });
  if (begun) return { applied: true, version: begun.version, authenticity: begun.content };
  const order = await em.findOneOrFail(Order, { id: orderId });
  const vendorOrders = await em.find(VendorOrder, { orderId });
  const vendorOrder = vendorOrders.find((each) => each.escrowId === escrowId);
  if (!vendorOrder?.authenticity || !order.policy.authenticity) {
    throw new Error(`the goods of ${escrowId} go straight to the buyer`);
  }
  const { id: vendorOrderId, buyerId, vendorId: sellerId, currency, itemsMinor } = vendorOrder;
  const partyIds = [...new Set([buyerId, ...vendorOrders.map((each) => each.vendorId)])].toSorted();
  const parties = { buyerId, sellerId, partyIds };
  const { authenticity: policy } = order.policy;
  const leg = beginAuthenticity({ escrowId, orderId, vendorOrderId, ...parties, currency, itemsMinor, policy }, at);
  const id = derivedId('authenticity', escrowId);
  await em.insert(AuthenticityCase, {
    id,
    escrowId,
    orderId,
    vendorOrderId,
    buyerId,
    sellerId,
    currency,
    openedAt: new Date(at),
    version: 1,
    ...caseColumns(leg, at),
  });
  const { carrier, trackingNumber } = vendorOrder;
  const sent = { step: 'sent', actorRole: 'seller', actorId: sellerId, carrier, trackingNumber } as const;
  await em.insert(CustodyScan, { authenticityId: id, seq: 1, ...sent, at: new Date(at) });
  await tellOfCase(em, { id, escrowId, orderId, version: 1, event: 'authenticity.requested', actor, reason: null, at });
  return { applied: true, version: 1, authenticity: leg };
}
