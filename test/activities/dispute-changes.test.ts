/** Changes of a dispute on a real Postgres: stored once under their number, and the evidence of a phase sealed at its end. */

import { createHash } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { DisputeChange } from '../../activities/records/disputes/dispute-records.ts';
import { Dispute } from '../../db/entities/dispute.entity.ts';
import { DisputeEvidence } from '../../db/entities/dispute-evidence.entity.ts';
import { DisputeSeal } from '../../db/entities/dispute-seal.entity.ts';
import { DomainEvent } from '../../db/entities/domain-event.entity.ts';
import { auditLedger } from '../../db/ledger/audit.ts';
import { newId } from '../../db/new-id.ts';
import type { DisputeCommand } from '../../domain/disputes/commands.ts';
import type { DisputeCase, DisputeId } from '../../domain/disputes/dispute.ts';
import { afterBankOpened, afterCommand, afterDeadline } from '../../domain/disputes/progress.ts';
import { ADMIN, ContestedHold } from './support/contested.ts';
import { type Marketplace, openMarketplace } from './support/shop.ts';

let market: Marketplace;
beforeAll(async () => {
  market = await openMarketplace();
});
afterAll(async () => {
  const audit = await auditLedger(market.orm.em.fork());
  await market.close();
  expect(audit.findings.filter((finding) => finding.violations > 0)).toEqual([]);
});

const now = () => new Date().toISOString();

function changeOf(
  hold: ContestedHold,
  dispute: DisputeCase,
  version: number,
  event: DisputeChange['event'] = 'dispute.responded',
): DisputeChange {
  const { disputeId, escrowId } = dispute;
  const { orderId } = hold;
  return { disputeId, escrowId, orderId, version, event, actor: ADMIN, reason: null, at: now(), dispute };
}

const respond = ({ sellerId }: ContestedHold): DisputeCommand => ({
  kind: 'respond',
  actor: { role: 'seller', id: sellerId },
  text: 'It was fine.',
});

/** As the API adds a file: under the lock of the dispute, only while the phase it is for goes on. */
async function addFile(disputeId: DisputeId, text: string): Promise<boolean> {
  return market.orm.em.fork().transactional(async (em) => {
    await em.execute('select from dispute where id = ? for no key update', [disputeId]);
    const dispute = await em.findOneOrFail(Dispute, { id: disputeId });
    if (dispute.phase !== 'seller_response') return false;
    const bytes = Buffer.from(text);
    const sha256 = createHash('sha256').update(bytes).digest('hex');
    const by = { authorRole: 'buyer', authorId: market.buyerId, fileName: 'a.txt', mediaType: 'text/plain' } as const;
    const { phase } = dispute;
    const at = new Date();
    const file = { id: newId('evidence'), disputeId, phase, ...by, sizeBytes: bytes.length, sha256, bytes, at };
    await em.insert(DisputeEvidence, file);
    return true;
  });
}

