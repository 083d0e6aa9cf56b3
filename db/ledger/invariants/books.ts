/** Invariants of the ledger by itself. */

import type { Invariant } from './invariant.ts';

export const BOOKS: readonly Invariant[] = [
  {
    name: 'every journal sums to zero in each currency',
    violations: `
      select p.journal_id, j.key, p.currency, sum(p.amount_minor) as sum_minor
      from ledger_posting p left join ledger_journal j on j.id = p.journal_id
      group by p.journal_id, j.key, p.currency having sum(p.amount_minor) <> 0`,
  },
  {
    name: 'every journal has all its lines, two or more',
    violations: `
      select j.id, j.key, j.line_count, count(p.journal_id) as lines
      from ledger_journal j left join ledger_posting p on p.journal_id = j.id
      group by j.id having count(p.journal_id) <> j.line_count or count(p.journal_id) < 2`,
  },
  {
    name: 'every line belongs to a journal of its own transaction and to an account of its currency',
    violations: `
      select p.journal_id, p.line_no, p.account, p.currency
      from ledger_posting p
      left join ledger_journal j on j.id = p.journal_id and j.xid = p.xid
      left join ledger_account a on a.name = p.account and a.currency = p.currency and a.tracked = p.tracked
      where j.id is null or a.name is null`,
  },
  {
    name: 'every balance is the sum of its lines',
    violations: `
      select coalesce(b.account, q.account) as account, coalesce(b.currency, q.currency) as currency,
        b.balance_minor, q.sum_minor
      from ledger_balance b
      full join (
        select account, currency, sum(amount_minor) as sum_minor from ledger_posting where tracked group by 1, 2
      ) q on q.account = b.account and q.currency = b.currency
      where b.balance_minor is distinct from coalesce(q.sum_minor, 0)`,
  },
  {
    name: 'every rollup is the sum of the lines before its mark',
    violations: `
      select r.account, r.currency, r.balance_minor, q.sum_minor
      from ledger_rollup r
      cross join lateral (
        select coalesce(sum(p.amount_minor), 0) as sum_minor from ledger_posting p
        where not p.tracked and p.account = r.account and p.currency = r.currency and p.xid < r.through_xid
      ) q
      where r.balance_minor <> q.sum_minor`,
  },
  {
    name: 'no account is under its minimum',
    violations: `
      select a.name, a.currency, a.min_minor, b.balance_minor
      from ledger_account a left join ledger_balance b on b.account = a.name and b.currency = a.currency
      where a.tracked and (b.account is null or b.balance_minor < a.min_minor)`,
  },
  {
    name: 'one journal per business key, one per object of a provider',
    violations: `
      select 'key' as what, key as value, count(*) as journals from ledger_journal group by key having count(*) > 1
      union all
      select 'external_ref', external_ref, count(*) from ledger_journal
      where external_ref is not null group by external_ref having count(*) > 1`,
  },
  {
    name: 'all accounts together hold nothing',
    violations: `
      select currency, sum(balance_minor) as sum_minor from ledger_account_balance
      group by currency having sum(balance_minor) <> 0`,
  },
];
