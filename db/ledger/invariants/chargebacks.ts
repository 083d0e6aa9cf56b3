/** Invariants between chargebacks, what is claimed back for them, and the journals of both. */

import type { Invariant } from './invariant.ts';

export const CHARGEBACKS: readonly Invariant[] = [
  {
    name: 'a chargeback that the bank won took its amount, once; any other took nothing',
    violations: `
      select c.id as chargeback_id, c.status, c.amount_minor, q.taken_minor
      from chargeback c
      cross join lateral (
        select coalesce(sum(p.amount_minor), 0) as taken_minor
        from ledger_journal j join ledger_posting p on p.journal_id = j.id and p.account like 'world:%'
        where j.order_id = c.order_id and position(c.id in j.key) > 0
          and j.kind in ('chargeback_lost', 'clawed_back', 'chargeback_absorbed')
      ) q
      where (c.settled_at is not null or c.status <> 'lost')
        and q.taken_minor <> case c.status when 'lost' then c.amount_minor else 0 end`,
  },
  {
    name: 'what a chargeback costs is booked',
    violations: `
      select c.id as chargeback_id, c.fee_minor, q.booked_minor
      from chargeback c
      cross join lateral (
        select coalesce(sum(p.amount_minor), 0) as booked_minor
        from ledger_journal j join ledger_posting p on p.journal_id = j.id and p.account like 'world:%'
        where j.order_id = c.order_id and position(c.id in j.key) > 0 and j.kind = 'chargeback_fee'
      ) q
      where q.booked_minor <> c.fee_minor`,
  },
  {
    name: 'no hold and nobody bears more of a chargeback than their share',
    violations: `
      select c.id as chargeback_id, c.amount_minor, q.shared_minor, q.claimed_minor
      from chargeback c
      cross join lateral (
        select coalesce(sum(s.amount_minor), 0) as shared_minor, coalesce(sum(b.amount_minor), 0) as claimed_minor,
          count(*) filter (where b.amount_minor > s.amount_minor) as above
        from chargeback_share s
        left join claw_back b on b.chargeback_id = s.chargeback_id and b.escrow_id = s.escrow_id
        where s.chargeback_id = c.id
      ) q
      where q.shared_minor > c.amount_minor or q.above > 0 or (c.status <> 'lost' and q.claimed_minor > 0)`,
  },
  {
    name: 'what was claimed back came from where its row says',
    violations: `
      select b.chargeback_id, b.escrow_id, b.amount_minor, b.reversed_minor, b.wallet_minor, b.owed_minor,
        q.wallet_posted_minor, q.owed_posted_minor, r.reversed_posted_minor
      from claw_back b
      cross join lateral (
        select coalesce(-sum(p.amount_minor) filter (where p.account = 'wallet:' || b.seller_id), 0) as wallet_posted_minor,
          coalesce(-sum(p.amount_minor) filter (where p.account = 'receivable:' || b.seller_id), 0) as owed_posted_minor
        from ledger_journal j join ledger_posting p on p.journal_id = j.id
        where j.key = 'escrow/' || b.escrow_id || ':clawed-back:' || b.chargeback_id
      ) q
      cross join lateral (
        select coalesce(sum(p.amount_minor), 0) as reversed_posted_minor
        from provider_request a
        join ledger_journal j on j.external_ref = a.object_id and j.kind = 'transfer_reversed'
        join ledger_posting p on p.journal_id = j.id and p.account = 'wallet:' || b.seller_id
        where starts_with(a.business_key, 'chargeback/' || b.chargeback_id || ':reverse:') and j.escrow_id = b.escrow_id
      ) r
      where q.wallet_posted_minor <> b.reversed_minor + b.wallet_minor or q.owed_posted_minor <> b.owed_minor
        or r.reversed_posted_minor <> b.reversed_minor`,
  },
  {
    name: 'what a seller owes is what claims left owed, less what releases paid and admins gave up',
    violations: `
      select q.seller_id, q.currency, q.owed_minor, -coalesce(a.balance_minor, 0) as balance_minor, s.paid_minor
      from (
        select seller_id, currency, sum(owed_minor - written_off_minor) as owed_minor from claw_back group by 1, 2
      ) q
      left join ledger_balance a on a.account = 'receivable:' || q.seller_id and a.currency = q.currency
      cross join lateral (
        select coalesce(sum(p.amount_minor), 0) as paid_minor
        from ledger_posting p join ledger_journal j on j.id = p.journal_id
        where p.tracked and p.account = 'receivable:' || q.seller_id and p.currency = q.currency
          and j.kind = 'receivable_settled'
      ) s
      where q.owed_minor - s.paid_minor <> -coalesce(a.balance_minor, 0)`,
  },
];
