/** The ledger's tables: accounts, journals, their lines, and two kinds of running balance. */

import { Migration } from '@mikro-orm/migrations';

export class Ledger extends Migration {
  /**
   * No foreign key leads from a line to its account: each would lock the row of an account that every order touches.
   * The line trigger checks it, and accounts can be neither changed nor deleted.
   */
  override up(): void {
    this.addSql(`
create table ledger_account (
  name text collate "C" not null,
  currency currency_code not null,
  kind text constraint ledger_account_name_known check (kind is not null),
  -- Has a balance row of its own; the others are touched by every order, so their balance is a sum.
  tracked boolean not null,
  min_minor bigint,
  opened_at timestamptz not null default now(),
  primary key (name, currency),
  constraint ledger_account_chips_apart check (starts_with(name, 'chips:') = (currency::text = 'CHIP'))
);
-- A hold, a payout, a late payment has one currency for life. Wallets and shared accounts: one account for each.
create unique index ledger_account_one_currency on ledger_account (name)
  where kind in ('hold', 'payout', 'late', 'chips_issued', 'chips_wallet', 'chips_market');

create table ledger_journal (
  id bigint generated always as identity primary key,
  key text collate "C" not null constraint ledger_journal_key_taken unique check (key <> ''),
  kind text not null,
  content_hash bytea not null,
  external_ref text,
  order_id text,
  escrow_id text,
  memo jsonb not null default '{}',
  line_count int not null constraint ledger_journal_two_lines check (line_count >= 2),
  xid xid8 not null default pg_current_xact_id(),
  posted_at timestamptz not null default clock_timestamp()
);
create unique index ledger_journal_external_ref_taken on ledger_journal (external_ref) where external_ref is not null;
create index ledger_journal_order on ledger_journal (order_id) where order_id is not null;

create table ledger_posting (
  journal_id bigint not null,
  line_no int not null,
  account text collate "C" not null,
  currency currency_code not null,
  amount_minor minor_units not null constraint ledger_posting_amount_not_zero check (amount_minor <> 0),
  xid xid8 not null default pg_current_xact_id(),
  -- Its account's, so that a line stands in one index: by journal for an account's entries, or by xid for sums.
  tracked boolean not null,
  primary key (journal_id, line_no)
);
create index ledger_posting_entries on ledger_posting (account, currency, journal_id) where tracked;
create index ledger_posting_sums on ledger_posting (account, currency, xid) include (amount_minor) where not tracked;

create table ledger_balance (
  account text collate "C" not null,
  currency currency_code not null,
  min_minor bigint,
  balance_minor minor_units not null default 0,
  primary key (account, currency),
  constraint ledger_balance_minimum check (balance_minor >= min_minor)
) with (fillfactor = 70);

-- The sum of an untracked account's lines from every transaction before through_xid.
create table ledger_rollup (
  account text collate "C" not null,
  currency currency_code not null,
  balance_minor bigint not null,
  through_xid xid8 not null,
  rolled_at timestamptz not null default now(),
  primary key (account, currency)
);

create view ledger_account_balance as
  select a.name as account, a.currency, a.kind, b.balance_minor::bigint as balance_minor
  from ledger_account a
  join ledger_balance b on b.account = a.name and b.currency = a.currency
  where a.tracked
union all
  select a.name, a.currency, a.kind,
    coalesce(r.balance_minor, 0) + coalesce((
      select sum(p.amount_minor) from ledger_posting p
      where not p.tracked and p.account = a.name and p.currency = a.currency
        and p.xid >= coalesce(r.through_xid, '0'::xid8)
    ), 0)::bigint
  from ledger_account a
  left join ledger_rollup r on r.account = a.name and r.currency = a.currency
  where not a.tracked;

revoke insert, update, delete on ledger_account, ledger_journal, ledger_posting, ledger_balance, ledger_rollup,
  ledger_account_balance from holdfast_app;
revoke usage, select on sequence ledger_journal_id_seq from holdfast_app;
`);
  }
}
