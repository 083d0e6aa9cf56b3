/** A deal with one delivery and one dispute, as it would be told to a bank. */

import type { EvidencePacket } from '../../../domain/disputes/evidence-packet.ts';
import { PRESETS } from '../../../domain/policy/presets.ts';

const USD = (amountMinor: number) => ({ amountMinor, currency: 'USD' }) as const;

export function packet(changes: Partial<EvidencePacket> = {}): EvidencePacket {
  return {
    format: 1,
    assembledAt: '2026-03-09T12:00:00.000Z',
    chargeback: {
      id: 'dp_1',
      reason: 'product_not_received',
      amount: USD(12_000),
      openedAt: '2026-03-08T12:00:00.000Z',
      evidenceDueBy: '2026-03-15T12:00:00.000Z',
    },
    buyer: { id: 'usr_1', name: 'Ada Lovelace', email: 'ada@example.com' },
    order: {
      id: 'ord_1',
      paymentId: 'pay_1',
      placedAt: '2026-03-01T11:58:00.000Z',
      paidAt: '2026-03-01T12:00:00.000Z',
      total: USD(12_000),
      shippingAddress: { name: 'Ada Lovelace', line1: '1 Row', city: 'London' },
    },
    terms: {
      preset: 'multi-vendor',
      policyVersion: 3,
      autoReleaseAfterDeliveryMs: 7 * 86_400_000,
      dispute: PRESETS['multi-vendor'].policy.dispute,
    },
    deliveries: [
      {
        vendorOrderId: 'vor_1',
        escrowId: 'esc_1',
        seller: 'Sergio',
        fulfilment: 'physical',
        status: 'split',
        items: [{ title: 'Radio', quantity: 2, total: USD(12_000) }],
        carrier: 'DHL',
        trackingNumber: 'JD01',
        shippedAt: '2026-03-02T09:00:00.000Z',
        deliveredAt: '2026-03-03T09:00:00.000Z',
        confirmedByBuyer: true,
        held: USD(12_000),
        released: USD(11_000),
        refunded: USD(1_000),
      },
    ],
    accessLog: [],
    timeline: [{ at: '2026-03-02T09:00:00.000Z', by: 'seller', text: 'The goods are on their way.' }],
    disputes: [
      {
        disputeId: 'dsp_1',
        escrowId: 'esc_1',
        openedBy: 'buyer',
        reason: 'not_working',
        description: 'It hums.',
        openedAt: '2026-03-04T08:00:00.000Z',
        phase: 'resolved',
        messages: [{ at: '2026-03-04T09:00:00.000Z', by: 'buyer', body: 'It hums.' }],
        files: [
          {
            at: '2026-03-04T09:01:00.000Z',
            by: 'buyer',
            fileName: 'hum.mp4',
            mediaType: 'video/mp4',
            sizeBytes: 1_234,
            sha256: 'ab'.repeat(32),
          },
        ],
        seals: [{ phase: 'seller_response', sealedAt: '2026-03-05T09:00:00.000Z', seal: 'cd'.repeat(32) }],
      },
    ],
    ...changes,
  };
}
