/** Carries out what parties, reviewers and the bank say: checked again, stored, and only then answered. */

import type { DisputeChange } from '../../activities/records/disputes/dispute-records.ts';
import { disputeRefusal } from '../../domain/disputes/commands.ts';
import type { DisputeCase } from '../../domain/disputes/dispute.ts';
import { afterBankClosed, afterBankOpened, afterCommand } from '../../domain/disputes/progress.ts';
import { fail } from '../shared/fail.ts';
import { type Cause, now, record } from './changes.ts';
import type { BankClosed, BankOpened, RunningDisputeCommand } from './contract.ts';
import { isDone } from './done.ts';
import type { DisputeMessage } from './messages.ts';
import type { DisputeState } from './state.ts';

type CommandMessage = Extract<DisputeMessage, { kind: 'command' }>;

export async function carryOut(dispute: DisputeState, message: DisputeMessage): Promise<void> {
  if (await takeIn(dispute, message)) return;
  // Not done: Postgres already held another change. Look again, with that one taken over.
  dispute.inbox.unshift(message);
  for (const waiting of dispute.inbox) if (waiting.kind === 'command') waiting.isAgain = true;
}

function takeIn(dispute: DisputeState, message: DisputeMessage): Promise<boolean> {
  if (message.kind === 'bankOpened') return takeInBankOpened(dispute, message.fact);
  if (message.kind === 'bankClosed') return takeInBankClosed(dispute, message.fact);
  return obey(dispute, message);
}

async function obey(dispute: DisputeState, { request, isAgain }: CommandMessage): Promise<boolean> {
  const { command, at } = request.input;
  const isAlready = isKnownOffer(dispute.case, command) || (isAgain === true && isDone(command, dispute.case));
  // What was legal when the request came in may not be any more.
  const refusal = isAlready ? null : disputeRefusal(command, dispute.case, at);
  if (refusal) {
    request.refuse(fail(refusal.code, refusal.message));
    return true;
  }
  if (!isAlready) {
    const after = afterCommand(dispute.case, command, at);
    const cause: Cause = { actor: command.actor, reason: reasonOf(command), at };
    if (!(await record(dispute, eventOf(command, after), cause, after))) return false;
  }
  request.answer(dispute.case);
  return true;
}

/** The caller names its offers: made again after an answer that was lost, it is the same offer. */
function isKnownOffer({ offers }: DisputeCase, command: RunningDisputeCommand): boolean {
  if (command.kind !== 'offer') return false;
  return offers.some(({ offerId, by }) => offerId === command.offerId && by === command.actor.role);
}

const EVENTS = {
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
} as const satisfies Readonly<Record<RunningDisputeCommand['kind'], DisputeChange['event']>>;

/** A verdict that nobody can appeal is final at once. */
function eventOf({ kind }: RunningDisputeCommand, after: DisputeCase): DisputeChange['event'] {
  return kind === 'verdict' && after.phase === 'final' ? 'dispute.final' : EVENTS[kind];
}

function reasonOf(command: RunningDisputeCommand): string | null {
  switch (command.kind) {
    case 'respond':
      return command.text;
    case 'verdict':
    case 'reviewVerdict':
      return command.note;
    case 'appeal':
      return command.reason;
    default:
      return null;
  }
}

/** The dispute joins the bank's matter. One matter at a time: of another it hears from its escrow once this is over. */
async function takeInBankOpened(dispute: DisputeState, { chargebackId }: BankOpened): Promise<boolean> {
  if (dispute.chargebackId !== null && dispute.chargebackId !== chargebackId) return true;
  const after = afterBankOpened(dispute.case, now());
  if (after !== dispute.case) {
    const cause: Cause = { actor: { role: 'provider', id: chargebackId }, reason: null, chargebackId };
    if (!(await record(dispute, 'dispute.bank_opened', cause, after))) return false;
  }
  dispute.chargebackId = chargebackId;
  const index = dispute.closedEarly.findIndex((fact) => fact.chargebackId === chargebackId);
  const [closed] = index < 0 ? [] : dispute.closedEarly.splice(index, 1);
  if (closed) dispute.inbox.unshift({ kind: 'bankClosed', fact: closed });
  return true;
}

/** Heard before the matter itself, the decision waits for it. */
async function takeInBankClosed(dispute: DisputeState, fact: BankClosed): Promise<boolean> {
  const { chargebackId, result } = fact;
  if (dispute.chargebackId !== chargebackId) {
    dispute.closedEarly.push(fact);
    return true;
  }
  const after = afterBankClosed(dispute.case, result, now());
  if (after !== dispute.case) {
    const cause: Cause = { actor: { role: 'provider', id: chargebackId }, reason: null, chargebackId };
    if (!(await record(dispute, 'dispute.bank_closed', cause, after))) return false;
  }
  if (result === 'won') dispute.chargebackId = null;
  return true;
}

/** When the dispute has ended, whatever is still waiting gets the answer that fits its end. */
export function answerTheRest(dispute: DisputeState): void {
  for (const message of dispute.inbox.splice(0)) {
    if (message.kind !== 'command') continue;
    const { request, isAgain } = message;
    const { command, at } = request.input;
    const refusal = disputeRefusal(command, dispute.case, at);
    if (isAgain === true && isDone(command, dispute.case)) request.answer(dispute.case);
    else request.refuse(fail(refusal?.code ?? 'dispute_closed', refusal?.message ?? 'the dispute has ended'));
  }
}
