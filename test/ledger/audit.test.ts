import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import pg from 'pg';
import type { EscrowWrite } from '../../activities/records/escrow-records.ts';
import { auditLedger } from '../../db/ledger/audit.ts';
import type { EscrowId } from '../../domain/ids.ts';
import { ContestedHold, caseOf } from '../activities/support/contested.ts';
import {
  listGoods,
  type Marketplace,
  openMarketplace,
  orderOf,
  paidOrder,
  placeWithPayment,
} from '../activities/support/shop.ts';

let market: Marketplace;
let owner: pg.Client;
beforeAll(async () => {
  market = await openMarketplace();
  const [database] = await market.orm.em.fork().execute<{ name: string }[]>('select current_database() as name');
  const url = new URL(process.env.TEST_DATABASE_ADMIN_URL ?? '');
  url.pathname = `/${database?.name}`;
  owner = new pg.Client({ connectionString: url.href });
  await owner.connect();
  await openOrders();
  await openDisputes();
  await owner.query('select ledger_roll_up()');
  // What Postgres refuses by itself could not be tampered with: the audit must find it without.
  await owner.query(
    'alter table escrow drop constraint escrow_parts_add_up, drop constraint escrow_disputed_while_contested',
  );
  await owner.query(
    'alter table dispute drop constraint dispute_part_adds_up, drop constraint dispute_buyer_within_part',
  );
});
afterAll(async () => {
  await owner.end();
  await market.close();
});

/** One order waits to be paid, one is held, one is released, one is authorised, one was refunded. */
async function openOrders(): Promise<void> {
  const order = async (preset?: 'pi-market') =>
    orderOf(market, [{ listingId: await listGoods(market, { preset }), quantity: 2 }]);
  await placeWithPayment(market, await order());
  await paidOrder(market, await order());
  await paidOrder(market, await order('pi-market'));
  const write = { actor: { role: 'admin', id: 'usr_admin' } as const, reason: 'test', at: new Date().toISOString() };
  for (const end of ['released', 'refunded']) {
    const input = await order();
    const { placed } = await paidOrder(market, input);
    const escrowId = placed.vendorOrders[0]?.escrowId ?? 'esc_';
    const step = { ...write, escrowId, orderId: input.orderId, version: 2 };
    if (end === 'released') await market.records.releaseHold(step);
    else await refund(escrowId, step);
  }
}

/** A refund at the provider, and what is written of it. */
async function refund(escrowId: EscrowId, step: EscrowWrite): Promise<void> {
  const clocks = { shipBy: null, deliveredBy: null, releaseAt: null, pausedAt: null, accessedAt: null };
  await market.records.changeEscrow({ ...step, event: 'escrow.refunding', to: 'refunding', ...clocks });
  const refunded = await market.atProvider.refundHold({ escrowId });
  await market.records.finishRefund({ ...step, ...refunded, version: step.version + 1 });
}

/** Parts of one hold are contested, shared out and taken by the bank; another's dispute was withdrawn. */
async function openDisputes(): Promise<void> {
  const hold = await ContestedHold.open(market, {
    lines: [7_000, 5_000, 3_000].map((priceMinor) => ({ priceMinor, quantity: 2 })),
  });
  await hold.opened([[0, 1]]);
  await hold.settle(await hold.opened([[1, 1]]), 2_000);
  const lost = await hold.opened([[2, 1]]);
  await hold.close(lost);
  await hold.chargeBack(lost, 'dp_audit', 1_000);
  await hold.release();
  const other = await ContestedHold.open(market, { phase: 'held' });
  const withdrawn = caseOf(await other.dispute([[0, 1]], { reason: 'not_received' }));
  await other.close(withdrawn, 'withdrawn');
  await other.rejoin(withdrawn, 'held');
}

const broken = async (): Promise<string[]> => {
  const { findings } = await auditLedger(market.orm.em);
  return findings.filter(({ violations }) => violations > 0).map(({ name }) => name);
};

/** Statements that get past every guard, as a superuser could. */
const past = (statement: string) => `begin; set local session_replication_role = replica; ${statement}; commit`;

const RELEASED = `(select id from escrow where status = 'released')`;
const RELEASE = `(select min(id) from ledger_journal where kind = 'hold_released')`;

