/** Invariants between the ledger and the world outside it: providers' objects, clearing accounts, stock. */

import type { Invariant } from './invariant.ts';

/** Journals that a payment must have, by what became of it; wallet payments never leave the ledger. */
const EXPECTED_OF_PAYMENTS = `
  select p.id as payment_id, p.provider_object_id as external_ref,
    array['payment_captured', 'payment_authorised'] as kinds
  from payment p where p.provider <> 'wallet' and p.status in ('authorized', 'succeeded', 'refunded')
  union all
  select p.id, p.charge_id, array['authorisation_captured']
  from payment p
  where p.provider <> 'wallet' and p.status in ('succeeded', 'refunded') and exists (
    select from ledger_journal j where j.external_ref = p.provider_object_id and j.kind = 'payment_authorised')
  union all
  select p.id, p.provider_object_id, array['late_received'] from payment p where p.status = 'late_refunded'`;

export const OUTSIDE: readonly Invariant[] = [
  {
    name: 'every payment that succeeded has exactly one journal',
    violations: `
      select e.payment_id, e.external_ref, e.kinds, count(j.id) as journals
      from (${EXPECTED_OF_PAYMENTS}) e
      left join ledger_journal j on j.external_ref = e.external_ref and j.kind = any (e.kinds)
      group by 1, 2, 3 having count(j.id) <> 1`,
  },
  {
    name: 'every journal of a payment has its payment',
    violations: `
      select j.key, j.kind, j.external_ref, p.id as payment_id, p.status
      from ledger_journal j
      left join payment p on j.external_ref in (p.provider_object_id, p.charge_id) and p.order_id = j.order_id
      where j.external_ref is not null and (
        (j.kind in ('payment_captured', 'authorisation_captured')
          and coalesce(p.status, '') not in ('succeeded', 'refunded'))
        or (j.kind = 'payment_authorised'
          and coalesce(p.status, '') not in ('authorized', 'succeeded', 'refunded', 'cancelled'))
        or (j.kind = 'late_received' and coalesce(p.status, '') <> 'late_refunded'))`,
  },
  {
    name: 'every refund and transfer at a provider has exactly one journal',
    violations: `
      select r.business_key, r.operation, r.object_id, count(j.id) as journals
      from provider_request r left join ledger_journal j on j.external_ref = r.object_id
      where r.operation in ('refund', 'transfer', 'reverse_transfer') and r.completed_at is not null and r.object_id is not null
      group by r.business_key having count(j.id) <> 1`,
  },
  {
    name: 'every journal of a refund or transfer has its request to the provider',
    violations: `
      select j.key, j.kind, j.external_ref
      from ledger_journal j
      where j.kind in ('hold_refunded', 'hold_split', 'late_refunded', 'payout_paid', 'transfer_reversed')
        and j.external_ref is not null and not exists (select from provider_request r where r.object_id = j.external_ref)`,
  },
  {
    name: 'no late money is left waiting for its refund',
    violations: `
      select account, currency, balance_minor from ledger_balance where account like 'late:%' and balance_minor <> 0`,
  },
  {
    name: 'nothing stays authorised for a finished order',
    violations: `
      select o.id as order_id, o.status, p.account, p.currency, sum(p.amount_minor) as sum_minor
      from orders o
      join ledger_journal j on j.order_id = o.id
      join ledger_posting p on p.journal_id = j.id
      where o.status in ('completed', 'cancelled', 'refunded', 'partially_refunded', 'expired')
        and p.account like 'world:%\\_authorised'
      group by o.id, p.account, p.currency having sum(p.amount_minor) <> 0`,
  },
  {
    name: 'nothing is in transit for a finished payout',
    violations: `
      select b.account, b.currency, b.balance_minor
      from ledger_balance b
      where b.account like 'payout:%' and b.balance_minor <> 0 and exists (
        select from ledger_posting p join ledger_journal j on j.id = p.journal_id
        where p.tracked and p.account = b.account and j.kind in ('payout_paid', 'payout_failed'))`,
  },
  {
    name: 'reserved units are those of open unpaid orders',
    violations: `
      select l.id as listing_id, l.reserved, coalesce(q.units, 0) as ordered
      from listing l
      left join (
        select i.listing_id, sum(i.quantity) as units
        from order_item i join orders o on o.id = i.order_id
        where o.status in ('created', 'pending_payment') group by 1
      ) q on q.listing_id = l.id
      where l.reserved <> coalesce(q.units, 0)`,
  },
  {
    name: 'sold units are those of paid orders, without what was refunded before it left',
    violations: `
      select l.id as listing_id, l.sold, coalesce(q.units, 0) as paid
      from listing l
      left join (
        select i.listing_id, sum(i.quantity - i.restocked_quantity) as units
        from order_item i join orders o on o.id = i.order_id
        where o.paid_at is not null
        group by 1
      ) q on q.listing_id = l.id
      where l.sold <> coalesce(q.units, 0)`,
  },
  {
    name: 'units are back on the shelf where they were refunded before they left, and nowhere else',
    violations: `
      select i.id as order_item_id, i.quantity, i.restocked_quantity, v.status, v.tracking_number
      from order_item i
      join vendor_order v on v.id = i.vendor_order_id
      join escrow e on e.vendor_order_id = v.id
      where (i.restocked_quantity > 0
          and (v.fulfilment <> 'physical' or e.refunded_minor = 0))
        or (v.status = 'refunded' and e.charged_back_minor = 0 and v.tracking_number is null
          and v.fulfilment = 'physical' and i.restocked_quantity <> i.quantity)`,
  },
  {
    name: 'a payment gave back what its holds did',
    violations: `
      select p.id as payment_id, p.refunded_minor, sum(e.refunded_minor) as holds_minor
      from payment p join escrow e on e.order_id = p.order_id
      where p.status in ('succeeded', 'refunded')
      group by p.id having p.refunded_minor <> sum(e.refunded_minor)`,
  },
];
