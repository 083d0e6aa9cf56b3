/** The evidence for a bank as a document: what was recorded about a deal, page by page. */

import PDFDocument from 'pdfkit';
import {
  type EvidencePacket,
  entryLine,
  type PacketDelivery,
  type PacketDispute,
} from '../../domain/disputes/evidence-packet.ts';
import { amountInWords } from '../../domain/explain.ts';
import type { Money } from '../../domain/money.ts';

type Doc = InstanceType<typeof PDFDocument>;

const MARGIN = 50;

/** Resolves with the whole document: A4, in the fonts that every reader has. */
export function renderEvidence(packet: EvidencePacket): Promise<Uint8Array<ArrayBuffer>> {
  const { chargeback, assembledAt } = packet;
  const title = `Evidence for chargeback ${chargeback.id}`;
  const info = { Title: title, CreationDate: new Date(assembledAt), Producer: 'Holdfast', Creator: 'Holdfast' };
  const doc = new PDFDocument({ size: 'A4', margin: MARGIN, info, bufferPages: true });
  const chunks: Buffer[] = [];
  const done = new Promise<Uint8Array<ArrayBuffer>>((resolve, reject) => {
    doc.on('data', (chunk: Buffer) => chunks.push(chunk));
    doc.on('end', () => resolve(new Uint8Array(Buffer.concat(chunks))));
    doc.on('error', reject);
  });
  doc.font('Helvetica-Bold').fontSize(16).text(plain(title));
  write(doc, packet);
  numberPages(doc, chargeback.id);
  doc.end();
  return done;
}

function write(doc: Doc, packet: EvidencePacket): void {
  const { chargeback, buyer, order, terms, deliveries, accessLog, timeline, disputes } = packet;
  section(doc, 'The chargeback', [
    `Amount: ${amount(chargeback.amount)}, reason given: ${chargeback.reason}`,
    `Opened ${chargeback.openedAt}, evidence due by ${chargeback.evidenceDueBy ?? 'no date'}`,
    `This was put together on ${packet.assembledAt}`,
  ]);
  section(doc, 'The order', [
    `${order.id}, payment ${order.paymentId}, total ${amount(order.total)}`,
    `Placed ${order.placedAt}, paid ${order.paidAt ?? 'not'}`,
    `Buyer: ${buyer.name} <${buyer.email}>`,
    `Shipped to: ${order.shippingAddress === null ? 'nothing was shipped' : Object.values(order.shippingAddress).join(', ')}`,
  ]);
  section(doc, 'The terms it was placed under', [
    `Channel rules ${terms.preset}, version ${terms.policyVersion}, frozen when the order was placed`,
    `Time to object after delivery: ${Math.round(terms.autoReleaseAfterDeliveryMs / 3_600_000)} hours`,
    `Outcomes offered in a dispute: ${terms.dispute.outcomes.join(', ')}`,
  ]);
  for (const delivery of deliveries) section(doc, `Delivery ${delivery.vendorOrderId}`, deliveryLines(delivery));
  section(doc, 'Access to digital goods', accessLog.map(entryLine));
  for (const dispute of disputes) section(doc, `Dispute ${dispute.disputeId}`, disputeLines(dispute));
  section(doc, 'What happened, as recorded at the time', timeline.map(entryLine));
}

function deliveryLines(delivery: PacketDelivery): string[] {
  const { items, carrier, trackingNumber, shippedAt, deliveredAt, released, refunded } = delivery;
  return [
    `Seller: ${delivery.seller}. Goods: ${delivery.fulfilment}. State: ${delivery.status}`,
    ...items.map(({ title, quantity, total }) => `${quantity} x ${title}, ${amount(total)}`),
    `Carrier: ${carrier ?? 'none'}, tracking number: ${trackingNumber ?? 'none'}`,
    `Shipped: ${shippedAt ?? 'not recorded'}. Delivered: ${deliveredAt ?? 'not recorded'}`,
    ...(delivery.confirmedByBuyer ? ['The buyer confirmed the delivery.'] : []),
    `Released to the seller: ${amount(released)}. Refunded to the buyer: ${amount(refunded)}`,
  ];
}

function disputeLines({
  openedBy,
  openedAt,
  reason,
  description,
  phase,
  messages,
  files,
  seals,
}: PacketDispute): string[] {
  return [
    `Opened by the ${openedBy} on ${openedAt}, reason: ${reason}. State: ${phase}`,
    description,
    ...messages.map(entryLine),
    ...files.map((file) => `${file.at} ${file.by}: ${file.fileName} (${file.sizeBytes} bytes), SHA-256 ${file.sha256}`),
    ...seals.map(({ phase: sealed, seal }) => `Files of ${sealed} sealed with ${seal}`),
  ];
}

function section(doc: Doc, title: string, lines: readonly string[]): void {
  doc.moveDown().font('Helvetica-Bold').fontSize(12).text(plain(title));
  doc.font('Helvetica').fontSize(9);
  for (const each of lines.length === 0 ? ['Nothing was recorded.'] : lines) doc.text(plain(each), { paragraphGap: 2 });
}

/** Written last, when it is known how many there are. */
function numberPages(doc: Doc, id: string): void {
  const { start, count } = doc.bufferedPageRange();
  for (let index = start; index < start + count; index += 1) {
    doc.switchToPage(index);
    // Below the text: the margin must not break onto another page.
    doc.page.margins.bottom = 0;
    const footer = `${plain(id)}, page ${index + 1} of ${count}`;
    doc
      .font('Helvetica')
      .fontSize(8)
      .text(footer, MARGIN, doc.page.height - 35, { lineBreak: false });
  }
}

function amount({ amountMinor, currency }: Money): string {
  return amountInWords(amountMinor, currency);
}

/** The built-in fonts have the letters of Western Europe only; anything else would come out as something else. */
function plain(text: string): string {
  return text
    .replaceAll('\t', ' ')
    .replaceAll(/[^\n\u0020-\u007e\u00a0-\u00ff\u2013\u2014\u2018\u2019\u201c\u201d\u2022\u2026\u20ac]/gu, '?');
}
