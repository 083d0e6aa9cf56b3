/** A dispute as it stands in each phase, by the domain's own steps, with deadlines that never come. */

import { newId } from '../../../db/new-id.ts';
import type { DisputeCommand } from '../../../domain/disputes/commands.ts';
import type { DisputeCase, DisputePhase } from '../../../domain/disputes/dispute.ts';
import { afterCommand, afterDeadline, beginDispute } from '../../../domain/disputes/progress.ts';
import type { EscrowInput } from '../../../workflows/escrow/contract.ts';
import { ADMIN, commandsOf } from './disputes.ts';
import { partiesOf } from './escrows.ts';
import { disputePolicy, fromNow } from './policies.ts';

/** About all of this hold; the parties have an open offer each while nobody has decided. */
export function caseIn(phase: DisputePhase, { escrowId, buyerId, sellerId, grossMinor }: EscrowInput): DisputeCase {
  const at = fromNow(0);
  const say = commandsOf(partiesOf({ buyerId, sellerId }));
  const after = (dispute: DisputeCase, ...commands: DisputeCommand[]): DisputeCase =>
    commands.reduce((now, command) => afterCommand(now, command, at), dispute);
  const hasAppeals = phase === 'decided' || phase === 'review' || phase === 'mediation' || phase === 'seller_response';
  const policy = disputePolicy({ appeal: hasAppeals });
  const people = { disputeId: newId('dispute'), escrowId, buyerId, sellerId } as const;
  const about = { openedBy: 'buyer', reason: 'damaged', fulfilment: 'physical', currency: 'USD' } as const;
  const begun = after(
    beginDispute({ ...people, ...about, frozenMinor: grossMinor, policy }, at),
    say.offer(4_000, undefined, 'ofr_seller'),
    say.offer(6_000, { role: 'buyer', id: buyerId }, 'ofr_buyer'),
  );
  if (phase === 'seller_response') return begun;
  const mediated = after(begun, say.respond());
  const decided = after(mediated, say.verdict({ outcome: 'refund' }, ADMIN));
  const executed = (dispute: DisputeCase): DisputeCase => afterDeadline(dispute, at);
  const returning = after(mediated, say.verdict({ outcome: 'refund', returnGoods: true }));
  switch (phase) {
    case 'mediation':
      return mediated;
    case 'decided':
      return decided;
    case 'review':
      return after(decided, say.appeal());
    case 'awaiting_replacement':
      return executed(after(mediated, say.verdict({ outcome: 'replacement' })));
    case 'awaiting_return':
      return executed(returning);
    case 'return_sent':
      return after(executed(returning), say.sendReturn());
    case 'final':
      return decided;
    case 'resolved':
      return executed(decided);
    case 'withdrawn':
      return after(begun, say.withdraw());
  }
}
