/** The chargeback workflow, beside holds that only write down what it tells them. */

import { condition, setHandler } from '@temporalio/workflow';
import {
  chargebackClosedSignal,
  chargebackOpenedSignal,
  type EscrowChargebackClosed,
  type EscrowChargebackOpened,
} from '../../../workflows/escrow/contract.ts';

export { chargebackWorkflow } from '../../../workflows/chargeback/workflow.ts';

type Heard = EscrowChargebackOpened | EscrowChargebackClosed;

/** Ends once it has heard as much as it was started to hear. */
export async function escrowWorkflow({ facts }: { facts: number }): Promise<Heard[]> {
  const heard: Heard[] = [];
  setHandler(chargebackOpenedSignal, (fact) => void heard.push(fact));
  setHandler(chargebackClosedSignal, (fact) => void heard.push(fact));
  await condition(() => heard.length >= facts);
  return heard;
}
