/** Requests to payment providers under our business keys. */

import type { EntityManager } from '@mikro-orm/postgresql';
import type { PaymentProviderName } from '../../domain/policy/policy.ts';
import { ProviderRequest } from '../entities/provider-request.entity.ts';
import { prepared } from '../prepared.ts';
import { type Write, writeTogether } from '../write-together.ts';

type NewRequest = { businessKey: string; provider: PaymentProviderName; operation: string; requestHash: string };

/** `outcome` is null until the provider's answer is stored. */
export type KnownRequest = { requestHash: string; firstSentAt: Date; outcome: Record<string, unknown> | null };

type Row = { request_hash: string; first_sent_at: Date; outcome: Record<string, unknown> | null };

/** Notes that a request is about to be sent, and answers with what is known of it: in one statement, new or not. */
export async function noteProviderRequest(em: EntityManager, request: NewRequest): Promise<KnownRequest> {
  const { businessKey, provider, operation, requestHash } = request;
  const [row] = await prepared<Row>(
    em,
    `insert into provider_request (business_key, provider, operation, request_hash) values (?, ?, ?, ?)
     on conflict (business_key) do update set business_key = excluded.business_key
     returning request_hash, first_sent_at, outcome`,
    [businessKey, provider, operation, requestHash],
  );
  if (!row) throw new Error(`provider request ${businessKey} was not noted`);
  return { requestHash: row.request_hash, firstSentAt: new Date(row.first_sent_at), outcome: row.outcome };
}

/** Keeps the provider's answer, with `beside` what it changes elsewhere: whoever asks again under this key gets it from here. */
export async function keepProviderAnswer(
  em: EntityManager,
  businessKey: string,
  objectId: string | null,
  outcome: Record<string, unknown>,
  beside: readonly Write[] = [],
): Promise<void> {
  const answer = { objectId, outcome, completedAt: new Date() };
  const kept = em.createQueryBuilder(ProviderRequest).update(answer).where({ businessKey }).toRaw();
  await writeTogether(em, [kept, ...beside]);
}

/** The provider's object that a request with this key made; null where there is none. */
export async function findProviderObject(em: EntityManager, businessKey: string): Promise<string | null> {
  const request = await em.findOne(ProviderRequest, { businessKey });
  return request?.objectId ?? null;
}
