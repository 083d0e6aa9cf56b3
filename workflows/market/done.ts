/** Whether a market shows what a request asked for: its change may be stored although nobody has been answered. */

import type { StoredMarket } from '../../activities/records/markets/market-records.ts';
import type { MarketCommand } from '../../domain/markets/commands.ts';

/**
 * A worker died after its commit and before its answer: when the requests that had been waiting are done again, in
 * whatever order, the one whose change is stored is answered and not refused for it.
 */
export function isDone(command: MarketCommand, { status, proposal, challenge, resolution }: StoredMarket): boolean {
  switch (command.kind) {
    case 'suspend':
      return status === 'suspended';
    case 'reopen':
      return status === 'open';
    case 'cancel':
      return status === 'cancelled';
    case 'propose':
      return (
        proposal?.proposedBy === command.by &&
        proposal.outcomeId === command.outcomeId &&
        proposal.note === command.note
      );
    case 'challenge':
      return challenge?.challengedBy === command.by;
    case 'decide':
      return resolution?.decidedBy === command.by && resolution.outcomeId === command.outcomeId;
  }
}
