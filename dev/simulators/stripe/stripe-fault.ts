/** Errors as Stripe answers them. */

import type { PaymentError, PaymentIntentObject } from './objects.ts';

type FaultBody = {
  type: 'invalid_request_error' | 'card_error' | 'idempotency_error' | 'api_error';
  code?: string;
  message: string;
  param?: string;
  decline_code?: string;
  charge?: string;
  payment_intent?: PaymentIntentObject;
};

type FaultStatus = 400 | 401 | 402 | 404 | 409 | 429 | 500;

/** Thrown by the engine and the routes; `stored`: whether the idempotency key remembers it. */
export class StripeFault extends Error {
  readonly status: FaultStatus;
  readonly body: FaultBody;
  readonly stored: boolean;
  readonly headers: Readonly<Record<string, string>>;

  constructor(
    status: FaultStatus,
    body: FaultBody,
    options: { stored?: boolean; headers?: Record<string, string> } = {},
  ) {
    super(body.message);
    this.name = 'StripeFault';
    this.status = status;
    this.body = body;
    this.stored = options.stored ?? true;
    this.headers = options.headers ?? {};
  }
}

/** A parameter that fails validation: such answers are not kept under the key. */
export function invalidParameter(code: string, message: string, param?: string): StripeFault {
  return new StripeFault(400, { type: 'invalid_request_error', code, message, param }, { stored: false });
}

/** A request that is well formed but cannot be done. */
export function invalidRequest(message: string, code?: string, param?: string): StripeFault {
  return new StripeFault(400, { type: 'invalid_request_error', code, message, param });
}

/** 404 when the id is in the path, 400 when it is in a parameter. */
export function noSuch(kind: string, id: string, param = 'id'): StripeFault {
  const status = param === 'id' ? 404 : 400;
  return new StripeFault(
    status,
    { type: 'invalid_request_error', code: 'resource_missing', message: `No such ${kind}: '${id}'`, param },
    { stored: false },
  );
}

/** The PaymentIntent is in another state than the call needs; Stripe encloses it. */
export function unexpectedState(verb: string, intent: PaymentIntentObject): StripeFault {
  return new StripeFault(400, {
    type: 'invalid_request_error',
    code: 'payment_intent_unexpected_state',
    message: `You cannot ${verb} this PaymentIntent because it has a status of ${intent.status}.`,
    payment_intent: intent,
  });
}

/** The bank said no. */
export function cardDeclined(error: PaymentError, intent: PaymentIntentObject): StripeFault {
  return new StripeFault(402, { ...error, payment_intent: intent });
}

/** Stripe's own trouble, without a hint whether anything was done. */
export function apiError(stored: boolean): StripeFault {
  return new StripeFault(
    500,
    { type: 'api_error', message: 'An unknown error occurred' },
    { stored, headers: { 'Stripe-Should-Retry': String(!stored) } },
  );
}
