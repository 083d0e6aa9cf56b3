/** Sends the bank what was recorded about the deal; once, because a bank reads once. */

import { Chargeback } from '../../db/entities/chargeback.entity.ts';
import type { EntityManager } from '../../db/orm.ts';
import { assembleEvidence } from '../../db/repositories/evidence-packet.ts';
import { bankEvidence, type EvidencePacket } from '../../domain/disputes/evidence-packet.ts';
import { ProviderError } from '../../providers/payments/provider-error.ts';
import type { ActivityDependencies } from '../dependencies.ts';
import { throwProviderFailure } from '../provider-failures.ts';
import { sendOnce } from '../provider-requests.ts';
import { tell } from '../records/tell.ts';
import type { SubmitEvidence } from './chargeback-activities.ts';
import { lockChargeback } from './close-chargeback.ts';

/**
 * The packet is kept before it is sent, so that every try sends the same and we know what the bank was told. Where the bank
 * does not listen any more (it has decided, the date has passed), `submittedAt` is null.
 */
export async function submitEvidence(
  { orm, providers }: ActivityDependencies,
  { chargebackId, actor, at }: SubmitEvidence,
): Promise<{ submittedAt: string | null }> {
  const em = orm.em.fork();
  const packet = await em.transactional((tx) => keepPacket(tx, chargebackId));
  const { provider: name } = await em.findOneOrFail(Chargeback, { id: chargebackId });
  const provider = providers.get(name);
  const businessKey = `chargeback/${chargebackId}:evidence`;
  const input = { chargebackId, texts: bankEvidence(packet), files: {} };
  const accepted = (sent: { evidenceSent: boolean }) => ({ id: sent.evidenceSent ? businessKey : null });
  const sent = await sendOnce<{ id: string | null }>(em, {
    businessKey,
    provider: provider.name,
    operation: 'submit_evidence',
    input,
    send: () =>
      provider.submitEvidence({ ...input, idempotencyKey: businessKey }).then(accepted, async (error: unknown) => {
        if (!isRefusal(error)) throw error;
        // Refused because it is there already (an earlier try, or a person in the provider's own pages), or too late.
        return accepted(await provider.retrieveChargeback(chargebackId));
      }),
    find: async () => {
      const { evidenceSent } = await provider.retrieveChargeback(chargebackId);
      return evidenceSent ? { id: businessKey } : null;
    },
    keep: ({ id }) => ({ id }),
  }).catch(throwProviderFailure);
  const id = 'result' in sent ? sent.result.id : sent.repeated.id;
  if (typeof id !== 'string') return { submittedAt: null };
  return { submittedAt: await em.transactional((tx) => noteSent(tx, { chargebackId, actor, at })) };
}

async function keepPacket(tx: EntityManager, chargebackId: string): Promise<EvidencePacket> {
  const chargeback = await lockChargeback(tx, chargebackId);
  if (chargeback.evidence) return chargeback.evidence;
  const evidence = await assembleEvidence(tx, chargeback);
  await tx.nativeUpdate(Chargeback, { id: chargebackId }, { evidence });
  return evidence;
}

async function noteSent(tx: EntityManager, { chargebackId, actor, at }: SubmitEvidence): Promise<string> {
  const { orderId, evidenceSentAt } = await lockChargeback(tx, chargebackId);
  if (evidenceSentAt) return evidenceSentAt.toISOString();
  const sentAt = new Date(at);
  await tx.nativeUpdate(Chargeback, { id: chargebackId }, { evidenceSentAt: sentAt, updatedAt: new Date() });
  const data = { chargebackId };
  await tell(tx, [{ type: 'chargeback.evidence_sent', orderId, subjectId: chargebackId, actor, at: sentAt, data }]);
  return sentAt.toISOString();
}

function isRefusal(error: unknown): boolean {
  return error instanceof ProviderError && !error.retryable && (error.kind === 'conflict' || error.kind === 'invalid');
}
