/** Friends who are the same person: seen on their referrer's device, or at the same address. */

import type { EntityManager } from '@mikro-orm/postgresql';
import { FRAUD_RULES } from '../../domain/fraud/rules.ts';
import { findingsOf } from './candidates.ts';
import type { Finding } from './flags.ts';
import { share } from './shared-traces.ts';

/** Over all friends who have brought no reward yet: once it is paid, nothing is left to prevent. */
export function findingsOfReferrals(em: EntityManager): Promise<Finding[]> {
  const device = share('r.friend_id', 'r.referrer_id', 'device_hash');
  const address = share('r.friend_id', 'r.referrer_id', 'ip_hash');
  const query = `
    select q.referrer_id as user_id, q.friend_id as subject, 1 as measured,
      case when q.device then 'device' else 'address' end as by, 2 as accounts,
      jsonb_build_object('friendId', q.friend_id, 'joinedAt', q.joined_at,
        'sameDevice', q.device, 'sameAddress', q.address) as evidence
    from (select r.*, ${device} as device, ${address} as address from referral r where r.rewarded_at is null) q
    where q.device or q.address`;
  return findingsOf(em, FRAUD_RULES.self_referral.code, query, []);
}
