/** Whether a hold shows what a command asked for: its change may be stored although nobody has been answered. */

import type { EscrowCommand } from '../../domain/escrow-commands.ts';
import type { EscrowState } from './state.ts';

/**
 * A worker died after its commit and before its answer: when the requests that had been waiting are done again, in
 * whatever order, the one whose change is stored is answered and not refused for it.
 */
export function isDone(command: EscrowCommand, escrow: EscrowState): boolean {
  const { status, pausedAt } = escrow;
  switch (command.kind) {
    case 'process':
      return status === 'processing';
    case 'ship':
      return status === 'shipped';
    case 'deliver':
      return status === 'delivered';
    case 'confirm':
    case 'release':
      return status === 'released';
    case 'cancel':
    case 'refund':
      return status === 'refunded';
    case 'extend':
      return escrow.standing().deadlineAt === new Date(command.until).toISOString();
    case 'pause':
      return pausedAt !== null;
    case 'resume':
      return pausedAt === null;
  }
}
