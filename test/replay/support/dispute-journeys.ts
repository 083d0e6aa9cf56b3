/** The journeys of disputes and of the holds they are about. */

import type { DisputePolicy } from '../../../domain/policy/policy.ts';
import { chargebackClosedSignal, chargebackOpenedSignal } from '../../../workflows/escrow/contract.ts';
import {
  CUP,
  commandsOf,
  disputeHandle,
  openDispute,
  POT,
  type StartedDispute,
} from '../../workflows/support/disputes.ts';
import type { WorkflowEnvironment } from '../../workflows/support/environment.ts';
import type { StartedEscrow } from '../../workflows/support/escrows.ts';
import { disputePolicy, fromNow, holdPolicy, NEVER_MS } from '../../workflows/support/policies.ts';
import { type Journey, recorded } from './journey.ts';

/** Long enough for a dispute to be opened on a slow machine. */
const TIME_TO_OBJECT_MS = 4_000;

type Hold = Parameters<typeof holdPolicy>[0];

async function shipped(
  environment: WorkflowEnvironment,
  dispute: Partial<DisputePolicy>,
  hold: Hold = {},
): Promise<StartedEscrow> {
  const policy = holdPolicy(hold, { payoutMode: 'per_release' });
  const escrow = await environment.escrow({ policy }, (world) => {
    world.disputes.policy = disputePolicy(dispute);
  });
  await escrow.ask('ship');
  return escrow;
}

const phaseOf = ({ world }: StartedEscrow, { id }: StartedDispute, phase: string) =>
  world.until(({ disputes }) => disputes.of(id).dispute.phase === phase);
const settled = ({ world }: StartedEscrow, { id }: StartedDispute) =>
  world.until(({ disputes }) => disputes.of(id).settled);
const bank = { chargebackId: 'dp_1' } as const;

