/**
 * A gateway without Temporal: it remembers what it was asked and writes what the workflows' activities would write when an
 * order is placed, a dispute opened or changed.
 */

import type { MikroORM } from '@mikro-orm/postgresql';
import { ApplicationFailure, type SignalDefinition, type UpdateDefinition } from '@temporalio/common';
import { placeOrder } from '../../../activities/records/place-order.ts';
import { ApiError } from '../../../api/errors.ts';
import type { TemporalGateway } from '../../../api/temporal-gateway.ts';
import { derivedId } from '../../../db/new-id.ts';
import type { EntityManager } from '../../../db/orm.ts';
import type { AuthenticityCommand } from '../../../domain/authenticity/commands.ts';
import type { DisputeId } from '../../../domain/disputes/dispute.ts';
import { isErrorCode } from '../../../domain/error-codes.ts';
import type { EscrowId } from '../../../domain/ids.ts';
import type { RunningDisputeCommand } from '../../../workflows/dispute/contract.ts';
import type { OpenDisputeInput } from '../../../workflows/escrow/contract.ts';
import type { OrderInput } from '../../../workflows/order/contract.ts';
import { commandAuthenticity } from './authenticity-stand-in.ts';
import { createDisputeStandIn } from './dispute-stand-in.ts';
import { createMarketStandIn, type MarketMessage, type MarketStandIn } from './market-stand-in.ts';
import { beginPurchaseFor } from './purchase-stand-in.ts';

export type GatewayCall = { name: string; target: string; arg: unknown; updateId: string | null };

export type FakeGateway = TemporalGateway & {
  readonly calls: GatewayCall[];
  /** What the next calls run first: throw to refuse, await to take long. */
  before: (call: GatewayCall) => Promise<void> | void;
  /** Whether disputes follow what is asked of them; they do unless a test only wants to see the calls. */
  playsDisputes: boolean;
  /** Markets without their workflow, for what happens to them by itself. */
  readonly markets: MarketStandIn;
  /** The present phase of the dispute ends by itself. */
  passDeadline(disputeId: string): Promise<void>;
};

/** Places orders, opens and changes disputes for real; answers every other change without doing anything. */
export function createFakeGateway(orm: MikroORM): FakeGateway {
  const calls: GatewayCall[] = [];
  const disputes = createDisputeStandIn(orm);
  const markets = createMarketStandIn(orm);
  async function note(call: GatewayCall): Promise<void> {
    calls.push(call);
    await fake.before(call);
  }
  const update = async <Ret, Arg>(
    def: UpdateDefinition<Ret, [Arg]>,
    target: string,
    arg: Arg,
    updateId: string,
  ): Promise<Ret> => {
    await note({ name: def.name, target, arg, updateId });
    return {} as Ret;
  };
  const fake: FakeGateway = {
    calls,
    before: () => {},
    ping: () => Promise.resolve(),
    updateOrder: update,
    updateEscrow: async (def, escrowId, arg, updateId) => {
      const answer = await update(def, escrowId, arg, updateId);
      if (def.name === 'openDispute') await disputes.open(escrowId as EscrowId, arg as OpenDisputeInput);
      return answer;
    },
    updateDispute: async (def, disputeId, arg, updateId) => {
      const answer = await update(def, disputeId, arg, updateId);
      if (fake.playsDisputes) await disputes.command(disputeId as DisputeId, arg as RunningDisputeCommand, updateId);
      return answer;
    },
    playsDisputes: true,
    passDeadline: (disputeId) => disputes.passDeadline(disputeId as DisputeId),
    updateAuthenticity: async (def, escrowId, arg, updateId) => {
      const answer = await update(def, escrowId, arg, updateId);
      await commandAuthenticity(orm, escrowId, arg as AuthenticityCommand);
      return answer;
    },
    updateChargeback: update,
    createMarket: async (input, updateId) => {
      await note({ name: 'create', target: input.marketId, arg: input, updateId });
      await markets.create(input);
      return 'created';
    },
    updateMarket: async (def, marketId, arg, updateId) => {
      const answer = await update(def, marketId, arg, updateId);
      await markets.change(marketId, def.name, arg as MarketMessage, updateId);
      return answer;
    },
    markets,
    beginPurchase: async (input, updateId) => {
      await note({ name: 'begin', target: input.purchaseId, arg: input, updateId });
      await beginPurchaseFor(orm, input);
      return 'begun';
    },
    signalEscrow: async <Arg>(def: SignalDefinition<[Arg]>, target: string, arg: Arg) => {
      await note({ name: def.name, target, arg, updateId: null });
    },
    placeOrder: async (input, updateId) => {
      await note({ name: 'place', target: input.orderId, arg: input, updateId });
      await place(orm.em.fork(), input);
      return 'placed';
    },
  };
  return fake;
}

async function place(em: EntityManager, input: OrderInput): Promise<void> {
  try {
    await em.transactional((tx) => placeOrder(tx, input, { offered: ['stripe'], timeScale: 1 }));
  } catch (error) {
    const code = error instanceof ApplicationFailure ? (error.type ?? '') : '';
    if (isErrorCode(code)) throw new ApiError(code);
    throw error;
  }
  const paymentId = derivedId('payment', input.orderId, '1');
  await em.execute(
    `insert into payment (id, order_id, attempt, provider, provider_object_id, client_secret, status, amount_minor, currency)
     select ?, id, 1, 'stripe', ?, ?, 'created', total_minor, currency from orders where id = ?
     on conflict do nothing`,
    [paymentId, `pi_${paymentId}`, `pi_${paymentId}_secret_x`, input.orderId],
  );
  await em.execute(`update orders set status = 'pending_payment' where id = ? and status = 'created'`, [input.orderId]);
}
