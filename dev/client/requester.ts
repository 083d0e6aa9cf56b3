/** What all clients of the API share: an answer is its body or an error, and a careful client does not give up at once. */

import { randomUUID } from 'node:crypto';
import { persist } from './persist.ts';
import { bodyOf, type Reply, type RequestDetails } from './request.ts';

/** Whoever can ask the API: any request under `/api/v1`, answered whatever the status. */
export type Requester = {
  request<T = unknown>(method: string, path: string, details?: RequestDetails): Promise<Reply<T>>;
  /** Repeats a change, with the same key, for as long as nobody knows its outcome. */
  readonly careful: boolean;
};

/** GET: the body. Throws UnexpectedReply unless the answer is a success. */
export async function getFrom<T>(requester: Requester, path: string): Promise<T> {
  return bodyOf(`GET ${path}`, await requester.request<T>('GET', path));
}

/** POST: the body of the answer. Throws UnexpectedReply unless it is a success; a 202 is none. */
export function postTo<T>(requester: Requester, path: string, body: unknown = {}, key?: string): Promise<T> {
  const post = async (idempotencyKey: string | undefined) =>
    bodyOf(`POST ${path}`, await requester.request<T>('POST', path, { body, idempotencyKey }));
  if (!requester.careful) return post(key);
  const always = key ?? randomUUID();
  return persist(() => post(always));
}