export const DISPUTES: readonly Journey[] = [
  async (environment) => {
    const escrow = await shipped(environment, {});
    const dispute = await openDispute(environment.client, escrow, { reason: 'damaged' });
    const { claim, respond, verdict, appeal, review } = commandsOf(escrow);
    for (const command of [claim(), respond(), verdict({ outcome: 'refund' }), appeal()]) await dispute.ask(command);
    await dispute.ask(review({ outcome: 'split', buyerMinor: 2_500 }));
    return [
      await recorded('dispute-appealed-and-reviewed', dispute.handle),
      await recorded('escrow-disputed-and-split', escrow.handle),
    ];
  },
  async (environment) => {
    const soon = { sellerResponseMs: 200, mediationMs: 200, appealWindowMs: 200 };
    const escrow = await shipped(environment, soon, { deliveredAfterMs: TIME_TO_OBJECT_MS, autoReleaseMs: 200 });
    const dispute = await openDispute(environment.client, escrow, { lines: POT, reason: 'damaged' });
    return [
      await recorded('dispute-silent-to-the-end', dispute.handle),
      await recorded('escrow-rest-released-while-disputed', escrow.handle),
    ];
  },
  async (environment) => {
    const escrow = await shipped(environment, {}, { deliveredAfterMs: TIME_TO_OBJECT_MS, autoReleaseMs: 200 });
    const { client } = environment;
    const first = await openDispute(client, escrow, { lines: POT, reason: 'damaged' });
    const second = await openDispute(client, escrow, { lines: CUP, reason: 'other' });
    await escrow.world.until((world) => world.names().includes('releaseHold'));
    const { offer, takeBack, accept, withdraw } = commandsOf(escrow);
    await first.ask(offer(1_000, undefined, 'ofr_1'));
    await first.ask(takeBack('ofr_1'));
    await first.ask(withdraw());
    await second.ask(offer(1_000, undefined, 'ofr_2'));
    await second.ask(accept('ofr_2'));
    return [
      await recorded('dispute-withdrawn', first.handle),
      await recorded('dispute-agreed', second.handle),
      await recorded('escrow-part-rejoined-after-release', escrow.handle),
    ];
  },
  async (environment) => {
    const hold = { deliveredAfterMs: TIME_TO_OBJECT_MS, autoReleaseMs: 200 };
    const escrow = await shipped(environment, { appeal: false }, hold);
    const dispute = await openDispute(environment.client, escrow, { reason: 'wrong_item' });
    const { respond, verdict, shipReplacement } = commandsOf(escrow);
    await dispute.ask(respond());
    await dispute.ask(verdict({ outcome: 'replacement' }));
    await phaseOf(escrow, dispute, 'awaiting_replacement');
    await dispute.ask(shipReplacement());
    return [
      await recorded('dispute-replaced', dispute.handle),
      await recorded('escrow-replacement-delivered', escrow.handle),
    ];
  },
  async (environment) => {
    const escrow = await shipped(environment, { appeal: false });
    const dispute = await openDispute(environment.client, escrow, { reason: 'not_as_described' });
    const { respond, verdict, sendReturn, confirmReturn } = commandsOf(escrow);
    await dispute.ask(respond());
    await dispute.ask(verdict({ outcome: 'refund', returnGoods: true }));
    await phaseOf(escrow, dispute, 'awaiting_return');
    await dispute.ask(sendReturn());
    await dispute.ask(confirmReturn());
    return [await recorded('dispute-returned', dispute.handle)];
  },
  async (environment) => {
    const escrow = await shipped(environment, {});
    const dispute = await openDispute(environment.client, escrow, { lines: POT, reason: 'damaged' });
    await escrow.handle.signal(chargebackOpenedSignal, { ...bank, eventId: 'evt_1', amountMinor: 6_000 });
    await escrow.world.until(({ disputes }) => disputes.all.size === 2);
    const own = [...escrow.world.disputes.all.keys()].find((id) => id !== dispute.id) as StartedDispute['id'];
    await escrow.handle.signal(chargebackClosedSignal, { ...bank, eventId: 'evt_2', result: 'lost' });
    await settled(escrow, dispute);
    await escrow.ask('confirm');
    return [
      await recorded('dispute-lost-to-the-bank', dispute.handle),
      await recorded('dispute-of-the-bank', disputeHandle(environment.client, own)),
      await recorded('escrow-charged-back', escrow.handle),
    ];
  },
  async (environment) => {
    const payment = { paymentId: 'pay_1', captured: false, captureBefore: fromNow(NEVER_MS) } as const;
    const escrow = await environment.escrow({ payment });
    const dispute = await openDispute(environment.client, escrow);
    await escrow.handle.signal(chargebackOpenedSignal, { ...bank, eventId: 'evt_1', amountMinor: 10_000 });
    await escrow.world.until(({ disputes }) => disputes.of(dispute.id).dispute.bankSince !== null);
    await escrow.handle.signal(chargebackClosedSignal, { ...bank, eventId: 'evt_2', result: 'won' });
    await escrow.world.until(({ disputes }) => disputes.of(dispute.id).dispute.bankSince === null);
    const { withdraw } = commandsOf(escrow);
    await dispute.ask(withdraw());
    await settled(escrow, dispute);
    await escrow.ask('refund');
    return [
      await recorded('dispute-won-and-withdrawn', dispute.handle),
      await recorded('escrow-charged-for-a-dispute', escrow.handle),
    ];
  },
  async (environment) => {
    const escrow = await shipped(environment, { appeal: false });
    const dispute = await openDispute(environment.client, escrow, { reason: 'damaged' });
    const { offer, respond, verdict } = commandsOf(escrow);
    const { runId } = await dispute.handle.describe();
    for (let made = 1; (await dispute.handle.describe()).runId === runId; made += 1) await dispute.ask(offer(made));
    await dispute.ask(respond());
    await dispute.ask(verdict({ outcome: 'release' }));
    await dispute.handle.result();
    const first = environment.client.workflow.getHandle(dispute.handle.workflowId, runId);
    return [
      { name: 'dispute-handed-over', history: await first.fetchHistory() },
      await recorded('dispute-taken-over', disputeHandle(environment.client, dispute.id)),
    ];
  },
];
