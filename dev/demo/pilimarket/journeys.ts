/** The journeys of prediction markets, in the order they are told. */

import type { Journey } from '../journey.ts';
import { CANCELLED, NOBODY_RESOLVES } from './cancelled.ts';
import { CHALLENGED } from './challenged.ts';
import { CHIPS_BY_GCASH, CHIPS_TAKEN_BACK } from './chips.ts';

export const PILIMARKET_JOURNEYS: readonly Journey[] = [
  CHIPS_BY_GCASH,
  CHIPS_TAKEN_BACK,
  CHALLENGED,
  CANCELLED,
  NOBODY_RESOLVES,
];
