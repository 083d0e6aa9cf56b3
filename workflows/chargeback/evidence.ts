/** The time until the bank decides: fees are booked, and the evidence goes out when it is due or an admin says so. */

import { condition, log, rootCause } from '@temporalio/workflow';
import type { Actor } from '../../domain/escrow.ts';
import { payments, records } from '../shared/activity-proxies.ts';
import { Deadline } from '../shared/deadline.ts';
import { tooLate } from './handlers.ts';
import { type ChargebackState, now } from './state.ts';

const CLOCK: Actor = { role: 'system', id: 'evidence deadline' };

export async function defendUntilDecided(chargeback: ChargebackState): Promise<void> {
  const due = new Deadline();
  for (;;) {
    await bookFee(chargeback);
    const [request] = chargeback.requests;
    if (request && chargeback.evidenceIsOpen)
      await sendEvidence(chargeback, { role: 'admin', id: request.input.adminId });
    else if (due.passed && chargeback.evidenceIsOpen) await sendEvidence(chargeback, CLOCK);
    answerRequests(chargeback);
    if (chargeback.decision !== null) break;
    const sendAt = chargeback.evidenceSendAt;
    due.arm(sendAt === null ? null : Date.parse(sendAt), 'the evidence goes to the bank');
    await condition(() => somethingHappened(chargeback) || due.passed);
  }
  due.arm(null, '');
}

/** What the provider charges is a fact at any time, also after the decision. */
export async function bookFee(chargeback: ChargebackState): Promise<void> {
  const { feeMinor } = chargeback;
  if (feeMinor <= chargeback.bookedFeeMinor) return;
  await records.noteChargebackFee({ chargebackId: chargeback.input.chargebackId, feeMinor });
  chargeback.bookedFeeMinor = feeMinor;
}

/** Whoever still waits is told how it ended. */
export function answerRequests(chargeback: ChargebackState): void {
  for (const request of chargeback.requests.splice(0)) {
    if (chargeback.evidenceSentAt === null) request.refuse(tooLate());
    else request.answer({ submittedAt: chargeback.evidenceSentAt });
  }
}

function somethingHappened({ decision, requests, feeMinor, bookedFeeMinor }: ChargebackState): boolean {
  return decision !== null || requests.length > 0 || feeMinor > bookedFeeMinor;
}

/** Not insisted on: after its due date a bank listens to nobody, and the decision must not wait for us. */
async function sendEvidence(chargeback: ChargebackState, actor: Actor): Promise<void> {
  const { chargebackId } = chargeback.input;
  try {
    const { submittedAt } = await payments.submitEvidence({ chargebackId, actor, at: now() });
    chargeback.evidenceSentAt = submittedAt;
    if (submittedAt !== null) chargeback.note('chargeback.evidence_sent', actor.role);
  } catch (error) {
    log.error('the evidence could not be sent', { chargebackId, reason: rootCause(error) ?? String(error) });
  }
  chargeback.evidenceOver = chargeback.evidenceSentAt === null;
}
