/** Invariants between holds and the escrows, vendor orders and orders they stand for. */

import type { Invariant } from './invariant.ts';

/** What each hold contains now, what went in, and what was taken out of it by lost chargebacks. */
const HOLD = `
  select v.escrow_id, v.order_id, v.gross_minor, v.status as vendor_order_status,
    coalesce(b.balance_minor, 0) as balance_minor, coalesce(l.in_minor, 0) as in_minor,
    coalesce(l.lost_minor, 0) as lost_minor
  from vendor_order v
  left join ledger_balance b on b.account = 'hold:' || v.escrow_id and b.currency = v.currency
  left join lateral (
    select sum(p.amount_minor) filter (where j.kind in ('payment_captured', 'payment_authorised')) as in_minor,
      -sum(p.amount_minor) filter (where j.kind = 'chargeback_lost') as lost_minor
    from ledger_posting p join ledger_journal j on j.id = p.journal_id
    where p.tracked and p.account = 'hold:' || v.escrow_id and p.currency = v.currency
  ) l on true`;

/** What an escrow says is in its hold and nobody contests. */
const REST_MINOR = `coalesce((e.rest ->> 'grossMinor')::bigint, e.held_minor)`;

export const HOLDS: readonly Invariant[] = [
  {
    name: 'a hold has one journal for each of its releases and refunds, and no other',
    violations: `
      select e.id as escrow_id, e.releases, e.refunds, q.releases as released, q.refunds as refunded, q.keys
      from escrow e
      join (
        select v.escrow_id, count(j.id) filter (where j.kind = 'hold_released') as releases,
          count(j.id) filter (where j.kind in ('hold_refunded', 'authorisation_cancelled')) as refunds,
          array_agg(j.key order by j.id) as keys
        from vendor_order v
        left join ledger_posting p on p.tracked and p.account = 'hold:' || v.escrow_id
        left join ledger_journal j on j.id = p.journal_id
          and j.kind in ('hold_released', 'hold_refunded', 'authorisation_cancelled')
        group by v.escrow_id
      ) q on q.escrow_id = e.id
      where q.releases <> e.releases or q.refunds <> e.refunds`,
  },
  {
    name: 'a finished hold is empty, an open one holds its rest and what is frozen',
    violations: `
      select h.escrow_id, e.status, e.phase, h.gross_minor, ${REST_MINOR} as rest_minor, e.frozen_minor, h.balance_minor
      from (${HOLD}) h join escrow e on e.id = h.escrow_id
      where h.balance_minor <> ${REST_MINOR} + e.frozen_minor
        or (e.status in ('released', 'refunded', 'split')) <> (h.balance_minor = 0)`,
  },
  {
    name: 'held = rest + frozen + released + refunded + charged back, per escrow',
    violations: `
      select e.id as escrow_id, e.held_minor, ${REST_MINOR} as rest_minor, e.frozen_minor, e.released_minor,
        e.refunded_minor, e.charged_back_minor
      from escrow e join vendor_order v on v.escrow_id = e.id
      where e.held_minor <> v.gross_minor or e.held_minor
        <> ${REST_MINOR} + e.frozen_minor + e.released_minor + e.refunded_minor + e.charged_back_minor`,
  },
  {
    name: 'a paid order has its total in its holds, an unpaid one nothing',
    violations: `
      select o.id as order_id, o.status, o.total_minor, sum(h.in_minor) as in_minor
      from orders o join (${HOLD}) h on h.order_id = o.id
      group by o.id
      having sum(h.in_minor) <> case when o.paid_at is null then 0 else o.total_minor end`,
  },
  {
    name: 'captured = released + refunded + held + lost, per order',
    violations: `
      select o.id as order_id, o.total_minor, sum(e.released_minor) as released_minor,
        sum(e.refunded_minor) as refunded_minor, sum(h.balance_minor) as held_minor, sum(h.lost_minor) as lost_minor
      from orders o
      join (${HOLD}) h on h.order_id = o.id
      left join escrow e on e.id = h.escrow_id
      where o.paid_at is not null
      group by o.id
      having o.total_minor <> coalesce(sum(e.released_minor + e.refunded_minor), 0) + sum(h.balance_minor + h.lost_minor)`,
  },
  {
    name: 'a released hold paid the seller the net and the platform the commission of its vendor order',
    violations: `
      select v.escrow_id, v.net_minor, v.commission_minor, q.seller_minor, q.commission_posted_minor
      from escrow e
      join vendor_order v on v.escrow_id = e.id
      left join lateral (
        select
          coalesce(sum(p.amount_minor) filter (where p.account = 'wallet:' || v.vendor_id), 0) as seller_minor,
          coalesce(sum(p.amount_minor) filter (where p.account = 'revenue:commission'), 0) as commission_posted_minor
        from ledger_journal j join ledger_posting p on p.journal_id = j.id
        where j.order_id = e.order_id and j.escrow_id = e.id and j.kind in ('hold_released', 'hold_split')
      ) q on true
      where e.status = 'released' and (q.seller_minor <> v.net_minor or q.commission_posted_minor <> v.commission_minor)`,
  },
  {
    name: 'vendor orders add up to their order',
    violations: `
      select o.id as order_id, o.total_minor, coalesce(sum(v.gross_minor), 0) as gross_minor
      from orders o left join vendor_order v on v.order_id = o.id
      group by o.id having o.total_minor <> coalesce(sum(v.gross_minor), 0)`,
  },
  {
    name: 'a vendor order and its escrow have the same state, and every paid vendor order has an escrow',
    violations: `
      select v.id as vendor_order_id, v.status as vendor_order_status, e.id as escrow_id, e.status as escrow_status
      from vendor_order v
      join orders o on o.id = v.order_id
      left join escrow e on e.vendor_order_id = v.id and e.id = v.escrow_id
      where (o.paid_at is null) <> (e.id is null) or e.status <> v.status
        or (e.id is null and v.status <> case o.status when 'created' then 'pending_payment' else o.status end)`,
  },
];
