/** Verifier legs for workflow tests: goods that have just been sent, and the way to each phase. */

import type { WorkflowHandle } from '@temporalio/client';
import { newId } from '../../../db/new-id.ts';
import type { AuthenticityCase, AuthenticityPhase } from '../../../domain/authenticity/case.ts';
import type { AuthenticityCommand } from '../../../domain/authenticity/commands.ts';
import type { Actor } from '../../../domain/escrow.ts';
import type { UserId } from '../../../domain/ids.ts';
import type { AuthenticityPolicy } from '../../../domain/policy/policy.ts';
import {
  type AuthenticityInput,
  type AuthenticityOutcome,
  authenticityCommandUpdate,
  authenticityWorkflowId,
} from '../../../workflows/authenticity/contract.ts';
import type { EscrowInput } from '../../../workflows/escrow/contract.ts';
import type { WorkflowEnvironment } from './environment.ts';
import type { StartedEscrow } from './escrows.ts';
import { authenticityPolicy } from './policies.ts';

export type Leg = WorkflowHandle<(input: AuthenticityInput) => Promise<AuthenticityOutcome>>;
export const verifier: Actor = { role: 'verifier', id: newId('user') };
export const admin: Actor = { role: 'admin', id: newId('user') };

export type Verified = StartedEscrow & { leg: Leg; say(command: AuthenticityCommand): Promise<AuthenticityCase> };

/** An escrow whose seller has just sent the goods to be verified. */
export async function shipped(
  environment: WorkflowEnvironment,
  policy: Partial<AuthenticityPolicy> = {},
  input: Partial<EscrowInput> = {},
): Promise<Verified> {
  const escrow = await environment.escrow({ authenticity: true, ...input }, (world) => {
    world.authenticity.policy = authenticityPolicy(policy);
  });
  await escrow.ask('ship');
  const leg = legOf(environment, escrow);
  return { ...escrow, leg, say: (command) => leg.executeUpdate(authenticityCommandUpdate, { args: [command] }) };
}

export const assign: AuthenticityCommand = { kind: 'assign', actor: admin, verifierId: verifier.id as UserId };
export const receive: AuthenticityCommand = { kind: 'receive', actor: verifier, location: 'Lyon', note: null };
export const inspect = (
  finding: 'passed' | 'failed' | 'mismatch',
  lowerPriceMinor: number | null = null,
): AuthenticityCommand => ({
  kind: 'inspect',
  actor: verifier,
  finding,
  condition: finding === 'failed' ? null : 'good',
  note: 'Looked at.',
  lowerPriceMinor,
});
export const forward: AuthenticityCommand = { kind: 'forward', actor: verifier, carrier: 'UPS', trackingNumber: '2' };
export const choose = ({ buyer }: Pick<StartedEscrow, 'buyer'>, choice: 'accept' | 'lower_price' | 'refund') =>
  ({ kind: 'choose', actor: buyer, choice }) as const;

/** The commands that lead to each phase. */
export function pathTo(phase: AuthenticityPhase, escrow: StartedEscrow): AuthenticityCommand[] {
  const arrived = [assign, receive];
  switch (phase) {
    case 'in_transit_to_verifier':
      return [assign];
    case 'with_verifier':
      return arrived;
    case 'mismatch_choice':
      return [...arrived, inspect('mismatch', 8_000)];
    case 'to_forward':
      return [...arrived, inspect('passed')];
    case 'passed':
      return [...arrived, inspect('passed'), forward];
    case 'accepted':
      return [...arrived, inspect('mismatch'), choose(escrow, 'accept'), forward];
    case 'price_lowered':
      return [...arrived, inspect('mismatch', 8_000), choose(escrow, 'lower_price'), forward];
    case 'failed':
      return [...arrived, inspect('failed')];
    case 'declined':
      return [...arrived, inspect('mismatch'), choose(escrow, 'refund')];
    default:
      return [];
  }
}

export async function reached(phase: AuthenticityPhase, escrow: Verified): Promise<Verified> {
  for (const command of pathTo(phase, escrow)) await escrow.say(command);
  return escrow;
}

export function legOf({ client }: WorkflowEnvironment, { input }: StartedEscrow): Leg {
  return client.workflow.getHandle(authenticityWorkflowId(input.escrowId));
}
