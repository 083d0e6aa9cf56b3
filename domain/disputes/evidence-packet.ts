/** What a bank is told about a deal: everything that was recorded about it, as data, and in the bank's own fields. */

import { amountInWords } from '../explain.ts';
import type { Money } from '../money.ts';
import type { DisputePolicy, PresetName } from '../policy/policy.ts';

/** An entry of the order's timeline, in the words that people read. */
type PacketEntry = { at: string; by: string; text: string };

export type PacketDelivery = {
  vendorOrderId: string;
  escrowId: string;
  seller: string;
  fulfilment: 'physical' | 'digital';
  status: string;
  items: { title: string; quantity: number; total: Money }[];
  carrier: string | null;
  trackingNumber: string | null;
  shippedAt: string | null;
  deliveredAt: string | null;
  confirmedByBuyer: boolean;
  held: Money;
  released: Money;
  refunded: Money;
};

type PacketFile = { at: string; by: string; fileName: string; mediaType: string; sizeBytes: number; sha256: string };

export type PacketDispute = {
  disputeId: string;
  escrowId: string;
  openedBy: string;
  reason: string;
  description: string;
  openedAt: string;
  phase: string;
  messages: { at: string; by: string; body: string }[];
  files: PacketFile[];
  seals: { phase: string; sealedAt: string; seal: string }[];
};

/** JSON-safe; instants are RFC 3339. Kept as it was sent. */
export type EvidencePacket = {
  format: 1;
  assembledAt: string;
  chargeback: { id: string; reason: string; amount: Money; openedAt: string; evidenceDueBy: string | null };
  buyer: { id: string; name: string; email: string };
  order: {
    id: string;
    paymentId: string;
    placedAt: string;
    paidAt: string | null;
    total: Money;
    shippingAddress: Record<string, string> | null;
  };
  /** The rules the deal was made under, frozen when it was placed. */
  terms: { preset: PresetName; policyVersion: number; autoReleaseAfterDeliveryMs: number; dispute: DisputePolicy };
  deliveries: PacketDelivery[];
  /** When digital goods were opened. */
  accessLog: PacketEntry[];
  timeline: PacketEntry[];
  disputes: PacketDispute[];
};

/** The bank's fields that we have something for. */
export type BankEvidence = {
  access_activity_log?: string;
  customer_email_address: string;
  customer_name: string;
  product_description: string;
  refund_refusal_explanation: string;
  service_date?: string;
  shipping_address?: string;
  shipping_carrier?: string;
  shipping_date?: string;
  shipping_tracking_number?: string;
  uncategorized_text: string;
};

/** Banks' limit for one field; with eleven fields that also keeps to the limit of 150,000 for all. */
const FIELD_CHARS_MAX = 13_000;

/** The packet in the bank's fields, each cut to what it may have; fields we know nothing for are left out. */
export function bankEvidence(packet: EvidencePacket): BankEvidence {
  const { buyer, order, deliveries, accessLog, disputes } = packet;
  const of = (pick: (delivery: PacketDelivery) => string | null): string | undefined => {
    const values = [...new Set(deliveries.map(pick).filter((value) => value !== null))];
    return values.length === 0 ? undefined : cut(values.join(', '));
  };
  const items = deliveries.flatMap((delivery) => delivery.items);
  const spoken = disputes.flatMap((dispute) => dispute.messages.map(entryLine));
  const sections = [
    section('What happened', packet.timeline.map(entryLine)),
    section('What the parties wrote', spoken),
  ];
  const digital = deliveries.some(({ fulfilment }) => fulfilment === 'digital');
  return withoutUndefined({
    access_activity_log: accessLog.length === 0 ? undefined : cut(accessLog.map(entryLine).join('\n')),
    customer_email_address: cut(buyer.email),
    customer_name: cut(buyer.name),
    product_description: cut(items.map(({ title, quantity }) => `${quantity} x ${title}`).join('\n')),
    refund_refusal_explanation: cut(refusalToRefund(packet)),
    service_date: digital ? day(order.paidAt) : undefined,
    shipping_address: order.shippingAddress === null ? undefined : cut(Object.values(order.shippingAddress).join(', ')),
    shipping_carrier: of(({ carrier }) => carrier),
    shipping_date: of(({ shippedAt }) => day(shippedAt) ?? null),
    shipping_tracking_number: of(({ trackingNumber }) => trackingNumber),
    uncategorized_text: cut(sections.join('\n\n')),
  });
}

/** One entry on one line. */
export function entryLine(entry: { at: string; by: string; text?: string; body?: string }): string {
  return `${entry.at} ${entry.by}: ${entry.text ?? entry.body ?? ''}`;
}

function refusalToRefund({ terms, deliveries, disputes }: EvidencePacket): string {
  const refunded = deliveries.filter(({ refunded: { amountMinor } }) => amountMinor > 0);
  const days = Math.round(terms.autoReleaseAfterDeliveryMs / 86_400_000);
  return [
    `The payment was held in escrow: the buyer could contest the goods until ${days} days after delivery.`,
    disputes.some(({ openedBy }) => openedBy === 'buyer')
      ? 'The buyer did, and the case was heard as recorded below.'
      : 'The buyer contested nothing with us before turning to the bank.',
    ...refunded.map(
      ({ vendorOrderId, refunded: { amountMinor, currency } }) =>
        `Already refunded for ${vendorOrderId}: ${amountInWords(amountMinor, currency)}.`,
    ),
  ].join(' ');
}

function section(title: string, lines: readonly string[]): string {
  return [title, ...(lines.length === 0 ? ['Nothing.'] : lines)].join('\n');
}

function cut(text: string): string {
  return text.length <= FIELD_CHARS_MAX ? text : `${text.slice(0, FIELD_CHARS_MAX - 2)}\n…`;
}

function day(at: string | null): string | undefined {
  return at?.slice(0, 10);
}

function withoutUndefined<T extends object>(value: T): T {
  return Object.fromEntries(Object.entries(value).filter(([, each]) => each !== undefined)) as T;
}
