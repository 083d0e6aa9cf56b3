/** The audit of the books finds whatever is wrong with chargebacks and with what was claimed back for them. */

import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import pg from 'pg';
import { auditLedger } from '../../db/ledger/audit.ts';
import { accountOf, lose, market, opened, paidOut, useMarketplace } from '../activities/support/chargebacks.ts';

let owner: pg.Client;
// Before the database goes.
afterAll(() => owner.end());
useMarketplace({ keepDebts: true });
beforeAll(async () => {
  const [database] = await market.orm.em.fork().execute<{ name: string }[]>('select current_database() as name');
  const url = new URL(process.env.TEST_DATABASE_ADMIN_URL ?? '');
  url.pathname = `/${database?.name}`;
  owner = new pg.Client({ connectionString: url.href });
  await owner.connect();
  const hold = await paidOut();
  const account = await accountOf(hold);
  market.simulator.control.emptyConnectedAccount(account);
  market.simulator.control.addBalance({ account, currency: 'eur', amount: 4_000 });
  const { chargebackId } = await opened(hold, 12_100);
  await market.records.noteChargebackFee({ chargebackId, feeMinor: 1_500 });
  expect(await lose(chargebackId)).toEqual([{ reversedMinor: 4_000, walletMinor: 0, owedMinor: 8_100 }]);
  // What Postgres refuses by itself could not be tampered with: the audit must find it without.
  await owner.query('alter table claw_back drop constraint claw_back_rungs_sum_to_amount');
});

const broken = async (): Promise<string[]> => {
  const { findings } = await auditLedger(market.orm.em);
  return findings.filter(({ violations }) => violations > 0).map(({ name }) => name);
};

/** Statements that get past every guard, as a superuser could. */
const past = (statement: string) => `begin; set local session_replication_role = replica; ${statement}; commit`;

/** What is done, how it is undone, and what the audit says of it. */
const TAMPERINGS: [done: string, undone: string, found: string][] = [
  [
    'update chargeback set amount_minor = amount_minor + 1',
    'update chargeback set amount_minor = amount_minor - 1',
    'a chargeback that the bank won took its amount, once; any other took nothing',
  ],
  [
    `update chargeback set status = 'won'`,
    `update chargeback set status = 'lost'`,
    'a chargeback that the bank won took its amount, once; any other took nothing',
  ],
  [
    'update chargeback set fee_minor = fee_minor + 1',
    'update chargeback set fee_minor = fee_minor - 1',
    'what a chargeback costs is booked',
  ],
  [
    'update claw_back set amount_minor = amount_minor + 1',
    'update claw_back set amount_minor = amount_minor - 1',
    'no hold and nobody bears more of a chargeback than their share',
  ],
  [
    'update claw_back set wallet_minor = wallet_minor + 1, reversed_minor = reversed_minor - 1',
    'update claw_back set wallet_minor = wallet_minor - 1, reversed_minor = reversed_minor + 1',
    'what was claimed back came from where its row says',
  ],
  [
    'update claw_back set written_off_minor = written_off_minor + 1',
    'update claw_back set written_off_minor = written_off_minor - 1',
    'what a seller owes is what claims left owed, less what releases paid and admins gave up',
  ],
  [
    `update provider_request set object_id = object_id || '!' where operation = 'reverse_transfer'`,
    `update provider_request set object_id = rtrim(object_id, '!') where operation = 'reverse_transfer'`,
    'every refund and transfer at a provider has exactly one journal',
  ],
];

describe('the audit of the books', () => {
  it.each(TAMPERINGS)('after "%s" (undone by "%s") says that it does not hold: %s', async (done, undone, found) => {
    expect(await broken()).toEqual([]);
    await owner.query(past(done));
    expect(await broken()).toContain(found);
    await owner.query(past(undone));
    expect(await broken()).toEqual([]);
  });
});
