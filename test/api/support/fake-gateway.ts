/** A gateway without Temporal: it remembers what it was asked and writes what the workflows' activities would write. */

import { ApplicationFailure, type SignalDefinition, type UpdateDefinition } from '@temporalio/common';
import { placeOrder } from '../../../activities/records/place-order.ts';
import { ApiError } from '../../../api/errors.ts';
import type { TemporalGateway } from '../../../api/temporal-gateway.ts';
import { derivedId } from '../../../db/new-id.ts';
import type { EntityManager } from '../../../db/orm.ts';
import { isErrorCode } from '../../../domain/error-codes.ts';
import type { OrderInput } from '../../../workflows/order/contract.ts';

export type GatewayCall = { name: string; target: string; arg: unknown; updateId: string | null };

export type FakeGateway = TemporalGateway & {
  readonly calls: GatewayCall[];
  /** What the next calls run first: throw to refuse, await to take long. */
  before: (call: GatewayCall) => Promise<void> | void;
};

/** Places orders for real; answers every other change without doing anything, unless `before` does. */
export function createFakeGateway(fork: () => EntityManager): FakeGateway {
  const calls: GatewayCall[] = [];
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
    updateEscrow: update,
    signalEscrow: async <Arg>(def: SignalDefinition<[Arg]>, target: string, arg: Arg) => {
      await note({ name: def.name, target, arg, updateId: null });
    },
    placeOrder: async (input, updateId) => {
      await note({ name: 'place', target: input.orderId, arg: input, updateId });
      await place(fork(), input);
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
