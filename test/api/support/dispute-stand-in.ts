/** Disputes without their workflow: the same rules and the same records, one request after the other. */

import type { MikroORM } from '@mikro-orm/postgresql';
import { createDisputeRecords } from '../../../activities/records/disputes/create-dispute-records.ts';
import type { DisputeChange } from '../../../activities/records/disputes/dispute-records.ts';
import { ApiError } from '../../../api/errors.ts';
import { Dispute } from '../../../db/entities/dispute.entity.ts';
import { Escrow } from '../../../db/entities/escrow.entity.ts';
import { disputeRefusal } from '../../../domain/disputes/commands.ts';
import { type DisputeActor, type DisputeId, isTerminalDisputePhase } from '../../../domain/disputes/dispute.ts';
import { afterCommand, afterDeadline } from '../../../domain/disputes/progress.ts';
import type { Refusal } from '../../../domain/escrow-commands.ts';
import type { EscrowId } from '../../../domain/ids.ts';
import { createPaymentProviders } from '../../../providers/payments/create-providers.ts';
import type { RunningDisputeCommand } from '../../../workflows/dispute/contract.ts';
import type { OpenDisputeInput } from '../../../workflows/escrow/contract.ts';

export type DisputeStandIn = {
  open(escrowId: EscrowId, input: OpenDisputeInput): Promise<void>;
  command(disputeId: DisputeId, command: RunningDisputeCommand, updateId: string): Promise<void>;
  passDeadline(disputeId: DisputeId): Promise<void>;
};

const EVENTS: Readonly<Record<RunningDisputeCommand['kind'], DisputeChange['event']>> = {
  respond: 'dispute.responded',
  offer: 'dispute.offered',
  acceptOffer: 'dispute.offer_accepted',
  declineOffer: 'dispute.offer_declined',
  withdrawOffer: 'dispute.offer_withdrawn',
  withdraw: 'dispute.withdrawn',
  claim: 'dispute.claimed',
  verdict: 'dispute.decided',
  appeal: 'dispute.appealed',
  reviewVerdict: 'dispute.reviewed',
  shipReplacement: 'dispute.replacement_shipped',
  sendReturn: 'dispute.return_sent',
  confirmReturn: 'dispute.return_confirmed',
};

const CLOCK: DisputeActor = { role: 'system', id: 'system' };

export function createDisputeStandIn(orm: MikroORM): DisputeStandIn {
  const records = createDisputeRecords({ orm, providers: createPaymentProviders({}), timeScale: 1 });
  const answered = new Set<string>();

  async function change(
    row: Dispute,
    event: DisputeChange['event'],
    actor: DisputeActor,
    at: string,
    dispute: Dispute['content'],
  ): Promise<void> {
    const { id: disputeId, escrowId, orderId, version } = row;
    const change = { disputeId, escrowId, orderId, version: version + 1, event, actor, reason: null, at, dispute };
    await records.changeDispute(change);
  }

  // A workflow has one history: what comes at once is taken one after the other.
  let last: Promise<unknown> = Promise.resolve();
  const inTurn = (step: () => Promise<void>): Promise<void> => {
    const turn = last.then(step, step);
    last = turn.catch(() => {});
    return turn;
  };

  return {
    async open(escrowId, { disputeId, actor, reason: disputeReason, description, lines }) {
      const { orderId, version, status } = await orm.em.fork().findOneOrFail(Escrow, { id: escrowId });
      const ended = status === 'released' || status === 'refunded' || status === 'split';
      if (ended) throw new ApiError('dispute_window_closed');
      const write = { escrowId, orderId, version: version + 1, actor, reason: null, at: new Date().toISOString() };
      const opened = await records.openDispute({ ...write, disputeId, disputeReason, description, lines });
      if ('refused' in opened) throw refusing(opened.refused);
    },
    command: (disputeId, command, updateId) =>
      inTurn(async () => {
        if (answered.has(updateId)) return;
        const row = await orm.em.fork().findOneOrFail(Dispute, { id: disputeId });
        if (isTerminalDisputePhase(row.phase)) throw new ApiError('dispute_closed');
        const at = new Date().toISOString();
        const refusal = disputeRefusal(command, row.content, at);
        if (refusal) throw refusing(refusal);
        await change(row, EVENTS[command.kind], command.actor, at, afterCommand(row.content, command, at));
        answered.add(updateId);
      }),
    async passDeadline(disputeId) {
      const row = await orm.em.fork().findOneOrFail(Dispute, { id: disputeId });
      const at = new Date().toISOString();
      await change(row, 'dispute.final', CLOCK, at, afterDeadline(row.content, at));
    },
  };
}

function refusing({ code, message }: Refusal): ApiError {
  return new ApiError(code, { detail: message });
}
