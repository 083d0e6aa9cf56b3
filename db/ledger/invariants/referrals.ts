/** Invariants between referrals and the journals of their rewards. */

import type { Invariant } from './invariant.ts';

export const REFERRALS: readonly Invariant[] = [
  {
    name: 'a referral that was rewarded gave its chips to the referrer, once, and any other gave nothing',
    violations: `
      select r.friend_id, r.referrer_id, r.chips, q.chips as posted_chips
      from referral r
      cross join lateral (
        select coalesce(sum(p.amount_minor), 0) as chips
        from ledger_journal j join ledger_posting p on p.journal_id = j.id
        where j.key = 'referral/' || r.friend_id || ':reward' and j.kind = 'referral_rewarded'
          and p.account = 'chips:wallet:' || r.referrer_id and p.currency = 'CHIP'
      ) q
      where coalesce(r.chips, 0) <> q.chips`,
  },
  {
    name: 'every referral reward belongs to a referral',
    violations: `
      select j.id as journal_id, j.key
      from ledger_journal j
      where j.kind = 'referral_rewarded' and not exists (
        select from referral r where j.key = 'referral/' || r.friend_id || ':reward' and r.rewarded_at is not null)`,
  },
];
