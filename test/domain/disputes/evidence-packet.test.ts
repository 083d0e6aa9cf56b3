/** What a bank is told, in its own fields: only what there is, never more than it takes. */

import { describe, expect, it } from '@jest/globals';
import { bankEvidence } from '../../../domain/disputes/evidence-packet.ts';
import { packet } from './packet.ts';

describe('the evidence for a bank', () => {
  it('is in its fields what was recorded about the deal', () => {
    expect(bankEvidence(packet())).toMatchObject({
      customer_name: 'Ada Lovelace',
      customer_email_address: 'ada@example.com',
      product_description: '2 x Radio',
      shipping_carrier: 'DHL',
      shipping_tracking_number: 'JD01',
      shipping_date: '2026-03-02',
      shipping_address: 'Ada Lovelace, 1 Row, London',
    });
  });

  it('tells what happened and what was said, and why nothing more is refunded', () => {
    const { uncategorized_text: text, refund_refusal_explanation: refusal } = bankEvidence(packet());
    expect(text).toContain('2026-03-02T09:00:00.000Z seller: The goods are on their way.');
    expect(text).toContain('2026-03-04T09:00:00.000Z buyer: It hums.');
    expect(refusal).toContain('until 7 days after delivery');
    expect(refusal).toContain('Already refunded for vor_1: 10.00 USD.');
  });

  it('leaves out what there is nothing for', () => {
    const [delivery] = packet().deliveries;
    if (!delivery) throw new Error('there is one');
    const digital = {
      ...delivery,
      fulfilment: 'digital',
      carrier: null,
      trackingNumber: null,
      shippedAt: null,
    } as const;
    const order = { ...packet().order, shippingAddress: null };
    const accessLog = [{ at: '2026-03-01T12:05:00.000Z', by: 'buyer', text: 'The buyer has opened the goods.' }];
    const fields = bankEvidence(packet({ order, accessLog, deliveries: [digital], disputes: [] }));
    expect(Object.keys(fields).filter((field) => field.startsWith('shipping'))).toEqual([]);
    expect(fields).toMatchObject({
      service_date: '2026-03-01',
      access_activity_log: expect.stringContaining('opened'),
    });
    expect(fields.refund_refusal_explanation).toContain('contested nothing with us');
  });

  it('stays within what a bank takes, however much was said', () => {
    const entry = { at: '2026-03-01T12:00:00.000Z', by: 'buyer', text: 'x'.repeat(900) };
    const fields = bankEvidence(packet({ timeline: Array.from({ length: 500 }, () => entry) }));
    const lengths = Object.values(fields).map((text) => text.length);
    expect(Math.max(...lengths)).toBeLessThanOrEqual(20_000);
    expect(lengths.reduce((sum, length) => sum + length, 0)).toBeLessThanOrEqual(150_000);
  });
});
