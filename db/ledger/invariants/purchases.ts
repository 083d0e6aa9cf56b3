/** Invariants between purchases of chips, what went back of them, and the journals of both; and that chips stay chips. */

import type { Invariant } from './invariant.ts';

export const PURCHASES: readonly Invariant[] = [
  {
    name: 'a purchase that was paid has its one journal, any other has none',
    violations: `
      select p.id as purchase_id, p.status, count(j.id) as journals
      from purchase p left join ledger_journal j on j.key = 'purchase/' || p.id || ':completed'
        and j.external_ref = p.provider_object_id and j.kind = 'chips_bought'
      group by p.id having count(j.id) <> case when p.completed_at is null then 0 else 1 end`,
  },
  {
    name: 'chips were bought for one peso each, into the wallet of who paid',
    violations: `
      select p.id as purchase_id, p.chips, p.amount_minor, q.chips as posted_chips, q.revenue_minor
      from purchase p
      cross join lateral (
        select coalesce(sum(l.amount_minor) filter (where l.account = 'chips:wallet:' || p.user_id), 0) as chips,
          coalesce(sum(l.amount_minor) filter (where l.account = 'revenue:chips'), 0) as revenue_minor
        from ledger_journal j join ledger_posting l on l.journal_id = j.id
        where j.key = 'purchase/' || p.id || ':completed'
      ) q
      where p.completed_at is not null and (q.chips <> p.chips or q.revenue_minor <> p.amount_minor)`,
  },
  {
    name: 'every journal of chips bought, taken back or given back has its purchase',
    violations: `
      select j.key, j.kind from ledger_journal j
      where j.kind in ('chips_bought', 'chips_taken_back', 'chips_given_back')
        and not exists (select from purchase p where p.id = split_part(substr(j.key, length('purchase/') + 1), ':', 1))`,
  },
  {
    name: 'what went back of a purchase is the sum of its refunds and of the chargebacks that stand',
    violations: `
      select p.id as purchase_id, p.refunded_minor, p.chips_taken_back, p.chips_missing, q.*
      from purchase p
      cross join lateral (
        select coalesce(sum(e.amount_minor), 0) as amount_minor, coalesce(sum(e.chips), 0) as chips,
          coalesce(sum(e.missing), 0) as missing
        from purchase_event e where e.purchase_id = p.id and e.given_back_at is null
      ) q
      where p.refunded_minor <> q.amount_minor or p.chips_taken_back <> q.chips or p.chips_missing <> q.missing`,
  },
  {
    name: 'what was taken back for a refund or chargeback, and given back, has its journals',
    violations: `
      select e.purchase_id, e.event, e.amount_minor, e.chips, e.fee_minor, q.*
      from purchase_event e
      join purchase p on p.id = e.purchase_id
      cross join lateral (
        select
          coalesce(-sum(l.amount_minor) filter (where j.kind = 'chips_taken_back' and l.account = 'revenue:chips'), 0)
            as taken_minor,
          coalesce(-sum(l.amount_minor) filter (
            where j.kind = 'chips_taken_back' and l.account = 'chips:wallet:' || p.user_id), 0) as taken_chips,
          coalesce(sum(l.amount_minor) filter (where j.kind = 'chips_given_back' and l.account = 'revenue:chips'), 0)
            as given_minor,
          coalesce(sum(l.amount_minor) filter (
            where j.kind = 'chips_given_back' and l.account = 'chips:wallet:' || p.user_id), 0) as given_chips,
          coalesce(-sum(l.amount_minor) filter (where j.kind = 'chargeback_fee' and l.account = 'expense:psp_fees'), 0)
            as fee_posted_minor
        from ledger_journal j join ledger_posting l on l.journal_id = j.id
        where j.key in ('purchase/' || p.id || ':taken-back:' || e.event, 'purchase/' || p.id || ':given-back:' || e.event)
          or starts_with(j.key, 'purchase/' || p.id || ':chargeback-fee:' || e.event || ':')
      ) q
      where q.taken_minor <> case when e.taken_at is null then 0 else e.amount_minor end
        or q.taken_chips <> e.chips or q.fee_posted_minor <> e.fee_minor
        or q.given_minor <> case when e.given_back_at is null or e.taken_at is null then 0 else e.amount_minor end
        or q.given_chips <> case when e.given_back_at is null then 0 else e.chips end`,
  },
  {
    name: 'no journal turns chips into money: with chips it moves only the price of a purchase',
    violations: `
      select j.key, j.kind, l.account, l.currency, l.amount_minor
      from ledger_journal j join ledger_posting l on l.journal_id = j.id
      where exists (select from ledger_posting c where c.journal_id = j.id and c.account like 'chips:%')
        and l.account not like 'chips:%'
        and (j.kind not in ('chips_bought', 'chips_taken_back', 'chips_given_back')
          or not (l.account like 'world:%' or l.account = 'revenue:chips'))`,
  },
];
