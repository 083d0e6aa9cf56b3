/** The chargeback's message handlers: they record; the main loop does the rest. */

import { setHandler } from '@temporalio/workflow';
import { fail } from '../shared/fail.ts';
import { Request } from '../shared/request.ts';
import { isFact } from '../shared/seen-events.ts';
import { chargebackReportedSignal, chargebackTimelineQuery, submitEvidenceUpdate } from './contract.ts';
import type { ChargebackState } from './state.ts';

/** Registers every handler; called before the first await, so that no message finds the door closed. */
export function registerHandlers(chargeback: ChargebackState): void {
  setHandler(chargebackReportedSignal, (reported) => {
    if (isFact(reported) && chargeback.seen.takeIn(reported.eventId)) chargeback.takeIn(reported);
  });
  setHandler(submitEvidenceUpdate, (input) => submitEvidence(chargeback, input), {
    validator: (input: { adminId: string } | undefined) => {
      if (typeof input?.adminId !== 'string') throw fail('validation_failed', 'a request names its admin');
      if (chargeback.evidenceSentAt === null && !chargeback.evidenceIsOpen) throw tooLate();
    },
  });
  setHandler(chargebackTimelineQuery, () => chargeback.timeline());
}

/** Sent already: the answer is when. */
async function submitEvidence(
  chargeback: ChargebackState,
  input: { adminId: string },
): Promise<{ submittedAt: string }> {
  if (chargeback.evidenceSentAt !== null) return { submittedAt: chargeback.evidenceSentAt };
  const request = new Request<{ adminId: string }, { submittedAt: string }>(input);
  chargeback.requests.push(request);
  return request.answered();
}

export function tooLate() {
  return fail('dispute_closed', 'the bank does not take evidence any more');
}
