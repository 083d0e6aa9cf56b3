/** The ladder by which released money is claimed back: from the paid-out transfer, then the wallet, then as a debt. */

import type { ActorRole } from '../escrow.ts';
import type { Refusal } from '../escrow-commands.ts';
import { assertMinor } from '../money.ts';

/** The rungs, in the order they are used. */
export const CLAW_BACK_RUNGS = ['reverse_transfer', 'wallet', 'receivable'] as const;
export type ClawBackStep = { kind: (typeof CLAW_BACK_RUNGS)[number]; amountMinor: number };

/** All in minor units of one currency, ≥ 0. `reversibleMinor`: what the seller's connected account can give back. */
export type ClawBackInput = { amountMinor: number; reversibleMinor: number; walletMinor: number };

/** Where the amount comes from: each rung gives what it can before the next is used; the steps sum to the amount. */
export function planClawBack({ amountMinor, reversibleMinor, walletMinor }: ClawBackInput): ClawBackStep[] {
  const reversedMinor = Math.min(notNegative(amountMinor), notNegative(reversibleMinor));
  const fromWalletMinor = Math.min(amountMinor - reversedMinor, notNegative(walletMinor));
  const steps: ClawBackStep[] = [
    { kind: 'reverse_transfer', amountMinor: reversedMinor },
    { kind: 'wallet', amountMinor: fromWalletMinor },
    { kind: 'receivable', amountMinor: amountMinor - reversedMinor - fromWalletMinor },
  ];
  return steps.filter((step) => step.amountMinor > 0);
}

/**
 * A transfer turned out not to be reversible when it was tried (the account was emptied meanwhile): the plan goes on
 * with what was reversed.
 */
export function replanClawBack(input: ClawBackInput, reversedMinor: number): ClawBackStep[] {
  return planClawBack({ ...input, reversibleMinor: Math.min(input.reversibleMinor, notNegative(reversedMinor)) });
}

/** A later release to a seller who owes: the debt is settled first, the rest is the seller's to be paid out. */
export function netRelease(netMinor: number, owedMinor: number): { settleMinor: number; payOutMinor: number } {
  const settleMinor = Math.min(notNegative(netMinor), notNegative(owedMinor));
  return { settleMinor, payOutMinor: netMinor - settleMinor };
}

/** Null when the debt may be given up now: by an admin, with a reason, at most what is owed. */
export function writeOffRefusal(
  { role, reason, amountMinor }: { role: ActorRole; reason: string; amountMinor: number },
  owedMinor: number,
): Refusal | null {
  if (role !== 'admin') return { code: 'forbidden', message: `a ${role} may not write off a debt` };
  if (reason.trim() === '') return { code: 'reason_required', message: 'a write-off needs a reason: it is audited' };
  if (Number.isSafeInteger(amountMinor) && amountMinor > 0 && amountMinor <= owedMinor) return null;
  return { code: 'amount_out_of_range', message: `cannot write off ${amountMinor} of ${owedMinor} owed` };
}

/** Null when a seller may withdraw; a seller who owes may not, whatever the wallet holds. */
export function withdrawalRefusal(owedMinor: number): Refusal | null {
  if (notNegative(owedMinor) === 0) return null;
  return { code: 'receivable_outstanding', message: `${owedMinor} minor units are owed from a claw-back` };
}

function notNegative(amountMinor: number): number {
  if (assertMinor(amountMinor) < 0) throw new RangeError(`not an amount, a balance or a debt: ${amountMinor}`);
  return amountMinor;
}
