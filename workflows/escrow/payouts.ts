/** Sends what was released on to the seller, where the policy pays out with each release. */

import type { PayOutInput } from '../../activities/payouts.ts';
import { payments } from '../shared/activity-proxies.ts';
import { insist } from '../shared/insist.ts';
import type { EscrowState } from './state.ts';

/** Which release: the n-th of the hold, or that of the part a dispute had frozen. */
type Released = Omit<PayOutInput, 'escrowId'>;

/**
 * Goes on beside the story, which a provider that is down must not hold up: somebody may want to object to another part
 * meanwhile. The escrow does not end before its payouts have.
 */
export function payOut(escrow: EscrowState, released: Released): void {
  if (escrow.input.policy.payoutMode !== 'per_release') return;
  escrow.payoutsUnderWay += 1;
  const { escrowId } = escrow.input;
  void insist('the payout', () => payments.payOut({ escrowId, ...released })).then(() => {
    escrow.payoutsUnderWay -= 1;
    escrow.showDetails();
  });
}
