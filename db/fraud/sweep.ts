/** The sweep over everybody: raises what the check after placing could not see, and rewards who brought real friends. */

import type { EntityManager } from '@mikro-orm/postgresql';
import { rewardReferrals } from '../referrals/reward.ts';
import { raiseFlags } from './flags.ts';
import { findingsOfForecasts } from './forecast-findings.ts';
import { findingsOfPurchases } from './purchase-findings.ts';
import { findingsOfReferrals } from './referral-findings.ts';

const HOUR_MS = 3_600_000;
/** An hourly sweep looks further back than an hour: what a few missed ones left is found by the next. */
const LOOKS_BACK_MS = 26 * HOUR_MS;
/** Rules compare traces of a month, referrals all there are; nobody's are kept much longer than they are of use. */
const KEEP_SIGNALS_DAYS = 180;

export type Swept = { flagsRaised: number; referralsRewarded: number };

/** Runs any number of times, also at once: flags and rewards come once each. Nothing else happens to an account. */
export async function sweep(em: EntityManager): Promise<Swept> {
  const findings = [
    ...(await findingsOfForecasts(em, { sinceMs: LOOKS_BACK_MS })),
    ...(await findingsOfPurchases(em)),
    ...(await findingsOfReferrals(em)),
  ];
  const raised = await raiseFlags(em, findings);
  await em.execute(`delete from signal where at < now() - interval '${KEEP_SIGNALS_DAYS} days'`);
  // After the flags: whoever has one waits for a person to clear it.
  return { flagsRaised: raised.length, referralsRewarded: await rewardReferrals(em) };
}
