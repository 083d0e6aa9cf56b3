/** The ladder after a lost chargeback: what was released is claimed back, rung by rung. */

import { payments, records } from '../shared/activity-proxies.ts';
import { insist } from '../shared/insist.ts';
import { type ChargebackState, now } from './state.ts';

/** From the seller's account at the provider, then their wallet; what neither has, they owe. */
export async function claimBackWhatWasReleased(chargeback: ChargebackState): Promise<void> {
  const { chargebackId } = chargeback.input;
  const claims = await records.claimReleased({ chargebackId, at: now() });
  for (const { escrowId } of claims) {
    await insist('taking a payout back', () => payments.reverseTransfers({ chargebackId, escrowId }));
    const taken = await records.takeBack({ chargebackId, escrowId, at: now() });
    if (taken.reversedMinor > 0) chargeback.note('claw_back.reversed', 'system');
    if (taken.walletMinor > 0) chargeback.note('claw_back.taken', 'system');
    if (taken.owedMinor > 0) chargeback.note('claw_back.owed', 'system');
  }
}
