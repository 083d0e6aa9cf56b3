/** No route turns chips into money: not one journal that exists can, nothing that posts does, and Postgres and audit refuse. */

import { globSync, readFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { auditLedger } from '../../db/ledger/audit.ts';
import { LedgerError } from '../../db/ledger/ledger-error.ts';
import { postJournals } from '../../db/ledger/post.ts';
import * as chips from '../../domain/postings/chips.ts';
import * as postings from '../../domain/postings.ts';
import { JOURNAL_KINDS, type Journal } from '../../domain/postings.ts';
import { type LedgerFixture, openLedger } from './ledger-fixture.ts';

const ROOT = join(import.meta.dirname, '../..');
const ID = '00000000000000000000000001';
const userId = `usr_${ID}` as const;
const [orderId, escrowId, disputeId] = [`ord_${ID}`, `esc_${ID}`, `dsp_${ID}`] as const;
const [paymentId, payoutId, purchaseId, marketId] = [`pay_${ID}`, `po_${ID}`, `pur_${ID}`, `mkt_${ID}`] as const;
const money = {
  currency: 'PHP',
  amountMinor: 5_000,
  provider: 'stripe',
  externalRef: 'x_1',
  reference: 'x_1',
} as const;
const order = { orderId, paymentId, buyerId: userId, holds: [{ escrowId, grossMinor: 5_000 }], ...money } as const;
const amounts = { ...postings.NO_AMOUNTS, itemsMinor: 5_000, commissionMinor: 500, grossMinor: 5_000, netMinor: 4_500 };
const hold = {
  ...order,
  escrowId,
  sellerId: userId,
  amounts,
  grossMinor: 5_000,
  authorisedOnly: false,
  buyerMinor: 2_000,
};
const wallet = { userId, payoutId, paymentId, ...money };
const bought = { purchaseId, userId, event: 'dp_1', chips: 50, ...money };

/** A journal of every builder there is. */
const SAMPLES: Readonly<Record<string, Journal>> = {
  holdPriceLowered: postings.holdPriceLowered(hold),
  chargebackLost: postings.chargebackLost(hold),
  chargebackFee: postings.chargebackFee(hold),
  chargebackAbsorbed: postings.chargebackAbsorbed(hold),
  clawedBack: postings.clawedBack({ ...hold, walletBalanceMinor: 2_000 }),
  transferReversed: postings.transferReversed(hold),
  receivableSettled: postings.receivableSettled(hold),
  receivableWrittenOff: postings.receivableWrittenOff(hold),
  holdReleased: postings.holdReleased(hold),
  holdRefunded: postings.holdRefunded(hold),
  holdSplit: postings.holdSplit(hold),
  holdPartSplit: postings.holdPartSplit({ ...hold, disputeId }),
  paymentCaptured: postings.paymentCaptured(order),
  paymentAuthorised: postings.paymentAuthorised(order),
  authorisationCaptured: postings.authorisationCaptured(order),
  authorisationCancelled: postings.authorisationCancelled(order),
  lateReceived: postings.lateReceived(order),
  lateRefunded: postings.lateRefunded(order),
  walletDeposited: postings.walletDeposited(wallet),
  payoutStarted: postings.payoutStarted(wallet),
  payoutPaid: postings.payoutPaid(wallet),
  payoutFailed: postings.payoutFailed(wallet),
  chipsBought: chips.chipsBought(bought),
  chipsTakenBack: chips.chipsTakenBack(bought),
  chipsGivenBack: chips.chipsGivenBack(bought),
  purchaseChargebackFee: chips.purchaseChargebackFee(bought),
  referralRewarded: chips.referralRewarded({ userId, friendId: userId, chips: 50 }),
  marketRaked: chips.marketRaked({ marketId, rake: 5 }),
};

/** What else `domain/postings.ts` has: parts of builders. */
const NO_BUILDERS = [
  'assertBalanced',
  'buyerAccount',
  'holdEndKey',
  'journal',
  'platformShippingOf',
  'positiveMinor',
  'receivableSettledKey',
  'releaseShares',
];

/** Journals that Postgres builds itself, since they have as many lines as there are forecasts. */
const BUILT_IN_POSTGRES = ['forecasts_placed', 'market_settled', 'market_stakes_returned'];

const isChips = ({ account }: { account: string }): boolean => account.startsWith('chips:');
const sum = (lines: readonly { amountMinor: number }[]): number =>
  lines.reduce((all, line) => all + line.amountMinor, 0);

describe('the journals', () => {
  it('are all here: every builder, every kind', () => {
    const functions = Object.entries(postings).flatMap(([name, it]) => (typeof it === 'function' ? [name] : []));
    expect(functions.toSorted()).toEqual([...Object.keys(SAMPLES), ...NO_BUILDERS].toSorted());
    const kinds = [...Object.values(SAMPLES).map(({ kind }) => kind), ...BUILT_IN_POSTGRES];
    expect([...new Set(kinds)].toSorted()).toEqual([...JOURNAL_KINDS].toSorted());
  });

  it.each(Object.entries(SAMPLES))('of %s keep chips among chips', (_name, { lines }) => {
    for (const line of lines) expect(isChips(line)).toBe(line.currency === 'CHIP');
    expect(sum(lines.filter(isChips))).toBe(0);
    expect(sum(lines.filter((line) => !isChips(line)))).toBe(0);
  });

  it('with chips move no money but the price of a purchase, and only what took it back goes with chips that are taken', () => {
    for (const [name, { lines }] of Object.entries(SAMPLES)) {
      const money = lines.filter((line) => !isChips(line));
      if (money.length === lines.length || money.length === 0) continue;
      expect(money.map(({ account }) => account).toSorted()).toEqual(['revenue:chips', 'world:stripe']);
      const taken = lines.some(({ account, amountMinor }) => account.startsWith('chips:wallet:') && amountMinor < 0);
      expect([name, taken]).toEqual([name, name === 'chipsTakenBack']);
    }
  });
});

const sourceOf = (file: string): string => readFileSync(join(ROOT, file), 'utf8');
const SOURCES = globSync('{activities,api,db,domain,providers,workers,workflows}/**/*.ts', { cwd: ROOT });
const POSTS = /\b(?:postJournals|ledger_post|place_forecasts)\(/;
const posting = SOURCES.filter((file) => POSTS.test(sourceOf(file)) && !file.startsWith('db/ledger/'));

/** The files that a file reaches by its imports, itself among them. */
function reachedFrom(files: readonly string[]): Set<string> {
  const reached = new Set<string>();
  const waiting = [...files];
  for (let file = waiting.pop(); file !== undefined; file = waiting.pop()) {
    if (reached.has(file)) continue;
    reached.add(file);
    const imports = sourceOf(file).matchAll(/\bfrom '(\.[^']+\.ts)'/g);
    for (const [, path = ''] of imports) waiting.push(relative(ROOT, join(ROOT, dirname(file), path)));
  }
  return reached;
}

describe('what posts', () => {
  const builders = new RegExp(`\\b(?:${Object.keys(SAMPLES).join('|')})\\b`, 'g');
  const usedIn = (file: string): string[] => [...new Set(sourceOf(file).match(builders))];
  const isOfChips = (name: string): boolean => Object.hasOwn(chips, name);

  it('reaches from a route no money but a debt that is given up: all other money moves by workflows and providers’ news', () => {
    const reached = reachedFrom(SOURCES.filter((file) => file.startsWith('api/')));
    const ofMoney = posting.filter((file) => reached.has(file) && usedIn(file).some((name) => !isOfChips(name)));
    expect(ofMoney).toEqual(['db/repositories/write-offs.ts']);
  });

  it('posts either chips or money, in every file that does', () => {
    for (const file of posting) {
      const used = usedIn(file);
      expect([file, [0, used.length].includes(used.filter(isOfChips).length)]).toEqual([file, true]);
    }
  });

  it('names no account of money where Postgres builds the journal', () => {
    const built = posting.filter((file) => BUILT_IN_POSTGRES.some((kind) => sourceOf(file).includes(`'${kind}'`)));
    expect(built.length).toBeGreaterThan(0);
    for (const file of built) {
      expect(sourceOf(file)).not.toMatch(/'(?:hold|wallet|payout|late|receivable|world|revenue|tax|expense|loss):/);
    }
  });
});

describe('Postgres', () => {
  let ledger: LedgerFixture;
  beforeAll(async () => {
    ledger = await openLedger();
    const granted = chips.referralRewarded({ userId, friendId: userId, chips: 50 });
    await postJournals(ledger.orm.em.fork(), [granted]);
  });
  afterAll(() => ledger.close());

  const refusal = (journal: Journal) =>
    postJournals(ledger.orm.em.fork(), [journal]).then(
      () => 'was accepted',
      (error: unknown) => (error instanceof LedgerError ? error.code : String(error)),
    );
  const lines = (...rows: [account: string, currency: 'CHIP' | 'PHP', amountMinor: number][]) =>
    rows.map(([account, currency, amountMinor]) => ({ account, currency, amountMinor }));
  const mutant = (key: string, ...rows: Parameters<typeof lines>): Journal => ({
    key,
    kind: 'wallet_deposited',
    lines: lines(...rows),
  });

  it('refuses money on accounts of chips, chips on accounts of money, and to move one into the other', async () => {
    const chipsWallet = `chips:wallet:${userId}`;
    const wallet = `wallet:${userId}`;
    const mutants = [
      mutant('m1', [chipsWallet, 'PHP', 50], ['world:stripe', 'PHP', -50]),
      mutant('m2', [wallet, 'CHIP', 50], ['chips:issued', 'CHIP', -50]),
      mutant(
        'm3',
        [chipsWallet, 'CHIP', -50],
        ['chips:issued', 'CHIP', 50],
        [wallet, 'CHIP', 1],
        ['world:stripe', 'CHIP', -1],
      ),
    ];
    for (const each of mutants) expect(await refusal(each)).toBe('journal_currency_mismatch');
    expect(await refusal(mutant('m4', [chipsWallet, 'CHIP', -50], [wallet, 'PHP', 50]))).toBe('journal_unbalanced');
    expect(await refusal(mutant('m5', [chipsWallet, 'CHIP', -51], ['chips:issued', 'CHIP', 51]))).toBe(
      'insufficient_funds',
    );
  });

  it('refuses the accounts even to the owner of the tables', async () => {
    const open = (name: string, currency: string) =>
      ledger.asOwner(`insert into ledger_account (name, currency) values ('${name}', '${currency}')`).then(
        () => 'was accepted',
        (error: { constraint?: string }) => error.constraint,
      );
    expect(await open('chips:issued', 'PHP')).toBe('ledger_account_chips_apart');
    expect(await open('chips:rake', 'USD')).toBe('ledger_account_chips_apart');
    expect(await open('revenue:chips', 'CHIP')).toBe('ledger_account_chips_apart');
  });

  it('cannot tell two balanced halves of one journal apart, but the audit does', async () => {
    const sold = mutant(
      'sold',
      [`chips:wallet:${userId}`, 'CHIP', -50],
      ['chips:issued', 'CHIP', 50],
      ['revenue:chips', 'PHP', -5_000],
      [`wallet:${userId}`, 'PHP', 5_000],
    );
    expect(await refusal(sold)).toBe('was accepted');
    const { findings } = await auditLedger(ledger.orm.em.fork());
    const broken = findings.find(({ name }) => name.startsWith('no journal turns chips into money'));
    expect(broken?.rows.map(({ account }) => account)).toContain(`wallet:${userId}`);
  });
});
