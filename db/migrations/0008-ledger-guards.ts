/** What Postgres refuses in the ledger, whoever asks: the guards stand on the tables, not in the posting function. */

import { Migration } from '@mikro-orm/migrations';

export class LedgerGuards extends Migration {
  /** SQLSTATEs: LG001 unbalanced, LG002 key conflict, LG003 sealed, LG004 unknown account, LG005 append-only. */
  override up(): void {
    this.addSql(`
create function ledger_refuse_change() returns trigger language plpgsql as $$
begin
  raise exception '% is append-only: % refused', tg_table_name, tg_op using errcode = 'LG005';
end $$;

create trigger ledger_account_append_only before update or delete or truncate on ledger_account
  for each statement execute function ledger_refuse_change();
create trigger ledger_journal_append_only before update or delete or truncate on ledger_journal
  for each statement execute function ledger_refuse_change();
create trigger ledger_posting_append_only before update or delete or truncate on ledger_posting
  for each statement execute function ledger_refuse_change();
-- Balances move only from within the triggers below.
create trigger ledger_balance_by_trigger_only before insert or update or delete or truncate on ledger_balance
  for each statement when (pg_trigger_depth() = 0) execute function ledger_refuse_change();

-- What an account is follows from its name alone: nobody opens a hold without its minimum.
create function ledger_classify_account() returns trigger language plpgsql as $$
begin
  new.kind := case
    when new.name ~ '^(hold:esc|wallet:usr|payout:po|late:pay|receivable:usr)_[A-Za-z0-9_-]+$'
      then split_part(new.name, ':', 1)
    when new.name ~ '^world:[a-z]+(_authorised)?$' then 'world'
    when new.name in ('revenue:commission', 'revenue:buyer_fees', 'revenue:shipping', 'revenue:chips', 'revenue:rake')
      then 'revenue'
    when new.name in ('tax:collected', 'expense:psp_fees', 'loss:chargebacks') then split_part(new.name, ':', 1)
    when new.name = 'chips:issued' then 'chips_issued'
    when new.name ~ '^chips:(wallet:usr|market:mkt)_[A-Za-z0-9_-]+$' then 'chips_' || split_part(new.name, ':', 2)
  end;
  new.tracked := coalesce(
    new.kind in ('hold', 'wallet', 'payout', 'late', 'receivable', 'chips_wallet', 'chips_market'), false);
  new.min_minor := case when new.tracked and new.kind <> 'receivable' then 0 end;
  return new;
end $$;
create trigger ledger_account_classify before insert on ledger_account
  for each row execute function ledger_classify_account();

create function ledger_open_balance() returns trigger language plpgsql
security definer set search_path = public, pg_temp as $$
begin
  insert into ledger_balance (account, currency, min_minor) values (new.name, new.currency, new.min_minor);
  return null;
end $$;
create trigger ledger_account_open_balance after insert on ledger_account
  for each row when (new.tracked) execute function ledger_open_balance();

-- All lines of a journal come in one statement of the journal's own transaction, summing to zero in
-- each currency. Balances are locked in the order of their accounts: two journals that cross wait, never deadlock.
-- The planner settings hold every plan to index look-ups, right for two lines and for twenty thousand: a plan is made
-- once a session, maybe while the tables are empty.
create function ledger_take_lines() returns trigger language plpgsql
security definer set search_path = public, pg_temp
set enable_hashjoin = off set enable_mergejoin = off set enable_material = off set enable_seqscan = off as $$
declare
  bad record;
  found_accounts record;
begin
  select n.journal_id, n.lines, j.key into bad
  from (
    select journal_id, count(*) as lines, min(line_no) as first_no, max(line_no) as last_no,
      min(xid) as first_xid, max(xid) as last_xid
    from lines group by journal_id
  ) n
  left join ledger_journal j on j.id = n.journal_id
  where j.xid is distinct from pg_current_xact_id() or n.first_xid <> j.xid or n.last_xid <> j.xid
    or n.first_no <> 1 or n.last_no <> n.lines or n.lines <> j.line_count
  limit 1;
  if found then
    raise exception 'journal % is sealed: its lines come with it, once', coalesce(bad.key, bad.journal_id::text)
      using errcode = 'LG003';
  end if;

  select n.journal_id, n.currency, n.sum_minor, n.lines into bad
  from (
    select journal_id, currency, sum(amount_minor) as sum_minor, count(*) as lines
    from lines group by journal_id, currency
  ) n
  where n.sum_minor <> 0
  limit 1;
  if found then
    raise exception 'journal % is unbalanced: % line(s) in % sum to %',
      (select key from ledger_journal where id = bad.journal_id), bad.lines, bad.currency, bad.sum_minor
      using errcode = 'LG001';
  end if;

  select count(*) filter (where n.tracked) as tracked, count(*) filter (where a.tracked is distinct from n.tracked) as bad
  into strict found_accounts
  from (select distinct account, currency, tracked from lines) n
  left join ledger_account a on a.name = n.account and a.currency = n.currency;
  if found_accounts.bad > 0 then
    raise exception 'a line names an account that was not opened in its currency' using errcode = 'LG004';
  end if;

  -- One row needs no order.
  if found_accounts.tracked > 1 then
    perform from ledger_balance b
    join (select distinct account, currency from lines where tracked) n
      on b.account = n.account and b.currency = n.currency
    order by b.account, b.currency
    for no key update of b;
  end if;

  update ledger_balance b set balance_minor = b.balance_minor + n.sum_minor
  from (select account, currency, sum(amount_minor)::bigint as sum_minor from lines where tracked group by 1, 2) n
  where b.account = n.account and b.currency = n.currency;
  return null;
end $$;
create trigger ledger_posting_take_lines after insert on ledger_posting
  referencing new table as lines for each statement execute function ledger_take_lines();

-- Refused at commit: a journal whose lines never came, or that claims another transaction than its own.
create function ledger_journal_complete() returns trigger language plpgsql
security definer set search_path = public, pg_temp set enable_seqscan = off as $$
begin
  if new.xid <> pg_current_xact_id() then
    raise exception 'journal % does not name its own transaction', new.key using errcode = 'LG003';
  end if;
  if not exists (select from ledger_posting where journal_id = new.id and line_no = 2) then
    raise exception 'journal % has no lines', new.key using errcode = 'LG001';
  end if;
  return null;
end $$;
create constraint trigger ledger_journal_complete after insert on ledger_journal
  deferrable initially deferred for each row execute function ledger_journal_complete();
`);
  }
}
