/** Stores a dispute that was opened: its row, its lines, and the deal's terms as its first evidence. */

import { createHash } from 'node:crypto';
import { Dispute } from '../../../db/entities/dispute.entity.ts';
import { DisputeEvidence } from '../../../db/entities/dispute-evidence.entity.ts';
import { DisputeLine } from '../../../db/entities/dispute-line.entity.ts';
import type { Escrow } from '../../../db/entities/escrow.entity.ts';
import type { Order } from '../../../db/entities/order.entity.ts';
import { OrderItem } from '../../../db/entities/order-item.entity.ts';
import type { VendorOrder } from '../../../db/entities/vendor-order.entity.ts';
import { derivedId } from '../../../db/new-id.ts';
import type { EntityManager } from '../../../db/orm.ts';
import type { DisputeCase, DisputeReason } from '../../../domain/disputes/dispute.ts';
import { beginDispute } from '../../../domain/disputes/progress.ts';
import { type ContestedLine, lineShare } from '../../../domain/disputes/shares.ts';
import type { HoldAmounts } from '../../../domain/postings.ts';
import { termsAtPurchase } from './terms-at-purchase.ts';

export type NewDisputeRows = {
  order: Order;
  vendorOrder: VendorOrder;
  escrow: Escrow;
  disputeId: DisputeCase['disputeId'];
  openedBy: DisputeCase['openedBy'];
  reason: DisputeReason;
  description: string;
  part: HoldAmounts;
  lines: readonly (ContestedLine & { itemId: string })[];
  chargebackId: string | null;
  /** RFC 3339. */
  at: string;
};

export async function insertDispute(em: EntityManager, input: NewDisputeRows): Promise<DisputeCase> {
  const { order, vendorOrder, escrow, disputeId, openedBy, reason, part, at } = input;
  const { id: escrowId, buyerId, sellerId, currency } = escrow;
  const { fulfilment } = vendorOrder;
  const frozenMinor = part.grossMinor;
  const parties = { escrowId, buyerId, sellerId, openedBy, reason, fulfilment, currency };
  const content = beginDispute({ disputeId, ...parties, frozenMinor, policy: order.policy.dispute }, at);
  await em.insert(Dispute, {
    id: disputeId,
    escrowId,
    orderId: order.id,
    vendorOrderId: vendorOrder.id,
    buyerId,
    sellerId,
    preset: order.preset,
    openedBy,
    reason,
    description: input.description,
    phase: content.phase,
    currency,
    frozenMinor,
    part,
    content,
    // While the bank decides, no clock runs.
    deadlineAt: content.bankSince === null && content.deadlineAt !== null ? new Date(content.deadlineAt) : null,
    chargebackId: input.chargebackId,
    openedAt: new Date(at),
  });
  await insertLines(em, input);
  await insertTerms(em, input, content);
  return content;
}

async function insertLines(em: EntityManager, { disputeId, lines }: NewDisputeRows): Promise<void> {
  if (lines.length === 0) return;
  await em.insertMany(
    DisputeLine,
    lines.map((line) => ({
      disputeId,
      orderItemId: asItemId(line.itemId),
      quantity: line.quantity,
      ...lineShare(line),
    })),
  );
}

async function insertTerms(em: EntityManager, input: NewDisputeRows, { phase }: DisputeCase): Promise<void> {
  const { disputeId, order, vendorOrder, at } = input;
  const items = await em.find(OrderItem, { vendorOrderId: vendorOrder.id }, { orderBy: { id: 'asc' } });
  const bytes = Buffer.from(JSON.stringify(termsAtPurchase(order, vendorOrder, items), null, 2));
  await em.insert(DisputeEvidence, {
    id: derivedId('evidence', disputeId, 'terms-at-purchase'),
    disputeId,
    phase,
    authorRole: 'system',
    authorId: 'system',
    fileName: 'terms-at-purchase.json',
    mediaType: 'application/json',
    sizeBytes: bytes.length,
    sha256: createHash('sha256').update(bytes).digest('hex'),
    bytes,
    at: new Date(at),
  });
}

function asItemId(itemId: string): OrderItem['id'] {
  return itemId as OrderItem['id'];
}