/** What is done, how it is undone, and what the audit says of it. */
const TAMPERINGS: [done: string, undone: string, found: string][] = [
  [
    `update ledger_posting set amount_minor = amount_minor + 1 where account = 'revenue:commission'`,
    `update ledger_posting set amount_minor = amount_minor - 1 where account = 'revenue:commission'`,
    'every journal sums to zero in each currency',
  ],
  [
    `update ledger_journal set line_count = line_count + 1 where id = ${RELEASE}`,
    `update ledger_journal set line_count = line_count - 1 where id = ${RELEASE}`,
    'every journal has all its lines, two or more',
  ],
  [
    `update ledger_posting set xid = (xid::text::bigint + 1)::text::xid8 where journal_id = ${RELEASE}`,
    `update ledger_posting set xid = (xid::text::bigint - 1)::text::xid8 where journal_id = ${RELEASE}`,
    'every line belongs to a journal of its own transaction and to an account of its currency',
  ],
  [
    `update ledger_balance set balance_minor = balance_minor + 1 where account like 'wallet:%'`,
    `update ledger_balance set balance_minor = balance_minor - 1 where account like 'wallet:%'`,
    'every balance is the sum of its lines',
  ],
  [
    `update ledger_rollup set balance_minor = balance_minor + 1 where account = 'world:stripe'`,
    `update ledger_rollup set balance_minor = balance_minor - 1 where account = 'world:stripe'`,
    'every rollup is the sum of the lines before its mark',
  ],
  [
    `update escrow set status = 'delivered' where id = ${RELEASED}`,
    `update escrow set status = 'released' where status = 'delivered'`,
    'a finished hold is empty, an open one holds its rest and what is frozen',
  ],
  [
    `update orders set paid_at = null where status = 'completed'`,
    `update orders set paid_at = now() where status = 'completed'`,
    'a paid order has its total in its holds, an unpaid one nothing',
  ],
  [
    `update escrow set released_minor = released_minor - 1 where id = ${RELEASED}`,
    `update escrow set released_minor = released_minor + 1 where id = ${RELEASED}`,
    'captured = released + refunded + held + lost, per order',
  ],
  [
    `update vendor_order set net_minor = net_minor - 1`,
    `update vendor_order set net_minor = net_minor + 1`,
    'a released hold paid the seller the net and the platform the commission of its vendor order',
  ],
  [
    `update orders set total_minor = total_minor + 1, tax_minor = tax_minor + 1`,
    `update orders set total_minor = total_minor - 1, tax_minor = tax_minor - 1`,
    'vendor orders add up to their order',
  ],
  [
    `update vendor_order set status = 'shipped' where status = 'released'`,
    `update vendor_order set status = 'released' where status = 'shipped'`,
    'a vendor order and its escrow have the same state, and every paid vendor order has an escrow',
  ],
  [
    `update orders set status = 'refunded' where status = 'completed'`,
    `update orders set status = 'completed' where id = (select order_id from escrow where status = 'released')`,
    'the state of a paid order follows from its escrows',
  ],
  [
    `update payment set status = 'succeeded' where status = 'created'`,
    `update payment set status = 'created' where captured_minor = 0 and status = 'succeeded'`,
    'every payment that succeeded has exactly one journal',
  ],
  [
    `update payment set status = 'failed' where status = 'authorized'`,
    `update payment set status = 'authorized' where status = 'failed'`,
    'every journal of a payment has its payment',
  ],
  [
    `update provider_request set object_id = object_id || '!' where operation = 'refund'`,
    `update provider_request set object_id = rtrim(object_id, '!') where operation = 'refund'`,
    'every refund and transfer at a provider has exactly one journal',
  ],
  [
    `update orders set status = 'completed' where preset = 'pi-market'`,
    `update orders set status = 'paid_in_escrow' where preset = 'pi-market'`,
    'nothing stays authorised for a finished order',
  ],
  [
    `update listing set reserved = reserved - 1 where reserved > 0`,
    `update listing set reserved = reserved + 1 where reserved > 0`,
    'reserved units are those of open unpaid orders',
  ],
  [
    `update listing set sold = sold + 1 where sold > 0`,
    `update listing set sold = sold - 1 where sold > 0`,
    'sold units are those of paid orders, without what was refunded before it left',
  ],
  [
    `update escrow set releases = releases + 1 where id = ${RELEASED}`,
    `update escrow set releases = releases - 1 where id = ${RELEASED}`,
    'a hold has one journal for each of its releases and refunds, and no other',
  ],
  [
    `update escrow set held_minor = held_minor + 1 where id = ${RELEASED}`,
    `update escrow set held_minor = held_minor - 1 where id = ${RELEASED}`,
    'held = rest + frozen + released + refunded + charged back, per escrow',
  ],
  [
    `update escrow set frozen_minor = frozen_minor + 1 where status = 'released'`,
    `update escrow set frozen_minor = 0 where status = 'released'`,
    'what is frozen in a hold are the parts of its open disputes, and nothing without one',
  ],
  [
    `update escrow set open_disputes = open_disputes + 1 where status = 'disputed'`,
    `update escrow set open_disputes = open_disputes - 1 where status = 'disputed'`,
    'what is frozen in a hold are the parts of its open disputes, and nothing without one',
  ],
  [
    `update dispute set buyer_minor = buyer_minor + 1 where settlement = 'split'`,
    `update dispute set buyer_minor = buyer_minor - 1 where settlement = 'split'`,
    'the journal of a dispute says what its row says, and an open one has none',
  ],
  [
    `update dispute set settlement = 'hold_goes_on' where settlement = 'charged_back'`,
    `update dispute set settlement = 'charged_back' where chargeback_id = 'dp_audit'`,
    'the journal of a dispute says what its row says, and an open one has none',
  ],
  [
    `update ledger_journal set escrow_id = null where key like 'dispute/%:resolve'`,
    `update ledger_journal j set escrow_id = d.escrow_id from dispute d where starts_with(j.key, 'dispute/' || d.id)`,
    'every journal of a contested part has its dispute',
  ],
  [
    `update escrow set charged_back_minor = charged_back_minor + 1 where charged_back_minor > 0`,
    `update escrow set charged_back_minor = charged_back_minor - 1 where charged_back_minor > 0`,
    'an escrow was charged back what its disputes lost to the bank',
  ],
  [
    `update order_item set settled_quantity = settled_quantity + 1 where settled_quantity > 0`,
    `update order_item set settled_quantity = settled_quantity - 1 where settled_quantity > 0`,
    'no unit of a line is contested, settled or paid for twice',
  ],
  [
    `update dispute set closed_at = null where settled_at is not null`,
    `update dispute set closed_at = settled_at where settled_at is not null`,
    'a settled dispute has ended, and its seals are those of its phases',
  ],
  [
    `update dispute_seal set seal = seal || '!'`,
    `update dispute_seal set seal = rtrim(seal, '!')`,
    'a settled dispute has ended, and its seals are those of its phases',
  ],
  [
    `update dispute_evidence set bytes = bytes || 'x'::bytea`,
    `update dispute_evidence set bytes = substring(bytes from 1 for length(bytes) - 1)`,
    'the evidence of a sealed phase is what its seal names',
  ],
  [
    `update dispute_evidence set phase = 'mediation'`,
    `update dispute_evidence set phase = 'seller_response'`,
    'the evidence of a sealed phase is what its seal names',
  ],
  [
    `update order_item set restocked_quantity = restocked_quantity - 1 where restocked_quantity > 0`,
    `update order_item set restocked_quantity = restocked_quantity + 1 where restocked_quantity > 0`,
    'units are back on the shelf where they were refunded before they left, and nowhere else',
  ],
  [
    `update payment set refunded_minor = refunded_minor + 1 where refunded_minor > 0`,
    `update payment set refunded_minor = refunded_minor - 1 where refunded_minor > 0`,
    'a payment gave back what its holds did',
  ],
];

describe('the audit of the books', () => {
  it('finds nothing in sound ones', async () => {
    expect(await broken()).toEqual([]);
  });

  it.each(TAMPERINGS)('after "%s" (undone by "%s") says that it does not hold: %s', async (done, undone, found) => {
    await owner.query(past(done));
    expect(await broken()).toContain(found);
    await owner.query(past(undone));
    expect(await broken()).toEqual([]);
  });

  it('shows what it found', async () => {
    await owner.query(past(`update listing set sold = sold + 1 where sold = 0`));
    const { clean, findings } = await auditLedger(market.orm.em);
    expect(clean).toBe(false);
    const [finding] = findings.filter(({ violations }) => violations > 0);
    expect(finding?.violations).toBeGreaterThan(20);
    expect(finding?.rows).toHaveLength(20);
    expect(finding?.rows[0]).toEqual({ listing_id: expect.stringMatching(/^lst_/), sold: 1, paid: expect.anything() });
  });
});
