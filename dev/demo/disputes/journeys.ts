/** The journeys of disputes, in the order they are told. */

import type { Journey } from '../journey.ts';
import { APPEAL } from './appeal.ts';
import { BANK_JOINS } from './bank-joins.ts';
import { BANK_WON } from './bank-won.ts';
import { CHARGEBACK } from './chargeback.ts';
import { MISMATCH } from './mismatch.ts';
import { ONE_LINE } from './one-line.ts';
import { REFUND_BY_VERDICT } from './refund-by-verdict.ts';
import { REPLACED } from './replaced.ts';
import { RETURNED } from './returned.ts';
import { SILENCE } from './silence.ts';
import { SPLIT_BY_OFFER } from './split-by-offer.ts';
import { WITHDRAWN } from './withdrawn.ts';

export const DISPUTE_JOURNEYS: readonly Journey[] = [
  REFUND_BY_VERDICT,
  SPLIT_BY_OFFER,
  WITHDRAWN,
  REPLACED,
  RETURNED,
  MISMATCH,
  BANK_JOINS,
  CHARGEBACK,
  APPEAL,
  ONE_LINE,
  BANK_WON,
  SILENCE,
];
