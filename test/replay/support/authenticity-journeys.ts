/** The journeys of goods that a verifier sees first, and of the holds that wait for them. */

import type { WorkflowHandle } from '@temporalio/client';
import { newId } from '../../../db/new-id.ts';
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
import type { WorkflowEnvironment } from '../../workflows/support/environment.ts';
import type { StartedEscrow } from '../../workflows/support/escrows.ts';
import { authenticityPolicy } from '../../workflows/support/policies.ts';
import { type Journey, recorded } from './journey.ts';

type Leg = WorkflowHandle<(input: AuthenticityInput) => Promise<AuthenticityOutcome>>;

const admin: Actor = { role: 'admin', id: 'usr_admin' };

async function shipped(
  environment: WorkflowEnvironment,
  policy: Partial<AuthenticityPolicy> = {},
): Promise<{ escrow: StartedEscrow; leg: Leg; verifier: Actor }> {
  const escrow = await environment.escrow({ authenticity: true }, (world) => {
    world.authenticity.policy = authenticityPolicy(policy);
  });
  await escrow.ask('ship');
  const leg: Leg = environment.client.workflow.getHandle(authenticityWorkflowId(escrow.input.escrowId));
  return { escrow, leg, verifier: { role: 'verifier', id: newId('user') } };
}

async function say(leg: Leg, ...commands: AuthenticityCommand[]): Promise<void> {
  for (const command of commands) await leg.executeUpdate(authenticityCommandUpdate, { args: [command] });
}

const arrival = (verifier: Actor): AuthenticityCommand[] => [
  { kind: 'assign', actor: admin, verifierId: verifier.id as UserId },
  { kind: 'receive', actor: verifier, location: null, note: null },
];
const inspected = (verifier: Actor, finding: 'failed' | 'mismatch'): AuthenticityCommand => ({
  kind: 'inspect',
  actor: verifier,
  finding,
  condition: finding === 'failed' ? null : 'played',
  note: 'Looked at.',
  lowerPriceMinor: finding === 'failed' ? null : 8_000,
});
const forward = { kind: 'forward', carrier: 'UPS', trackingNumber: '2' } as const;

export const AUTHENTICITY: readonly Journey[] = [
  async (environment) => {
    const { escrow, leg, verifier } = await shipped(environment, { forwardWithinMs: 500 });
    await say(leg, ...arrival(verifier), inspected(verifier, 'mismatch'));
    await say(leg, { kind: 'choose', actor: escrow.buyer, choice: 'lower_price' });
    await escrow.world.until(({ authenticity }) =>
      authenticity.changes.some(({ event }) => event === 'authenticity.alerted'),
    );
    await say(leg, { ...forward, actor: verifier });
    await escrow.world.until(({ changes }) => changes.some(({ event }) => event === 'escrow.forwarded'));
    await escrow.ask('confirm');
    return [
      await recorded('authenticity-price-lowered', leg),
      await recorded('escrow-verified-price-lowered', escrow.handle),
    ];
  },
  async (environment) => {
    const { escrow, leg, verifier } = await shipped(environment);
    await say(leg, ...arrival(verifier), inspected(verifier, 'failed'));
    return [await recorded('authenticity-failed', leg), await recorded('escrow-verified-failed', escrow.handle)];
  },
  async (environment) => {
    const { escrow, leg } = await shipped(environment, { assignWithinMs: 500 });
    return [await recorded('authenticity-overdue', leg), await recorded('escrow-verified-overdue', escrow.handle)];
  },
  async (environment) => {
    const { escrow, leg } = await shipped(environment);
    await escrow.ask('release');
    return [await recorded('authenticity-cancelled', leg), await recorded('escrow-released-unverified', escrow.handle)];
  },
];
