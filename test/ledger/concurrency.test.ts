import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { auditLedger } from '../../db/ledger/audit.ts';
import { balanceOf } from '../../db/ledger/balances.ts';
import { LedgerError } from '../../db/ledger/ledger-error.ts';
import { postJournals } from '../../db/ledger/post.ts';
import type { Journal } from '../../domain/postings.ts';
import { deposit, type LedgerFixture, newWallet, openLedger, refusalOf, transfer } from './ledger-fixture.ts';

const CONNECTIONS = 12;

let ledger: LedgerFixture;
beforeAll(async () => {
  ledger = await openLedger(CONNECTIONS);
});
afterAll(() => ledger.close());

const post = (...journals: Journal[]) => postJournals(ledger.orm.em.fork(), journals);
const balance = (account: string) => balanceOf(ledger.orm.em.fork(), account, 'USD');
const times = <T>(count: number, make: (index: number) => T): T[] =>
  Array.from({ length: count }, (_, index) => make(index));

const refusals = (outcomes: PromiseSettledResult<unknown>[]): unknown[] =>
  outcomes.flatMap((outcome): unknown[] => (outcome.status === 'rejected' ? [outcome.reason] : []));

describe('many connections at once', () => {
  it('cross the same accounts in both directions without a deadlock or a lost amount', async () => {
    const wallets = times(4, newWallet);
    await post(...wallets.map((wallet) => deposit(wallet, 100_000)));
    const pick = (index: number) => wallets[index % wallets.length] ?? '';
    await Promise.all(
      times(CONNECTIONS, async (worker) => {
        for (let step = 0; step < 40; step += 1) {
          const from = worker + step;
          await post(transfer(pick(from), pick(from + 1 + (step % 3)), 1 + (step % 7)));
        }
      }),
    );
    const balances = await Promise.all(wallets.map(balance));
    expect(balances.reduce((sum, each) => sum + each, 0)).toBe(400_000);
  });

  it('post batches that name the same accounts in opposite order without a deadlock', async () => {
    const wallets = times(50, newWallet);
    const batch = (order: string[]) => order.map((wallet) => deposit(wallet, 1));
    await Promise.all(times(10, (worker) => post(...batch(worker % 2 === 0 ? wallets : wallets.toReversed()))));
    expect(await Promise.all(wallets.map(balance))).toEqual(wallets.map(() => 10));
  });

  it('open the same new account together', async () => {
    const wallet = newWallet();
    await Promise.all(times(CONNECTIONS, () => post(deposit(wallet, 3))));
    expect(await balance(wallet)).toBe(3 * CONNECTIONS);
  });

  it('post one journal once, and all but one are told that it was there', async () => {
    const wallet = newWallet();
    const journal = deposit(wallet, 700);
    const posted = (await Promise.all(times(20, () => post(journal)))).flat();
    expect(posted.filter(({ replayed }) => !replayed)).toHaveLength(1);
    expect(new Set(posted.map(({ id }) => id)).size).toBe(1);
    expect(await balance(wallet)).toBe(700);
  });

  it('fighting for one key with different journals: one wins, the others are refused', async () => {
    const wallets = times(10, newWallet);
    const outcomes = await Promise.allSettled(
      wallets.map((wallet) => post(transfer('world:stripe', wallet, 1, { key: 'order/contested:paid' }))),
    );
    const refused = refusals(outcomes);
    expect(refused).toHaveLength(9);
    for (const error of refused) expect(error).toMatchObject({ code: 'journal_key_conflict' });
  });

  it('take no more out of an account than there is', async () => {
    const wallet = newWallet();
    await post(deposit(wallet, 100));
    const outcomes = await Promise.allSettled(times(30, () => post(transfer(wallet, 'world:stripe', 9))));
    const refused = refusals(outcomes);
    expect(refused).toHaveLength(30 - 11);
    expect(refused.every((error) => error instanceof LedgerError && error.code === 'insufficient_funds')).toBe(true);
    expect(await balance(wallet)).toBe(1);
  });
});

describe('a key that another transaction is posting right now', () => {
  it.each(['commits', 'rolls back'] as const)('is waited for until that transaction %s', async (end) => {
    const wallet = newWallet();
    const journal = deposit(wallet, 50);
    const em = ledger.orm.em.fork();
    await em.begin();
    await postJournals(em, [journal]);
    const second = post(journal);
    await ledger.someoneWaits();
    if (end === 'commits') await em.commit();
    else await em.rollback();
    expect((await second)[0]).toMatchObject({ replayed: end === 'commits' });
    expect(await balance(wallet)).toBe(50);
  });

  it('with other content is refused once that transaction commits', async () => {
    const journal = deposit(newWallet(), 50);
    const em = ledger.orm.em.fork();
    await em.begin();
    await postJournals(em, [journal]);
    const second = refusalOf(post({ ...deposit(newWallet(), 50), key: journal.key }));
    await ledger.someoneWaits();
    await em.commit();
    expect(await second).toBe('journal_key_conflict');
  });
});

describe('a batch', () => {
  it('of 10,000 journals posts in one call, and again as a replay', async () => {
    const wallets = times(500, newWallet);
    const journals = times(10_000, (index) => deposit(wallets[index % 500] ?? '', 1 + (index % 9)));
    const posted = await post(...journals);
    expect(posted.filter(({ replayed }) => replayed)).toHaveLength(0);
    const replayed = await post(...journals);
    expect(replayed).toEqual(posted.map((each) => ({ ...each, replayed: true })));
    const expected = journals
      .filter((_, index) => index % 500 === 7)
      .reduce((sum, each) => sum + (each.lines[1]?.amountMinor ?? 0), 0);
    expect(await balance(wallets[7] ?? '')).toBe(expected);
  });
});

it('leaves clean books', async () => {
  const { findings } = await auditLedger(ledger.orm.em);
  expect(findings.filter(({ violations }) => violations > 0)).toEqual([]);
});
