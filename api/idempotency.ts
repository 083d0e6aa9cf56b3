/** Idempotency-Key: the same key and request give the first answer again, whatever happened to the first connection. */

import { createHash } from 'node:crypto';
import type { Context } from 'hono';
import type { ContentfulStatusCode } from 'hono/utils/http-status';
import {
  claimIdempotencyKey,
  type IdempotencyAddress,
  releaseIdempotencyKey,
  type StoredAnswer,
  storeIdempotentAnswer,
} from '../db/repositories/idempotency.ts';
import { type AppEnv, currentUser } from './context.ts';
import { ApiError, respondToError } from './errors.ts';

/** A request takes at most the workflow deadline (5 s) and a few queries; then it is dead and may be taken over. */
const LOCK_SECONDS = 15;

const KEY_PATTERN = /^[\x21-\x7e](?:[\x20-\x7e]{0,253}[\x21-\x7e])?$/;

/** Headers of the first answer that its repetition carries too. */
const REPLAYED_HEADERS = ['content-type', 'location'];

/** What a handler knows about the key: enough to make everything it does downstream repeatable. */
export type IdempotentRequest = {
  /** The caller's key, or a random one where none was sent. */
  key: string;
  /** Hash of route, path and body. */
  requestHash: string;
  /** For workflow updates: the same request is the same update. */
  updateId: string;
};

/**
 * Runs `handle` under the request's Idempotency-Key, scoped by caller, method and path. Call it after authorisation
 * and validation: a replay must be allowed too, and a malformed request uses no key up. Without a key (where none is
 * required) it just runs. Server errors, 202 and keys in use are not stored.
 */
export async function idempotent(
  c: Context<AppEnv>,
  body: unknown,
  options: { required: boolean },
  handle: (request: IdempotentRequest) => Promise<Response>,
): Promise<Response> {
  const route = `${c.req.method} ${c.req.path}`;
  const requestHash = sha256(`${route}\n${canonicalJson(body)}`);
  const key = readKey(c, options.required);
  const address = { scope: `${currentUser(c).id} ${route}`, key: key ?? crypto.randomUUID() };
  const request = { key: address.key, requestHash, updateId: sha256(`${address.scope}\n${address.key}`) };
  if (key === null) return await handle(request);

  const claim = await claimIdempotencyKey(c.get('em'), address, requestHash, LOCK_SECONDS);
  switch (claim.kind) {
    case 'mine':
      return await runAndStore(c, address, claim.token, () => handle(request));
    case 'replay':
      return replay(c, claim.answer);
    case 'running':
      throw new ApiError('idempotency_key_in_progress', {
        headers: { 'Retry-After': String(Math.min(claim.retryAfterSeconds, 2)) },
      });
    case 'other_request':
      throw new ApiError('idempotency_key_reused');
  }
}

async function runAndStore(
  c: Context<AppEnv>,
  address: IdempotencyAddress,
  token: string,
  handle: () => Promise<Response>,
): Promise<Response> {
  const em = c.get('em').fork();
  let response: Response;
  try {
    response = await handle();
  } catch (error) {
    response = respondToError(c, error);
  }
  try {
    if (response.status >= 500 || response.status === 202) await releaseIdempotencyKey(em, address, token);
    else await storeIdempotentAnswer(em, address, token, await toStored(response.clone()));
  } catch (err) {
    // The work is done and its answer stands; a repeat finds the lock run out and does the same work over again.
    c.get('log').error({ err }, 'idempotent answer not stored');
  }
  return response;
}

async function toStored(response: Response): Promise<StoredAnswer> {
  const headers: Record<string, string> = {};
  for (const name of REPLAYED_HEADERS) {
    const value = response.headers.get(name);
    if (value !== null) headers[name] = value;
  }
  return { status: response.status, headers, body: await response.text() };
}

function replay(c: Context<AppEnv>, answer: StoredAnswer): Response {
  c.header('Idempotent-Replayed', 'true');
  return c.body(answer.body, answer.status as ContentfulStatusCode, answer.headers);
}

function readKey(c: Context<AppEnv>, required: boolean): string | null {
  const key = c.req.header('Idempotency-Key');
  if (key === undefined) {
    if (required) throw new ApiError('idempotency_key_required');
    return null;
  }
  if (!KEY_PATTERN.test(key)) throw new ApiError('idempotency_key_invalid');
  return key;
}

function sha256(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}

/** JSON with sorted keys: the same request hashes the same, however its client orders its fields. */
export function canonicalJson(value: unknown): string {
  return (
    JSON.stringify(value, (_key, inner: unknown) =>
      typeof inner === 'object' && inner !== null && !Array.isArray(inner)
        ? Object.fromEntries(Object.entries(inner).sort(([a], [b]) => (a < b ? -1 : 1)))
        : inner,
    ) ?? 'null'
  );
}
