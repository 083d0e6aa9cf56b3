/** The chargeback of a path. */

import type { EntityManager } from '@mikro-orm/postgresql';
import { type ChargebackRows, loadChargeback } from '../../../db/repositories/chargebacks.ts';
import { assembleEvidence } from '../../../db/repositories/evidence-packet.ts';
import type { EvidencePacket } from '../../../domain/disputes/evidence-packet.ts';
import { ApiError } from '../../errors.ts';

/** Throws ApiError `chargeback_not_found`. */
export async function requireChargeback(em: EntityManager, id: string): Promise<ChargebackRows> {
  const found = await loadChargeback(em, id);
  if (!found) throw new ApiError('chargeback_not_found');
  return found;
}

/** What the bank was told, or, before that, what it would be told now. Throws ApiError `chargeback_not_found`. */
export async function evidenceOf(em: EntityManager, id: string): Promise<EvidencePacket> {
  const { chargeback } = await requireChargeback(em, id);
  return chargeback.evidence ?? (await assembleEvidence(em, chargeback));
}
