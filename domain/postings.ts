/** Every journal the ledger knows, built by pure functions from what happened: one builder per event. */

export * from './postings/authenticity.ts';
export * from './postings/chargebacks.ts';
export * from './postings/chips.ts';
export * from './postings/holds.ts';
export * from './postings/journal.ts';
export * from './postings/payments.ts';
export * from './postings/wallets.ts';