describe('a change of a dispute', () => {
  it('is stored once: the same change again is applied, another under its number is not', async () => {
    const hold = await ContestedHold.open(market);
    const dispute = await hold.opened([[0, 1]]);
    const next = afterCommand(dispute, respond(hold), now());
    const change = changeOf(hold, next, 2);
    const results = await Promise.all([1, 2, 3].map(() => market.records.changeDispute(change)));
    expect(results).toEqual([1, 2, 3].map(() => ({ applied: true, version: 2, dispute: next })));
    const other = changeOf(hold, afterDeadline(dispute, now()), 2, 'dispute.mediation');
    expect(await market.records.changeDispute(other)).toEqual({ applied: false, version: 2, dispute: next });
    const { disputeId } = dispute;
    const facts = await market.orm.em.fork().find(DomainEvent, { subjectId: disputeId, type: 'dispute.responded' });
    expect(facts.map(({ data }) => data)).toEqual([{ disputeId, version: 2, phase: 'mediation' }]);
    expect(await market.orm.em.fork().count(DisputeSeal, { disputeId })).toBe(1);
  });

  it('shows in the columns that people look for', async () => {
    const hold = await ContestedHold.open(market);
    const dispute = await hold.opened([[0, 1]]);
    const mediation = afterCommand(dispute, respond(hold), now());
    await market.records.changeDispute(changeOf(hold, mediation, 2));
    expect(await hold.disputeRow(dispute)).toMatchObject({
      phase: 'mediation',
      version: 2,
      deadlineAt: new Date(mediation.deadlineAt ?? ''),
      closedAt: null,
    });
    const withBank = afterBankOpened(mediation, now());
    await market.records.changeDispute({
      ...changeOf(hold, withBank, 3, 'dispute.bank_opened'),
      chargebackId: 'dp_join',
    });
    expect(await hold.disputeRow(dispute)).toMatchObject({ deadlineAt: null, chargebackId: 'dp_join' });
    expect(await market.records.unsettledDisputes({ escrowId: hold.escrowId, orderId: hold.orderId })).toEqual([
      { dispute: withBank, chargebackId: 'dp_join' },
    ]);
  });

  it('does not take the number of a write to the escrow', async () => {
    const hold = await ContestedHold.open(market);
    const dispute = await hold.opened([[0, 1]]);
    for (const version of [2, 3, 4, 5]) {
      await market.records.changeDispute(
        changeOf(hold, { ...dispute, claimedBy: hold.sellerId }, version, 'dispute.claimed'),
      );
    }
    const write = hold.write();
    expect(await market.records.releaseHold(write)).toMatchObject({ applied: true });
    expect(await market.records.releaseHold(write)).toMatchObject({ applied: true, version: write.version });
  });
});

describe('the evidence of a phase', () => {
  it('is sealed with the change that ends it, each seal chained to the one before', async () => {
    const hold = await ContestedHold.open(market);
    const dispute = await hold.opened([[0, 1]]);
    const { disputeId } = dispute;
    await addFile(disputeId, 'a photograph');
    const mediation = afterCommand(dispute, respond(hold), now());
    await market.records.changeDispute(changeOf(hold, mediation, 2));
    const decided = afterDeadline(mediation, now());
    await market.records.changeDispute(changeOf(hold, decided, 3, 'dispute.decided_by_default'));
    const seals = await market.orm.em.fork().find(DisputeSeal, { disputeId }, { orderBy: { seq: 'asc' } });
    expect(seals.map(({ seq, phase }) => [seq, phase])).toEqual([
      [1, 'seller_response'],
      [2, 'mediation'],
    ]);
    const [first, second] = seals;
    expect(first?.manifest.split('\n')).toHaveLength(3);
    expect(first?.seal).toBe(
      createHash('sha256')
        .update(first?.manifest ?? '')
        .digest('hex'),
    );
    expect([first?.previousSeal, second?.previousSeal]).toEqual([null, first?.seal]);
    expect(second?.manifest).toBe(`${disputeId} mediation ${first?.seal}`);
  });

  it('is in the seal or refused, however files and the end of the phase cross', async () => {
    const outcomes = new Set<boolean>();
    for (let round = 0; round < 12; round += 1) {
      const hold = await ContestedHold.open(market);
      const dispute = await hold.opened([[0, 1]]);
      const { disputeId } = dispute;
      const mediation = afterCommand(dispute, respond(hold), now());
      const files = [1, 2, 3].map((file) => addFile(disputeId, `file ${file}`));
      const [, ...added] = await Promise.all([
        market.records.changeDispute(changeOf(hold, mediation, 2)),
        ...files,
        addFile(disputeId, 'the last'),
      ]);
      const seal = await market.orm.em.fork().findOneOrFail(DisputeSeal, { disputeId });
      const accepted = added.filter((each) => each === true).length;
      expect(seal.manifest.split('\n')).toHaveLength(1 + 1 + accepted);
      for (const each of added) outcomes.add(each === true);
    }
    expect(outcomes.size).toBeGreaterThan(0);
  });
});
