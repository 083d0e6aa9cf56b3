/** Why the ledger refused, told apart by what Postgres says: its SQLSTATE and, for constraints, their name. */

import { DriverException } from '@mikro-orm/core';

export const LEDGER_ERROR_CODES = [
  /** An account would fall below its minimum. */
  'insufficient_funds',
  /** Lines do not sum to zero in each currency, there are fewer than two, or an amount is zero or unsafe. */
  'journal_unbalanced',
  /** The business key exists with other content. */
  'journal_key_conflict',
  /** Another journal already stands for this object of the provider. */
  'journal_external_ref_taken',
  /** A line in another currency than its account's. */
  'journal_currency_mismatch',
  /** A line for a journal of an earlier transaction or statement. */
  'journal_sealed',
  /** A change to what is append-only. */
  'ledger_append_only',
  /** An account name of no known kind. */
  'ledger_account_unknown',
] as const;
export type LedgerErrorCode = (typeof LEDGER_ERROR_CODES)[number];

/** A refusal by the ledger: nothing of the call was posted, and its transaction can only be rolled back. */
export class LedgerError extends Error {
  override name = 'LedgerError';
  readonly code: LedgerErrorCode;

  constructor(code: LedgerErrorCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
  }
}

const BY_SQLSTATE: Readonly<Record<string, LedgerErrorCode>> = {
  LG001: 'journal_unbalanced',
  LG002: 'journal_key_conflict',
  LG003: 'journal_sealed',
  LG004: 'ledger_account_unknown',
  LG005: 'ledger_append_only',
};

const BY_CONSTRAINT: Readonly<Record<string, LedgerErrorCode>> = {
  ledger_balance_minimum: 'insufficient_funds',
  ledger_journal_two_lines: 'journal_unbalanced',
  ledger_posting_amount_not_zero: 'journal_unbalanced',
  minor_units_safe: 'journal_unbalanced',
  ledger_journal_external_ref_taken: 'journal_external_ref_taken',
  ledger_account_one_currency: 'journal_currency_mismatch',
  ledger_account_chips_apart: 'journal_currency_mismatch',
  currency_code_known: 'journal_currency_mismatch',
  ledger_account_name_known: 'ledger_account_unknown',
};

/** The ledger's own error for what Postgres refused, or the error as it came when it is none of the ledger's. */
export function toLedgerError(error: unknown): unknown {
  if (!(error instanceof DriverException)) return error;
  const constraint = 'constraint' in error && typeof error.constraint === 'string' ? error.constraint : '';
  const code = BY_SQLSTATE[error.code ?? ''] ?? BY_CONSTRAINT[constraint];
  if (code === undefined) return error;
  const reason = error.message.split('\n').at(0) ?? code;
  return new LedgerError(code, reason.includes(' - ') ? (reason.split(' - ').at(-1) ?? reason) : reason, {
    cause: error,
  });
}
