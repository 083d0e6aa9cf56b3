/** What answers look like in the OpenAPI document: JSON of a schema, problem+json, and the parameters all routes share. */

import { z } from '@hono/zod-openapi';
import { ERROR_CODES } from '../../domain/error-codes.ts';

export const ProblemSchema = z
  .strictObject({
    type: z.string(),
    title: z.string(),
    status: z.int(),
    detail: z.string(),
    instance: z.string(),
    code: z.enum(ERROR_CODES),
    errors: z.array(z.strictObject({ path: z.string(), message: z.string(), code: z.string() })),
    requestId: z.string(),
    timestamp: z.iso.datetime(),
  })
  .openapi('Problem', {
    example: {
      type: 'urn:holdfast:problem:out_of_stock',
      title: 'Not enough in stock',
      status: 409,
      detail: 'Not enough in stock',
      instance: '/api/v1/orders',
      code: 'out_of_stock',
      errors: [],
      requestId: '0d0c7e1e-8d5e-4a4c-9a3c-2f6a1d1b7c55',
      timestamp: '2026-03-01T12:00:00.000Z',
    },
  });

const PROBLEM_TITLES = {
  400: 'Malformed request',
  401: 'Not signed in',
  403: 'Not allowed',
  404: 'Not found, or not yours',
  409: 'Not possible in the present state',
  413: 'Body too large',
  415: 'Not JSON',
  422: 'Wrong shape or value',
  503: 'Temporarily unavailable',
} as const;

type ProblemStatus = keyof typeof PROBLEM_TITLES;

/**
 * The problems a route may answer with. The type leaves the content out on purpose: problems are thrown, so a handler's
 * return type need not know them.
 */
export function problems<S extends ProblemStatus>(...statuses: S[]): Record<S, { description: string }> {
  const responses: Partial<Record<S, { description: string; content: unknown }>> = {};
  for (const status of statuses) {
    responses[status] = {
      description: PROBLEM_TITLES[status],
      content: { 'application/problem+json': { schema: ProblemSchema } },
    };
  }
  return responses as Record<S, { description: string }>;
}

/** A JSON answer. */
export function json<T extends z.ZodType>(schema: T, description: string) {
  return { description, content: { 'application/json': { schema } } };
}

/** A required JSON body. */
export function jsonBody<T extends z.ZodType>(schema: T) {
  return { body: { required: true, content: { 'application/json': { schema } } } };
}

/** No fields: an empty body, or `{}`. */
export const emptyBody = {
  required: false,
  content: { 'application/json': { schema: z.strictObject({}) } },
};

/** 202: sent, but not answered in time; look at `Location`. */
export const accepted = {
  202: {
    description: 'Sent, outcome not known yet: look at `location`, or repeat the request with the same key',
    content: {
      'application/json': {
        schema: z.strictObject({ status: z.literal('accepted'), location: z.string() }).openapi('Accepted'),
      },
    },
  },
};

/** The `Idempotency-Key` header in the document; `idempotency.ts` checks it. */
export function idempotencyKeyParameter(required: boolean) {
  return {
    in: 'header' as const,
    name: 'Idempotency-Key',
    required,
    schema: { type: 'string' as const, minLength: 1, maxLength: 255 },
    description: 'Repeating the request with the same key gives the first answer again.',
  };
}

/** The route needs a bearer token. */
export const bearer = [{ bearer: [] }];
