/** The error a domain rule refuses with: a code of the one list, and a sentence for people. */

import type { ErrorCode } from './error-codes.ts';

/** Workflows turn it into a failure whose type is the code; the API into the answer that belongs to the code. */
export class DomainError extends Error {
  readonly code: ErrorCode;

  constructor(code: ErrorCode, message: string) {
    super(message);
    this.name = 'DomainError';
    this.code = code;
  }
}
