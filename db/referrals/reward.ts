/** Rewards for friends who are real: each once, whoever looks and however many at once. */

import type { EntityManager } from '@mikro-orm/postgresql';
import type { UserId } from '../../domain/ids.ts';
import { referralRewarded } from '../../domain/postings/chips.ts';
import { FORECASTS_OF_REAL_FRIEND } from '../../domain/referral.ts';
import { share } from '../fraud/shared-traces.ts';
import { postJournals } from '../ledger/post.ts';

/** Rewards of one sweep; more wait for the next. */
const BATCH = 500;

/** The friend is real, neither is somebody whom a flag stands against, and they are two people. */
const DESERVED = `
  r.rewarded_at is null
  and not exists (select from user_account u where u.id in (r.friend_id, r.referrer_id) and u.status <> 'active')
  and exists (select from purchase p where p.user_id = r.friend_id and p.status = 'completed')
  and (select count(*) from (
    select from forecast f where f.user_id = r.friend_id limit ${FORECASTS_OF_REAL_FRIEND}) first_ones
  ) = ${FORECASTS_OF_REAL_FRIEND}
  and not exists (
    select from fraud_flag g where g.user_id in (r.friend_id, r.referrer_id) and g.status <> 'cleared')
  and not ${share('r.friend_id', 'r.referrer_id', 'device_hash')}
  and not ${share('r.friend_id', 'r.referrer_id', 'ip_hash')}`;

/** Pays what is deserved by now and answers how many rewards that were. */
export async function rewardReferrals(em: EntityManager): Promise<number> {
  const chips = await currentReward(em);
  if (chips === 0) return 0;
  const due = await em.execute<{ friend_id: UserId }[]>(
    `select r.friend_id from referral r where ${DESERVED} order by r.friend_id limit ${BATCH}`,
  );
  let rewarded = 0;
  for (const { friend_id: friendId } of due) {
    if (await rewardOne(em, friendId, chips)) rewarded += 1;
  }
  return rewarded;
}

/** What the chips channel gives for a friend at present; 0 where there is no programme. */
export async function currentReward(em: EntityManager): Promise<number> {
  const [row] = await em.execute<{ chips: number }[]>(
    `select coalesce((policy #>> '{market,chips,referralReward}')::int, 0) as chips
     from channel where slug = 'pilimarket' and active`,
  );
  return row?.chips ?? 0;
}

/** False when somebody else has, or is about to. */
function rewardOne(em: EntityManager, friendId: UserId, chips: number): Promise<boolean> {
  return em.fork().transactional(async (tx) => {
    const [mine] = await tx.execute<{ referrer_id: UserId }[]>(
      `select r.referrer_id from referral r where r.friend_id = ? and ${DESERVED} for update of r skip locked`,
      [friendId],
    );
    if (!mine) return false;
    await postJournals(tx, [referralRewarded({ userId: mine.referrer_id, friendId, chips })]);
    await tx.execute(`update referral set rewarded_at = now(), chips = ? where friend_id = ?`, [chips, friendId]);
    return true;
  });
}
