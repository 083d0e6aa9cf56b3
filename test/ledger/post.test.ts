import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { balanceOf, balancesOf, listEntries } from '../../db/ledger/balances.ts';
import { postJournals } from '../../db/ledger/post.ts';
import type { Journal } from '../../domain/postings.ts';
import { deposit, type LedgerFixture, newHold, newWallet, openLedger, refusalOf, transfer } from './ledger-fixture.ts';

let ledger: LedgerFixture;
beforeAll(async () => {
  ledger = await openLedger();
});
afterAll(() => ledger.close());

const post = (...journals: Journal[]) => postJournals(ledger.orm.em.fork(), journals);
const balance = (account: string) => balanceOf(ledger.orm.em.fork(), account, 'USD');
const withLines = (...lines: [string, number][]): Journal => ({
  ...transfer('world:stripe', 'world:pi', 1),
  lines: lines.map(([account, amountMinor]) => ({ account, amountMinor, currency: 'USD' })),
});

describe('posting journals', () => {
  it('moves money between accounts that are opened on first use', async () => {
    const hold = newHold();
    const wallet = newWallet();
    await post(deposit(hold, 10_000));
    const [posted] = await post(
      withLines([hold, -10_000], [wallet, 9_000], ['revenue:commission', 700], ['tax:collected', 300]),
    );
    expect(posted).toMatchObject({ replayed: false });
    expect([await balance(hold), await balance(wallet)]).toEqual([0, 9_000]);
  });

  it('answers in the order given, with an id and a key for each', async () => {
    const journals = ['c', 'a', 'b'].map((key) => transfer('world:pi', newWallet(), 1, { key: `order/${key}:paid` }));
    const posted = await post(...journals);
    expect(posted.map(({ key }) => key)).toEqual(journals.map(({ key }) => key));
    expect(new Set(posted.map(({ id }) => id)).size).toBe(3);
  });

  it('answers the same journal posted again as replayed, whatever its memo and the order of its lines', async () => {
    const wallet = newWallet();
    const journal = deposit(wallet, 500);
    const [first] = await post(journal);
    const [again] = await post({ ...journal, lines: journal.lines.toReversed(), memo: { note: 'again' } });
    expect(again).toEqual({ ...first, replayed: true });
    expect(await balance(wallet)).toBe(500);
  });

  it('posts what is new of a batch and replays what is not', async () => {
    const wallet = newWallet();
    const [old, fresh] = [deposit(wallet, 5), deposit(wallet, 7)];
    await post(old);
    const posted = await post(fresh, old);
    expect(posted.map(({ replayed }) => replayed)).toEqual([false, true]);
    expect(await balance(wallet)).toBe(12);
  });

  it('refuses the key of another journal', async () => {
    const journal = deposit(newWallet(), 500);
    await post(journal);
    const [line, counterLine] = journal.lines;
    if (!line || !counterLine) throw new Error('a transfer has two lines');
    const changed = [
      { ...journal, kind: 'payout_failed' as const },
      { ...journal, externalRef: 'ch_1' },
      deposit(newWallet(), 500),
      {
        ...journal,
        lines: [
          { ...line, amountMinor: -501 },
          { ...counterLine, amountMinor: 501 },
        ],
      },
    ];
    for (const other of changed)
      expect(await refusalOf(post({ ...other, key: journal.key }))).toBe('journal_key_conflict');
  });

  it('takes a journal that comes twice in one call as its own replay, and refuses another under its key', async () => {
    const wallet = newWallet();
    const journal = deposit(wallet, 500);
    expect(await refusalOf(post(journal, { ...deposit(newWallet(), 1), key: journal.key }))).toBe(
      'journal_key_conflict',
    );
    const posted = await post(journal, journal);
    expect(posted.map(({ replayed }) => replayed)).toEqual([false, true]);
    expect(await balance(wallet)).toBe(500);
  });

  it('refuses a second journal for one object of a provider', async () => {
    await post(transfer('world:stripe', newWallet(), 5, { externalRef: 'pi_1' }));
    const second = transfer('world:stripe', newWallet(), 5, { externalRef: 'pi_1' });
    expect(await refusalOf(post(second))).toBe('journal_external_ref_taken');
  });

  it.each<[string, [string, number][]]>([
    [
      'that do not sum to zero',
      [
        ['world:pi', -5],
        ['world:stripe', 6],
      ],
    ],
    ['fewer than two', [['world:pi', 5]]],
    ['that are none', []],
    [
      'of zero',
      [
        ['world:pi', 0],
        ['world:stripe', 0],
      ],
    ],
    [
      'beyond a safe integer',
      [
        ['world:pi', 2 ** 53],
        ['world:stripe', -(2 ** 53)],
      ],
    ],
  ])('refuses lines %s', async (_what, lines) => {
    expect(await refusalOf(post(withLines(...lines)))).toBe('journal_unbalanced');
  });

  it('refuses lines that balance only across currencies', async () => {
    const mixed = withLines(['world:pi', -5], ['world:stripe', 5]);
    const lines = mixed.lines.map((line, index) => (index === 0 ? { ...line, currency: 'EUR' as const } : line));
    expect(await refusalOf(post({ ...mixed, lines }))).toBe('journal_unbalanced');
  });

  it.each([
    'wallet',
    'wallet:esc_1',
    'hold:usr_1',
    'world:Stripe',
    'revenue:bribes',
    'payout:',
    ' hold:esc_1',
    'cash:usr_1',
  ])('knows no account called "%s"', async (name) => {
    expect(await refusalOf(post(deposit(name, 5)))).toBe('ledger_account_unknown');
  });

  it('keeps a hold in its currency, and chips apart from money', async () => {
    const hold = newHold();
    await post(deposit(hold, 5));
    expect(await refusalOf(post(deposit(hold, 5, 'EUR')))).toBe('journal_currency_mismatch');
    expect(await refusalOf(post(deposit(newWallet(), 5, 'CHIP')))).toBe('journal_currency_mismatch');
  });

  it('keeps a wallet per currency', async () => {
    const wallet = newWallet();
    await post(deposit(wallet, 5, 'USD'), deposit(wallet, 7, 'EUR'));
    const usdOnly = transfer(wallet, 'world:stripe', 7);
    expect(await refusalOf(post(usdOnly))).toBe('insufficient_funds');
    expect(await balancesOf(ledger.orm.em.fork(), wallet)).toEqual([
      { amountMinor: 7, currency: 'EUR' },
      { amountMinor: 5, currency: 'USD' },
    ]);
  });

  it('gives no more than an account has, and lets only what has no minimum go below zero', async () => {
    const wallet = newWallet();
    await post(deposit(wallet, 100));
    expect(await refusalOf(post(transfer(wallet, 'world:stripe', 101)))).toBe('insufficient_funds');
    await post(transfer(wallet, 'world:stripe', 100));
    expect(await balance(wallet)).toBe(0);
    const receivable = newWallet().replace('wallet', 'receivable');
    await post(transfer(receivable, 'world:stripe', 40));
    expect(await balance(receivable)).toBe(-40);
  });

  it('posts all journals of a call or none', async () => {
    const wallet = newWallet();
    expect(await refusalOf(post(deposit(wallet, 5), transfer(newWallet(), wallet, 1)))).toBe('insufficient_funds');
    expect(await balance(wallet)).toBe(0);
  });

  it('takes part in the transaction it is called in', async () => {
    const wallet = newWallet();
    const rolledBack = ledger.orm.em.fork().transactional(async (em) => {
      await postJournals(em, [deposit(wallet, 5)]);
      throw new Error('changed my mind');
    });
    await expect(rolledBack).rejects.toThrow('changed my mind');
    expect(await balance(wallet)).toBe(0);
  });
});

describe('the entries of an account', () => {
  it('come newest first, page by page', async () => {
    const wallet = newWallet();
    for (const amountMinor of [1, 2, 3, 4, 5]) await post(deposit(wallet, amountMinor));
    const em = ledger.orm.em.fork();
    const first = await listEntries(em, [wallet], { beforeId: null, limit: 3 });
    const second = await listEntries(em, [wallet], { beforeId: first.at(-1)?.id ?? null, limit: 3 });
    expect([...first, ...second].map(({ amountMinor }) => amountMinor)).toEqual([5, 4, 3, 2, 1]);
    expect(first[0]).toMatchObject({ kind: 'wallet_deposited', currency: 'USD', postedAt: expect.any(Date) });
  });

  it('join the lines of one journal', async () => {
    const wallet = newWallet();
    await post(withLines(['world:stripe', -30], [wallet, 10], [wallet, 20]));
    const entries = await listEntries(ledger.orm.em.fork(), [wallet], { beforeId: null, limit: 10 });
    expect(entries.map(({ amountMinor }) => amountMinor)).toEqual([30]);
  });
});
