/** Carries out what people and carriers say: each request is checked again, stored, and only then answered. */

import { type EscrowCommand, refusalOf } from '../../domain/escrow-commands.ts';
import { fail } from '../shared/fail.ts';
import { takeInBankClosed, takeInBankOpened } from './bank.ts';
import { type Cause, markDelivered, record, refund, release } from './changes.ts';
import type { CarrierReported } from './contract.ts';
import { clockStart, movedDeadline, now } from './deadlines.ts';
import { takeInAccess } from './digital.ts';
import { isDone } from './done.ts';
import type { EscrowMessage } from './messages.ts';
import { openDispute } from './opening.ts';
import { type EscrowState, later } from './state.ts';
import { shipToVerifier, takeInDecision } from './verifying.ts';

export async function carryOut(escrow: EscrowState, message: EscrowMessage): Promise<void> {
  if (await takeIn(escrow, message)) return;
  // Not done: Postgres already held another change. Look again, with that one taken over.
  escrow.inbox.unshift(message);
  for (const waiting of escrow.inbox) if (waiting.kind === 'command') waiting.isAgain = true;
}

async function takeIn(escrow: EscrowState, message: EscrowMessage): Promise<boolean> {
  switch (message.kind) {
    case 'carrier':
      return takeInCarrierNews(escrow, message.fact);
    case 'access':
      return takeInAccess(escrow, message.fact);
    case 'openDispute':
      return openDispute(escrow, message.request);
    case 'resolved':
      escrow.contested.decide(message.fact);
      return true;
    case 'bankOpened':
      return takeInBankOpened(escrow, message.fact);
    case 'bankClosed':
      return takeInBankClosed(escrow, message.fact);
    case 'authenticity':
      return takeInDecision(escrow, message.fact);
    case 'command':
      return takeInCommand(escrow, message);
  }
}

type CommandMessage = Extract<EscrowMessage, { kind: 'command' }>;

async function takeInCommand(escrow: EscrowState, { request, isAgain }: CommandMessage): Promise<boolean> {
  if (isAgain === true && isDone(request.input, escrow)) {
    request.answer(escrow.snapshot());
    return true;
  }
  // What was legal when the request came in may not be any more.
  const refusal = refusalOf(request.input, escrow.standing());
  if (refusal) request.refuse(fail(refusal.code, refusal.message));
  else if (await obey(escrow, request.input)) request.answer(escrow.snapshot());
  else return false;
  return true;
}

/** When the hold is settled, whatever is still waiting gets the answer that fits its end. */
export function answerTheRest(escrow: EscrowState): void {
  for (const message of escrow.inbox.splice(0)) {
    if (message.kind === 'openDispute') {
      message.request.refuse(fail('dispute_window_closed', `the money is settled already: ${escrow.status}`));
    }
    if (message.kind !== 'command') continue;
    if (message.isAgain === true && isDone(message.request.input, escrow)) message.request.answer(escrow.snapshot());
    const refusal = refusalOf(message.request.input, escrow.standing());
    message.request.refuse(fail(refusal?.code ?? 'illegal_transition', refusal?.message ?? 'the hold is settled'));
  }
}

/** True when the change is stored. */
function obey(escrow: EscrowState, command: EscrowCommand): Promise<boolean> {
  const cause: Cause = { actor: command.actor, reason: 'reason' in command ? command.reason : null };
  switch (command.kind) {
    case 'process':
      return record(escrow, 'escrow.processing', cause, { to: 'processing' });
    case 'ship': {
      if (escrow.input.authenticity === true) return shipToVerifier(escrow, command, cause);
      const deliveredBy = later(now(), escrow.input.policy.hold.deliveredAfterMs);
      const { carrier, trackingNumber } = command;
      const changed = { to: 'shipped', shipBy: null, deliveredBy, carrier, trackingNumber } as const;
      return record(escrow, 'escrow.shipped', cause, changed);
    }
    case 'deliver':
      return markDelivered(escrow, cause);
    case 'confirm':
    case 'release':
      return release(escrow, cause);
    case 'cancel':
    case 'refund':
      return refund(escrow, cause);
    case 'extend':
      return extend(escrow, command.until, cause);
    case 'pause':
      return record(escrow, 'escrow.paused', cause, { pausedAt: now() });
    case 'resume':
      return resume(escrow, cause);
  }
}

function extend(escrow: EscrowState, until: string, cause: Cause): Promise<boolean> {
  const moved = movedDeadline(escrow, () => new Date(until).toISOString());
  return record(escrow, 'escrow.extended', cause, moved);
}

/** The clocks go on with the time they had left when they were stopped. */
function resume(escrow: EscrowState, cause: Cause): Promise<boolean> {
  const pausedForMs = Date.now() - Date.parse(escrow.pausedAt ?? now());
  const moved = movedDeadline(escrow, (deadline) => later(deadline, pausedForMs));
  return record(escrow, 'escrow.resumed', cause, { ...moved, pausedAt: null });
}

/** Delivered means delivered; any other news only shows that the parcel is alive and restarts the no-news clock. */
async function takeInCarrierNews(escrow: EscrowState, news: CarrierReported): Promise<boolean> {
  // Delivered to a verifier is not delivered to the buyer.
  if (escrow.status !== 'shipped' || escrow.verifying) return true;
  const cause: Cause = { actor: { role: 'carrier', id: 'carrier' }, reason: null };
  if (news.status === 'delivered') return markDelivered(escrow, cause);
  const deliveredBy = later(clockStart(escrow), escrow.input.policy.hold.deliveredAfterMs);
  return record(escrow, 'escrow.in_transit', cause, { deliveredBy });
}
