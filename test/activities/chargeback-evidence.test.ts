/** What a bank is told of a deal: sent once, kept as it was sent. */

import { describe, expect, it } from '@jest/globals';
import { Chargeback } from '../../db/entities/chargeback.entity.ts';
import { DomainEvent } from '../../db/entities/domain-event.entity.ts';
import { ADMIN, at, held, market, opened, release, useMarketplace, write } from './support/chargebacks.ts';

useMarketplace();

describe('evidence', () => {
  const submit = (chargebackId: string) => market.atProvider.submitEvidence({ chargebackId, actor: ADMIN, at: at() });

  it('tells the bank what was recorded about the deal, once, and is kept as it was sent', async () => {
    const hold = await held();
    const shipment = { carrier: 'DHL', trackingNumber: 'JD0001' };
    const clocks = { shipBy: null, deliveredBy: at(), releaseAt: null, pausedAt: null, accessedAt: null };
    await market.records.changeEscrow({
      ...write(hold, 2),
      event: 'escrow.shipped',
      to: 'shipped',
      ...clocks,
      ...shipment,
    });
    const { chargebackId } = await opened(hold, 10_000);
    const answers = await Promise.all([1, 2, 3].map(() => submit(chargebackId).catch(() => null)));
    const { submittedAt } = await submit(chargebackId);
    for (const answer of answers) if (answer) expect(answer).toEqual({ submittedAt });
    const sent = market.simulator.control.events().findLast(({ type }) => type === 'charge.dispute.updated');
    expect(sent?.data.object).toMatchObject({
      id: chargebackId,
      status: 'under_review',
      evidence: {
        shipping_carrier: 'DHL',
        shipping_tracking_number: 'JD0001',
        product_description: '1 x Test goods',
      },
    });
    const em = market.orm.em.fork();
    const stored = await em.findOneOrFail(Chargeback, { id: chargebackId });
    expect(stored.evidenceSentAt?.toISOString()).toBe(submittedAt);
    expect(stored.evidence?.timeline.map(({ text }) => text)).toContain('The goods are on their way. Reason: test');
    expect(stored.evidence?.deliveries).toEqual([expect.objectContaining({ ...shipment, escrowId: hold.escrowId })]);
    expect(await em.count(DomainEvent, { type: 'chargeback.evidence_sent', subjectId: chargebackId })).toBe(1);
    await release({ ...hold });
    await market.records.releaseHold(write(hold, 3));
  });

  it('that comes too late is not sent, and says so', async () => {
    const hold = await held();
    const { chargebackId } = await opened(hold, 10_000);
    market.simulator.control.closeDispute(chargebackId, 'lost');
    expect(await submit(chargebackId)).toEqual({ submittedAt: null });
    expect(await submit(chargebackId)).toEqual({ submittedAt: null });
  });
});
