/** Invariants between disputes, the parts they freeze, and the journals that settle those. */

import type { Invariant } from './invariant.ts';

export const DISPUTES: readonly Invariant[] = [
  {
    name: 'what is frozen in a hold are the parts of its open disputes, and nothing without one',
    violations: `
      select e.id as escrow_id, e.status, e.frozen_minor, e.open_disputes, coalesce(q.frozen_minor, 0) as parts_minor,
        coalesce(q.disputes, 0) as disputes
      from escrow e
      left join (
        select escrow_id, sum(frozen_minor) as frozen_minor, count(*) as disputes
        from dispute where settled_at is null group by 1
      ) q on q.escrow_id = e.id
      where e.frozen_minor <> coalesce(q.frozen_minor, 0) or e.open_disputes <> coalesce(q.disputes, 0)
        or (e.status = 'disputed') <> (e.open_disputes > 0)`,
  },
  {
    name: 'the journal of a dispute says what its row says, and an open one has none',
    violations: `
      with journals as (
        select d.id as dispute_id, j.key, j.kind, b.gross_minor, b.buyer_minor
        from dispute d
        join ledger_journal j on j.order_id = d.order_id
          and j.kind in ('hold_split', 'chargeback_lost') and starts_with(j.key, 'dispute/' || d.id || ':')
        cross join lateral (
          select -sum(p.amount_minor) filter (where p.account = 'hold:' || d.escrow_id) as gross_minor,
            coalesce(sum(p.amount_minor)
              filter (where p.account like 'world:%' or p.account = 'wallet:' || d.buyer_id), 0) as buyer_minor
          from ledger_posting p where p.journal_id = j.id
        ) b
      )
      select d.id as dispute_id, d.settlement, d.frozen_minor, d.buyer_minor, count(j.key) as journals,
        array_agg(j.key) as keys, min(j.gross_minor) as posted_gross_minor, min(j.buyer_minor) as posted_buyer_minor
      from dispute d left join journals j on j.dispute_id = d.id
      group by d.id
      having not coalesce(case d.settlement
        when 'split' then count(j.key) = 1 and min(j.kind) = 'hold_split' and min(j.gross_minor) = d.frozen_minor
          and min(j.buyer_minor) = d.buyer_minor
        when 'charged_back' then count(j.key) = 1 and min(j.kind) = 'chargeback_lost'
          and min(j.gross_minor) = d.buyer_minor and min(j.buyer_minor) = d.buyer_minor
        else count(j.key) = 0 end, false)`,
  },
  {
    name: 'every journal of a contested part has its dispute',
    violations: `
      select j.key, j.kind, j.order_id, j.escrow_id
      from ledger_journal j
      where starts_with(j.key, 'dispute/') and not exists (
        select from dispute d where d.order_id = j.order_id and d.escrow_id = j.escrow_id
          and starts_with(j.key, 'dispute/' || d.id || ':'))`,
  },
  {
    name: 'an escrow was charged back what its disputes lost to the bank',
    violations: `
      select e.id as escrow_id, e.charged_back_minor, coalesce(q.lost_minor, 0) as lost_minor
      from escrow e
      left join (
        select escrow_id, sum(buyer_minor) as lost_minor from dispute where settlement = 'charged_back' group by 1
      ) q on q.escrow_id = e.id
      where e.charged_back_minor <> coalesce(q.lost_minor, 0)`,
  },
  {
    name: 'no unit of a line is contested, settled or paid for twice',
    violations: `
      select i.id as order_item_id, i.quantity, i.settled_quantity, q.units
      from order_item i
      join (
        select l.order_item_id, sum(l.quantity) as units
        from dispute_line l join dispute d on d.id = l.dispute_id
        where d.settled_at is null or d.settlement <> 'hold_goes_on'
        group by 1
      ) q on q.order_item_id = i.id
      where i.settled_quantity + q.units > i.quantity`,
  },
  {
    name: 'a settled dispute has ended, and its seals are those of its phases',
    violations: `
      select d.id as dispute_id, d.phase, d.settled_at, d.closed_at, q.seal, q.previous_seal, q.expected
      from dispute d
      left join (
        select dispute_id, seal, previous_seal, manifest, lag(seal) over (partition by dispute_id order by seq) as expected
        from dispute_seal
      ) q on q.dispute_id = d.id
      where (d.phase in ('resolved', 'withdrawn')) <> (d.closed_at is not null)
        or (d.settled_at is not null and d.closed_at is null)
        or q.previous_seal is distinct from q.expected
        or q.seal <> encode(sha256(convert_to(q.manifest, 'UTF8')), 'hex')`,
  },
  {
    name: 'the evidence of a sealed phase is what its seal names',
    violations: `
      select s.dispute_id, s.phase, s.seq, f.files, array_length(string_to_array(s.manifest, e'\\n'), 1) - 1 as sealed
      from dispute_seal s
      cross join lateral (
        select count(*) as files, coalesce(bool_and(strpos(s.manifest, v.sha256 || ' ') > 0), true) as named,
          coalesce(bool_and(encode(sha256(v.bytes), 'hex') = v.sha256), true) as unchanged
        from dispute_evidence v where v.dispute_id = s.dispute_id and v.phase = s.phase
      ) f
      where f.files <> array_length(string_to_array(s.manifest, e'\\n'), 1) - 1 or not f.named or not f.unchanged`,
  },
];
