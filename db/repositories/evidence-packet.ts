/** Assembles what a bank is told about a deal, from everything that is stored about it. */

import type { EntityManager } from '@mikro-orm/postgresql';
import type { EvidencePacket, PacketDelivery, PacketDispute } from '../../domain/disputes/evidence-packet.ts';
import { factInWords, isFactType } from '../../domain/facts.ts';
import type { Chargeback } from '../entities/chargeback.entity.ts';
import { Dispute } from '../entities/dispute.entity.ts';
import { DisputeEvidence } from '../entities/dispute-evidence.entity.ts';
import { DisputeMessage } from '../entities/dispute-message.entity.ts';
import { DisputeSeal } from '../entities/dispute-seal.entity.ts';
import { DomainEvent } from '../entities/domain-event.entity.ts';
import { Escrow } from '../entities/escrow.entity.ts';
import { Order } from '../entities/order.entity.ts';
import { OrderItem } from '../entities/order-item.entity.ts';
import { UserAccount } from '../entities/user-account.entity.ts';
import { VendorOrder } from '../entities/vendor-order.entity.ts';

/** The packet as it is now; the one that was sent is kept with the chargeback. */
export async function assembleEvidence(em: EntityManager, chargeback: Chargeback): Promise<EvidencePacket> {
  const { orderId } = chargeback;
  const order = await em.findOneOrFail(Order, { id: orderId });
  const buyer = await em.findOneOrFail(UserAccount, { id: order.buyerId });
  const facts = await em.find(DomainEvent, { orderId }, { orderBy: { seq: 'asc' } });
  const { policy, policyVersion, preset, currency } = order;
  return {
    format: 1,
    assembledAt: new Date().toISOString(),
    chargeback: {
      id: chargeback.id,
      reason: chargeback.reason,
      amount: { amountMinor: chargeback.amountMinor, currency: chargeback.currency },
      openedAt: chargeback.openedAt.toISOString(),
      evidenceDueBy: chargeback.evidenceDueBy?.toISOString() ?? null,
    },
    buyer: { id: buyer.id, name: buyer.displayName, email: buyer.email },
    order: {
      id: orderId,
      paymentId: chargeback.paymentId,
      placedAt: order.createdAt.toISOString(),
      paidAt: order.paidAt?.toISOString() ?? null,
      total: { amountMinor: order.totalMinor, currency },
      shippingAddress: order.shippingAddress ?? null,
    },
    terms: {
      preset,
      policyVersion,
      autoReleaseAfterDeliveryMs: policy.hold.autoReleaseMs,
      dispute: policy.dispute,
    },
    deliveries: await deliveriesOf(em, order, facts),
    accessLog: entriesOf(facts.filter(({ type }) => type === 'escrow.accessed')),
    timeline: entriesOf(facts.filter(isForTheBank)),
    disputes: await disputesOf(em, order),
  };
}

/** What became of the seller's money afterwards is not the bank's business. */
function isForTheBank({ type }: DomainEvent): boolean {
  return !type.startsWith('claw_back.') && !type.startsWith('payout.');
}

function entriesOf(facts: readonly DomainEvent[]) {
  return facts.map(({ at, type, actorRole, data }) => {
    const reason = typeof data.reason === 'string' ? data.reason : null;
    return { at: at.toISOString(), by: actorRole, text: isFactType(type) ? factInWords(type, reason) : type };
  });
}

async function deliveriesOf(em: EntityManager, order: Order, facts: readonly DomainEvent[]): Promise<PacketDelivery[]> {
  const { id: orderId, currency } = order;
  const vendorOrders = await em.find(VendorOrder, { orderId }, { orderBy: { id: 'asc' } });
  const items = await em.find(OrderItem, { orderId }, { orderBy: { id: 'asc' } });
  const escrows = await em.find(Escrow, { orderId });
  const sellers = await em.find(UserAccount, { id: { $in: vendorOrders.map(({ vendorId }) => vendorId) } });
  const money = (amountMinor: number) => ({ amountMinor, currency });
  return vendorOrders.map((vendorOrder) => {
    const { id, escrowId, vendorId, fulfilment, status, carrier, trackingNumber } = vendorOrder;
    const escrow = escrows.find((each) => each.id === escrowId);
    const of = (...types: string[]) => facts.find((fact) => fact.escrowId === escrowId && types.includes(fact.type));
    const confirmed = of('escrow.released')?.actorRole === 'buyer' || of('escrow.delivered')?.actorRole === 'buyer';
    return {
      vendorOrderId: id,
      escrowId,
      seller: sellers.find((seller) => seller.id === vendorId)?.displayName ?? vendorId,
      fulfilment,
      status,
      items: items
        .filter((item) => item.vendorOrderId === id)
        .map(({ title, quantity, totalMinor }) => ({ title, quantity, total: money(totalMinor) })),
      carrier: carrier ?? null,
      trackingNumber: trackingNumber ?? null,
      shippedAt: of('escrow.shipped')?.at.toISOString() ?? null,
      deliveredAt: of('escrow.delivered')?.at.toISOString() ?? null,
      confirmedByBuyer: confirmed,
      held: money(escrow?.heldMinor ?? 0),
      released: money(escrow?.releasedMinor ?? 0),
      refunded: money(escrow?.refundedMinor ?? 0),
    };
  });
}

async function disputesOf(em: EntityManager, { id: orderId }: Order): Promise<PacketDispute[]> {
  const disputes = await em.find(Dispute, { orderId }, { orderBy: { openedAt: 'asc', id: 'asc' } });
  const disputeId = { $in: disputes.map(({ id }) => id) };
  const messages = await em.find(DisputeMessage, { disputeId }, { orderBy: { id: 'asc' } });
  const files = await em.find(DisputeEvidence, { disputeId }, { orderBy: { id: 'asc' } });
  const seals = await em.find(DisputeSeal, { disputeId }, { orderBy: { seq: 'asc' } });
  return disputes.map((dispute) => {
    const isMine = <T extends { disputeId: string }>(row: T): boolean => row.disputeId === dispute.id;
    return {
      disputeId: dispute.id,
      escrowId: dispute.escrowId,
      openedBy: dispute.openedBy,
      reason: dispute.reason,
      description: dispute.description,
      openedAt: dispute.openedAt.toISOString(),
      phase: dispute.phase,
      messages: messages
        .filter(isMine)
        .map(({ at, authorRole, body }) => ({ at: at.toISOString(), by: authorRole, body })),
      files: files.filter(isMine).map(({ at, authorRole, fileName, mediaType, sizeBytes, sha256 }) => ({
        at: at.toISOString(),
        by: authorRole,
        fileName,
        mediaType,
        sizeBytes,
        sha256,
      })),
      seals: seals
        .filter(isMine)
        .map(({ phase, sealedAt, seal }) => ({ phase, sealedAt: sealedAt.toISOString(), seal })),
    };
  });
}
