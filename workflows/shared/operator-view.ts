/** What operators find in the Temporal UI: search attributes (plaintext, so no personal data) and the current details. */

import { defineSearchAttributeKey } from '@temporalio/common';

export const SEARCH_ATTRIBUTES = {
  orderStatus: defineSearchAttributeKey('OrderStatus', 'KEYWORD'),
  escrowStatus: defineSearchAttributeKey('EscrowStatus', 'KEYWORD'),
  disputePhase: defineSearchAttributeKey('DisputePhase', 'KEYWORD'),
  marketStatus: defineSearchAttributeKey('MarketStatus', 'KEYWORD'),
  preset: defineSearchAttributeKey('Preset', 'KEYWORD'),
  vendorId: defineSearchAttributeKey('VendorId', 'KEYWORD'),
  nextActionAt: defineSearchAttributeKey('NextActionAt', 'DATETIME'),
} as const;
