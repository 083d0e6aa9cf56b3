/** The answers already given, by caller, route and key: a repeated request gets the first answer again. */

import type { EntityManager } from '@mikro-orm/postgresql';
import { prepared } from '../prepared.ts';

/** `scope` says who asked for what; `key` is the caller's. */
export type IdempotencyAddress = { scope: string; key: string };

export type StoredAnswer = { status: number; headers: Record<string, string>; body: string };

/**
 * What became of a claim. `mine`: go ahead, `token` proves it later. `replay`: answered before. `running`: someone is
 * at it. `other_request`: the key belongs to a request with another content.
 */
export type Claim =
  | { kind: 'mine'; token: string }
  | { kind: 'replay'; answer: StoredAnswer }
  | { kind: 'running'; retryAfterSeconds: number }
  | { kind: 'other_request' };

type Row = {
  request_hash: string;
  status: 'running' | 'done';
  http_status: number | null;
  response_headers: Record<string, string> | null;
  response_body: string | null;
  wait_seconds: number;
};

/**
 * Takes the key for `lockSeconds`, in one statement of its own: so a process that dies in the middle blocks the key no
 * longer than that. A lock that ran out is taken over by the same request only.
 */
export async function claimIdempotencyKey(
  em: EntityManager,
  { scope, key }: IdempotencyAddress,
  requestHash: string,
  lockSeconds: number,
): Promise<Claim> {
  const claimed = await prepared<{ token: string }>(
    em,
    `insert into idempotency_key as k (scope, key, request_hash, locked_until)
     values (?, ?, ?, now() + make_interval(secs => ?))
     on conflict (scope, key) do update set locked_until = excluded.locked_until
       where k.status = 'running' and k.locked_until <= now() and k.request_hash = excluded.request_hash
     returning locked_until::text as token`,
    [scope, key, requestHash, lockSeconds],
  );
  if (claimed[0]) return { kind: 'mine', token: claimed[0].token };
  const [row] = await prepared<Row>(
    em,
    `select request_hash, status, http_status, response_headers, response_body,
            ceil(extract(epoch from locked_until - now()))::int as wait_seconds
     from idempotency_key where scope = ? and key = ?`,
    [scope, key],
  );
  // Released between the two statements: the caller may come again at once.
  if (!row) return { kind: 'running', retryAfterSeconds: 1 };
  if (row.request_hash !== requestHash) return { kind: 'other_request' };
  if (row.status === 'done' && row.http_status !== null) {
    const answer = { status: row.http_status, headers: row.response_headers ?? {}, body: row.response_body ?? '' };
    return { kind: 'replay', answer };
  }
  return { kind: 'running', retryAfterSeconds: Math.max(1, row.wait_seconds) };
}

/** Keeps the answer for later repeats; does nothing when another request has taken the key over meanwhile. */
export async function storeIdempotentAnswer(
  em: EntityManager,
  { scope, key }: IdempotencyAddress,
  token: string,
  answer: StoredAnswer,
): Promise<void> {
  await prepared(
    em,
    `update idempotency_key set status = 'done', http_status = ?, response_headers = ?::jsonb, response_body = ?
     where scope = ? and key = ? and status = 'running' and locked_until = ?::timestamptz`,
    [answer.status, JSON.stringify(answer.headers), answer.body, scope, key, token],
  );
}

/** Frees the key after an answer that must not be repeated (an outage, an unknown outcome). */
export async function releaseIdempotencyKey(
  em: EntityManager,
  { scope, key }: IdempotencyAddress,
  token: string,
): Promise<void> {
  await prepared(
    em,
    `delete from idempotency_key
     where scope = ? and key = ? and status = 'running' and locked_until = ?::timestamptz`,
    [scope, key, token],
  );
}

/** Forgets keys older than this many hours (at least 24 are promised); answers how many. */
export async function purgeIdempotencyKeys(em: EntityManager, olderThanHours: number): Promise<number> {
  const gone = await em.execute<unknown[]>(
    `delete from idempotency_key where created_at < now() - make_interval(hours => ?) returning 1`,
    [olderThanHours],
  );
  return gone.length;
}
