/** The ledger's two doors for the app: post journals, and fold old lines of the shared accounts into rollups. */

import { Migration } from '@mikro-orm/migrations';

export class LedgerFunctions extends Migration {
  override up(): void {
    this.addSql(`
-- What makes two journals the same: everything but the memo. \`db/ledger/post.ts\` sends the lines in sorted order.
create function ledger_content_hash(journal jsonb) returns bytea language sql stable parallel safe
return sha256(convert_to(jsonb_strip_nulls(journal - 'memo')::text, 'UTF8'));

-- Posts one or many journals in one round trip:
--   [{ key, kind, externalRef?, orderId?, escrowId?, memo?, lines: [{ account, currency, amountMinor }] }]
-- A key that exists with the same content is answered as replayed; with other content it is refused (LG002). A key
-- that another transaction is posting right now is waited for. Keys, accounts and lines are each written in sorted
-- order, so that concurrent calls cannot deadlock. Opens accounts on first use. Answers in the order of the journals.
-- Planner settings as in ledger_take_lines.
create function ledger_post(journals jsonb) returns table (journal_key text, journal_id bigint, replayed boolean)
language plpgsql security definer set search_path = public, pg_temp set plan_cache_mode = force_generic_plan
set enable_hashjoin = off set enable_mergejoin = off set enable_material = off set enable_seqscan = off as $$
#variable_conflict use_column
declare
  ids bigint[];
  fresh bigint[];
  all_fresh boolean;
  bad record;
begin
  -- An id for each journal before it is known to be new: lines then find theirs by position.
  ids := array(select nextval('ledger_journal_id_seq') from jsonb_array_elements(journals));

  with inserted as (
    insert into ledger_journal (id, key, kind, content_hash, external_ref, order_id, escrow_id, memo, line_count)
    overriding system value
    select ids[n], j ->> 'key', j ->> 'kind', ledger_content_hash(j), j ->> 'externalRef', j ->> 'orderId',
      j ->> 'escrowId', coalesce(j -> 'memo', '{}'), jsonb_array_length(j -> 'lines')
    from jsonb_array_elements(journals) with ordinality i (j, n)
    order by (j ->> 'key') collate "C"
    on conflict (key) do nothing
    returning id
  )
  select array_agg(id) into fresh from inserted;
  all_fresh := cardinality(fresh) = cardinality(ids);

  if fresh is not null then
    insert into ledger_account (name, currency)
    select distinct (line ->> 'account') collate "C", line ->> 'currency'
    from jsonb_array_elements(journals) with ordinality i (j, n)
    cross join lateral jsonb_array_elements(j -> 'lines') line
    where (all_fresh or ids[n] = any (fresh)) and not exists (
      select from ledger_account a where a.name = line ->> 'account' and a.currency = line ->> 'currency')
    order by 1, 2
    on conflict (name, currency) do nothing;

    insert into ledger_posting (journal_id, line_no, account, currency, amount_minor, tracked)
    select ids[n], line_no, a.name, a.currency, (line ->> 'amountMinor')::bigint, a.tracked
    from jsonb_array_elements(journals) with ordinality i (j, n)
    cross join lateral jsonb_array_elements(j -> 'lines') with ordinality l (line, line_no)
    join ledger_account a on a.name = line ->> 'account' and a.currency = line ->> 'currency'
    where all_fresh or ids[n] = any (fresh)
    order by 3, 4, 1;
  end if;

  if not coalesce(all_fresh, false) then
    select j ->> 'key' as key, e.key is null as unseen into bad
    from jsonb_array_elements(journals) j
    left join ledger_journal e on e.key = j ->> 'key'
    where e.content_hash is distinct from ledger_content_hash(j)
    limit 1;
    if found and bad.unseen then
      raise exception 'journal % was posted after this transaction began', bad.key using errcode = '40001';
    elsif found then
      raise exception 'journal % exists with other content', bad.key using errcode = 'LG002';
    end if;
  end if;
  return query
    select e.key, e.id, e.id <> ids[n]
    from jsonb_array_elements(journals) with ordinality i (j, n)
    join ledger_journal e on e.key = j ->> 'key'
    order by n;
end $$;

-- Folds the lines of every finished transaction into the rollups of the untracked accounts; answers how many accounts.
create function ledger_roll_up() returns int
language plpgsql security definer set search_path = public, pg_temp as $$
declare
  horizon xid8;
  rolled int;
begin
  perform pg_advisory_xact_lock(hashtext('ledger_roll_up'));
  horizon := pg_snapshot_xmin(pg_current_snapshot());
  insert into ledger_rollup as r (account, currency, balance_minor, through_xid)
  select a.name, a.currency, coalesce(old.balance_minor, 0) + coalesce(sum(p.amount_minor), 0), horizon
  from ledger_account a
  left join ledger_rollup old on old.account = a.name and old.currency = a.currency
  left join ledger_posting p on not p.tracked and p.account = a.name and p.currency = a.currency
    and p.xid >= coalesce(old.through_xid, '0'::xid8) and p.xid < horizon
  where not a.tracked
  group by a.name, a.currency, old.balance_minor
  on conflict (account, currency) do update
    set balance_minor = excluded.balance_minor, through_xid = excluded.through_xid, rolled_at = now();
  get diagnostics rolled = row_count;
  return rolled;
end $$;

grant execute on function ledger_post(jsonb), ledger_roll_up() to holdfast_app;
`);
  }
}
