/** One HTTP request with a deadline, and its answer whatever the status. */

/** A parsed answer. `body` is as typed only where the status says success. */
export type Reply<T> = { status: number; headers: Headers; body: T };

export type RequestOptions = {
  body?: unknown;
  /** Sent as it is, instead of `body`. */
  rawBody?: string | FormData;
  headers?: Record<string, string>;
  /** Default 30 s. */
  timeoutMs?: number;
};

export type RequestDetails = RequestOptions & { idempotencyKey?: string };

const TIMEOUT_MS = 30_000;

/** An answer that was not the one hoped for; `code` is the problem's, empty where there is none. */
export class UnexpectedReply extends Error {
  override readonly name = 'UnexpectedReply';
  readonly status: number;
  readonly code: string;
  readonly reply: Reply<unknown>;

  constructor(request: string, reply: Reply<unknown>) {
    super(`${request} answered ${reply.status} ${JSON.stringify(reply.body)}`);
    this.status = reply.status;
    this.code = codeOf(reply.body);
    this.reply = reply;
  }
}

/** Sends a request. Throws only where no answer comes: fetch's TypeError, or a TimeoutError. */
export async function send<T>(method: string, url: string, options: RequestOptions = {}): Promise<Reply<T>> {
  const { body, rawBody, headers, timeoutMs = TIMEOUT_MS } = options;
  const response = await fetch(url, {
    method,
    headers: { ...(body === undefined ? {} : { 'content-type': 'application/json' }), ...headers },
    body: rawBody ?? (body === undefined ? undefined : JSON.stringify(body)),
    signal: AbortSignal.timeout(timeoutMs),
  });
  return { status: response.status, headers: response.headers, body: parse(await response.text()) as T };
}

/** The reply's body. Throws UnexpectedReply for any status but 200, 201 and 204 (202 says that nothing is known yet). */
export function bodyOf<T>(request: string, reply: Reply<T>): T {
  if (reply.status === 200 || reply.status === 201 || reply.status === 204) return reply.body;
  throw new UnexpectedReply(request, reply);
}

function parse(text: string): unknown {
  if (text === '') return null;
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}

function codeOf(body: unknown): string {
  return typeof body === 'object' && body !== null && 'code' in body && typeof body.code === 'string' ? body.code : '';
}
