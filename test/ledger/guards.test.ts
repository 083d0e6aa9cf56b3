import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { postJournals } from '../../db/ledger/post.ts';
import { deposit, type LedgerFixture, newWallet, openLedger } from './ledger-fixture.ts';

const WALLET = newWallet();
const HEAD = (key: string, lines = 2) =>
  `insert into ledger_journal (key, kind, content_hash, line_count) values ('${key}', 'x', '', ${lines})`;
const line = (key: string, lineNo: number, account: string, amountMinor: number, currency = 'USD') =>
  `((select id from ledger_journal where key = '${key}'), ${lineNo}, '${account}', '${currency}', ${amountMinor},
    '${account}' like 'wallet:%')`;
const LINES = (...lines: string[]) =>
  `insert into ledger_posting (journal_id, line_no, account, currency, amount_minor, tracked) values ${lines.join(', ')}`;

let ledger: LedgerFixture;
beforeAll(async () => {
  ledger = await openLedger();
  await postJournals(ledger.orm.em.fork(), [{ ...deposit(WALLET, 1_000), key: 'old' }]);
});
afterAll(() => ledger.close());

/** What Postgres answers to the owner of the tables. */
async function refusal(...statements: string[]): Promise<string> {
  return ledger.asOwner(...statements).then(
    () => 'was accepted',
    (error: { code: string; constraint?: string }) => error.constraint ?? error.code,
  );
}

describe('even the owner of the tables, without the posting function,', () => {
  it('can post a sound journal', async () => {
    const sound = [HEAD('owner'), LINES(line('owner', 1, 'world:stripe', -5), line('owner', 2, WALLET, 5))];
    expect(await refusal(...sound)).toBe('was accepted');
  });

  it('cannot post a journal that does not sum to zero', async () => {
    const lines = LINES(line('a', 1, 'world:stripe', -5), line('a', 2, WALLET, 6));
    expect(await refusal(HEAD('a'), lines)).toBe('LG001');
  });

  it('cannot post a journal without lines, or of one line', async () => {
    expect(await refusal(HEAD('b'))).toBe('LG001');
    expect(await refusal(HEAD('b', 1))).toBe('ledger_journal_two_lines');
    expect(await refusal(HEAD('b'), LINES(line('b', 1, 'world:stripe', -5)))).toBe('LG003');
  });

  it('cannot add lines to a journal of an earlier transaction, even balanced ones', async () => {
    const balanced = LINES(line('old', 3, 'world:stripe', -5), line('old', 4, WALLET, 5));
    expect(await refusal(balanced)).toBe('LG003');
    expect(await refusal(LINES(line('old', 3, WALLET, 500)))).toBe('LG003');
  });

  it('cannot add lines to a journal that has its lines, in the same transaction', async () => {
    const whole = [HEAD('c'), LINES(line('c', 1, 'world:stripe', -5), line('c', 2, WALLET, 5))];
    expect(await refusal(...whole, LINES(line('c', 3, 'world:stripe', -5), line('c', 4, WALLET, 5)))).toBe('LG003');
    expect(await refusal(HEAD('c', 4), ...whole.slice(1))).toBe('LG003');
  });

  it('cannot post to a journal or an account that does not exist, or in another currency', async () => {
    expect(
      await refusal(LINES(`(0, 1, 'world:stripe', 'USD', -5, false)`, `(0, 2, '${WALLET}', 'USD', 5, true)`)),
    ).toBe('LG003');
    const stranger = LINES(line('d', 1, 'world:stripe', -5), line('d', 2, newWallet(), 5));
    expect(await refusal(HEAD('d'), stranger)).toBe('LG004');
    const euros = LINES(line('d', 1, 'world:stripe', -5, 'EUR'), line('d', 2, WALLET, 5, 'EUR'));
    expect(await refusal(HEAD('d'), euros)).toBe('LG004');
  });

  it('cannot hide a line from the balance of its account', async () => {
    const hidden = `((select id from ledger_journal where key = 'e'), 2, '${WALLET}', 'USD', 5, false)`;
    expect(await refusal(HEAD('e'), LINES(line('e', 1, 'world:stripe', -5), hidden))).toBe('LG004');
  });

  it('cannot take an account under its minimum', async () => {
    const lines = LINES(line('f', 1, WALLET, -9_000), line('f', 2, 'world:stripe', 9_000));
    expect(await refusal(HEAD('f'), lines)).toBe('ledger_balance_minimum');
  });

  it('cannot use a business key twice, or date a journal into another transaction', async () => {
    expect(await refusal(HEAD('old'))).toBe('ledger_journal_key_taken');
    const dated = `insert into ledger_journal (key, kind, content_hash, line_count, xid) values ('g', 'x', '', 2, '1')`;
    expect(await refusal(dated)).toBe('LG003');
  });

  it.each(['ledger_account', 'ledger_journal', 'ledger_posting', 'ledger_balance'])(
    'cannot change, delete or truncate rows of %s',
    async (table) => {
      const column = table === 'ledger_journal' ? 'kind = kind' : 'currency = currency';
      expect(await refusal(`update ${table} set ${column}`)).toBe('LG005');
      expect(await refusal(`delete from ${table}`)).toBe('LG005');
      expect(await refusal(`truncate ${table}`)).toBe('LG005');
    },
  );

  it('cannot write a balance', async () => {
    const insert = `insert into ledger_balance (account, currency, balance_minor) values ('wallet:usr_x', 'USD', 5)`;
    expect(await refusal(insert)).toBe('LG005');
  });
});
