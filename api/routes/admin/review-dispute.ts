/** What every request of those who decide disputes shares: parties are told so, others are forbidden. */

import type { Context } from 'hono';
import { findDispute } from '../../../db/repositories/disputes.ts';
import { type AppEnv, currentUser, reviewerRole } from '../../context.ts';
import { ApiError } from '../../errors.ts';
import { type Change, changeDispute } from '../disputes/command.ts';

/** Only a party learns from the refusal that there is such a dispute; they know. */
export async function reviewDispute(c: Context<AppEnv>, change: Change): Promise<Response> {
  const user = currentUser(c);
  if (reviewerRole(user) === null) {
    const dispute = await findDispute(c.get('em'), change.id);
    const isParty = dispute?.buyerId === user.id || dispute?.sellerId === user.id;
    throw new ApiError(isParty ? 'verdict_by_party' : 'forbidden');
  }
  return await changeDispute(c, change);
}
