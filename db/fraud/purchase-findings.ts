/** What payments tell: cards tried out one after the other, and banks that took money back. */

import type { EntityManager } from '@mikro-orm/postgresql';
import { FRAUD_RULES } from '../../domain/fraud/rules.ts';
import { findingsOf, interval, SHOWN_ACCOUNTS, SHOWN_HASH_CHARS } from './candidates.ts';
import type { Finding } from './flags.ts';

/** Every rule about payments, over its own window. */
export async function findingsOfPurchases(em: EntityManager): Promise<Finding[]> {
  return [...(await velocityOfAccounts(em)), ...(await velocityOfDevices(em)), ...(await chargebacks(em))];
}

const VELOCITY = FRAUD_RULES.purchase_velocity;
const OF_LATE = `now() - ${interval(VELOCITY.windowMs ?? 0)}`;
/** The day of the last of them: the same spree is one flag, the next day's another. */
const DAY = `to_char(max(at) at time zone 'UTC', 'YYYY-MM-DD')`;

/** Begun ones count, whatever became of them. */
function velocityOfAccounts(em: EntityManager): Promise<Finding[]> {
  const query = `
    select user_id, 'account:' || ${DAY} as subject, count(*)::int as measured, 'device' as by, 1 as accounts,
      jsonb_build_object('firstAt', min(at), 'lastAt', max(at), 'chips', sum(chips),
        'byStatus', (select jsonb_object_agg(status, n) from (
          select p.status, count(*) as n from purchase p
          where p.user_id = q.user_id and p.created_at > ${OF_LATE} group by 1) each_status),
        'purchases', to_jsonb((array_agg(id order by at desc))[1:${SHOWN_ACCOUNTS}])) as evidence
    from (select id, user_id, chips, created_at as at from purchase where created_at > ${OF_LATE}) q
    group by user_id having count(*) >= ?`;
  return findingsOf(em, VELOCITY.code, query, [VELOCITY.threshold]);
}

/** Several accounts of one device, so that none of them reaches its own limit. */
function velocityOfDevices(em: EntityManager): Promise<Finding[]> {
  const query = `
    with spree as (
      select device_hash, ${DAY} as day, count(*)::int as purchases, count(distinct user_id)::int as accounts,
        min(at) as first_at, max(at) as last_at
      from signal where kind = 'purchase' and device_hash is not null and at > ${OF_LATE}
      group by 1 having count(*) >= ? and count(distinct user_id) > 1
    )
    select distinct s.user_id, 'device:' || left(device_hash, ${SHOWN_HASH_CHARS}) || ':' || q.day as subject,
      q.purchases as measured, 'device' as by, q.accounts,
      jsonb_build_object('device', left(device_hash, ${SHOWN_HASH_CHARS}), 'accounts', q.accounts,
        'firstAt', q.first_at, 'lastAt', q.last_at) as evidence
    from spree q join signal s using (device_hash)
    where s.kind = 'purchase' and s.at > ${OF_LATE}`;
  return findingsOf(em, VELOCITY.code, query, [VELOCITY.threshold]);
}

/** Of chips and of goods alike; what banks gave back counts no more. A further one is a further flag. */
function chargebacks(em: EntityManager): Promise<Finding[]> {
  const { code, threshold, windowMs } = FRAUD_RULES.chargeback_history;
  const since = `now() - ${interval(windowMs ?? 0)}`;
  const query = `
    select user_id, 'until:' || (array_agg(ref order by at desc, ref desc))[1] as subject, count(*)::int as measured,
      'device' as by, 1 as accounts,
      jsonb_build_object('firstAt', min(at), 'lastAt', max(at),
        'chargebacks', to_jsonb((array_agg(ref order by at desc, ref desc))[1:${SHOWN_ACCOUNTS}])) as evidence
    from (
      select p.user_id, e.purchase_id || ':' || e.event as ref, e.taken_at as at
      from purchase_event e join purchase p on p.id = e.purchase_id
      where e.kind = 'chargeback' and e.given_back_at is null and e.taken_at > ${since}
      union all
      select o.buyer_id, c.id, c.opened_at from chargeback c join orders o on o.id = c.order_id
      where c.status <> 'won' and c.opened_at > ${since}
    ) taken
    group by user_id having count(*) >= ?`;
  return findingsOf(em, code, query, [threshold]);
}
