/** What is asked of the provider about chargebacks, made from what it needs. */

import type { ActivityDependencies } from '../dependencies.ts';
import type { ChargebackActivities } from './chargeback-activities.ts';
import { reverseTransfers } from './reverse-transfers.ts';
import { submitEvidence } from './submit-evidence.ts';

export function createChargebackActivities(deps: ActivityDependencies): ChargebackActivities {
  return {
    reverseTransfers: (input) => reverseTransfers(deps, input),
    submitEvidence: (input) => submitEvidence(deps, input),
  };
}
