/** Requests to PayMongo: JSON in an envelope, Basic authentication with the secret key, a time limit, no retries. */

import { z } from 'zod';
import { errorOf, invalid, noAnswer } from './paymongo-errors.ts';
import type { PayMongoSettings } from './paymongo-settings.ts';

const PAYMONGO = 'https://api.paymongo.com';
const DEFAULT_TIMEOUT_MS = 15_000;

export type PayMongoClient = {
  get<T>(path: string, schema: z.ZodType<T>): Promise<T>;
  /** Sends `{ data: { attributes } }`; without attributes, no body. */
  post<T>(path: string, schema: z.ZodType<T>, attributes?: object): Promise<T>;
};

/** Every method answers `data` of PayMongo's answer, and fails with ProviderError. Throws TypeError for a bad address. */
export function createPayMongoClient(settings: PayMongoSettings): PayMongoClient {
  const base = addressOf(settings.apiBase);
  const timeoutMs = settings.timeoutMs ?? DEFAULT_TIMEOUT_MS;
  // The key is the user name, without a password: https://developers.paymongo.com/reference/authentication
  const authorization = `Basic ${Buffer.from(`${settings.secretKey}:`).toString('base64')}`;

  async function ask<T>(method: string, path: string, schema: z.ZodType<T>, attributes?: object): Promise<T> {
    const body = attributes === undefined ? undefined : JSON.stringify({ data: { attributes } });
    const { status, ok, json } = await answerTo(`${base}/v1${path}`, {
      method,
      headers: { Accept: 'application/json', 'Content-Type': 'application/json', Authorization: authorization },
      body,
      redirect: 'error',
      signal: AbortSignal.timeout(timeoutMs),
    });
    if (!ok) throw errorOf(status, json);
    const answer = z.object({ data: schema }).safeParse(json);
    if (!answer.success) throw invalid('unknown_value_from_provider');
    return answer.data.data;
  }

  return {
    get: (path, schema) => ask('GET', path, schema),
    post: (path, schema, attributes) => ask('POST', path, schema, attributes),
  };
}

/** `json` is undefined where the answer is none. */
async function answerTo(url: string, init: RequestInit): Promise<{ status: number; ok: boolean; json: unknown }> {
  let response: Response;
  let text: string;
  try {
    response = await fetch(url, init);
    text = await response.text();
  } catch {
    // Never the error itself: it may name the request.
    throw noAnswer();
  }
  try {
    return { status: response.status, ok: response.ok, json: JSON.parse(text) };
  } catch {
    if (response.ok) throw noAnswer();
    return { status: response.status, ok: false, json: undefined };
  }
}

function addressOf(apiBase: string | null | undefined): string {
  if (!apiBase) return PAYMONGO;
  const { protocol, origin } = new URL(apiBase);
  if (protocol !== 'http:' && protocol !== 'https:') throw new TypeError(`not an http(s) address: ${apiBase}`);
  return origin;
}
