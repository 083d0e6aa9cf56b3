/** What every change to a vendor order shares: who may ask, one update to its escrow, the answer from Postgres. */

import type { UpdateDefinition } from '@temporalio/common';
import type { Context } from 'hono';
import type { Actor, ActorRole, VendorOrderStatus } from '../../../domain/escrow.ts';
import type { VendorOrderId } from '../../../domain/ids.ts';
import type { EscrowSnapshot } from '../../../workflows/escrow/contract.ts';
import { type AppEnv, currentUser } from '../../context.ts';
import { ApiError } from '../../errors.ts';
import { idempotent } from '../../idempotency.ts';
import { toVendorOrder, VendorOrderSchema } from '../../resources/vendor-order.ts';
import { accepted, json, problems } from '../../schemas/responses.ts';
import { changeableVendorOrder, visibleVendorOrder } from './access.ts';

/** The answers of all changes. */
export const changeResponses = {
  200: json(VendorOrderSchema, 'The vendor order as it stands now'),
  ...accepted,
  ...problems(400, 401, 403, 404, 409, 415, 422, 503),
};

type Change<Arg> = {
  id: VendorOrderId;
  /** The request's body, for the idempotency key. */
  body: unknown;
  /** Who may ask; for others who see the vendor order it is forbidden. */
  roles: readonly ActorRole[];
  update: UpdateDefinition<EscrowSnapshot, [Arg]>;
  toArg: (actor: Actor) => Arg;
};

/** Not paid (yet): there is no escrow to change. */
const WITHOUT_HOLD: readonly VendorOrderStatus[] = ['pending_payment', 'cancelled', 'expired'];

/** Sends the change to the escrow's workflow and answers with the vendor order it has stored. */
export async function changeVendorOrder<Arg>(c: Context<AppEnv>, change: Change<Arg>): Promise<Response> {
  const em = c.get('em');
  const user = currentUser(c);
  const { status, escrowId, actor } = await changeableVendorOrder(em, change.id, user);
  if (!change.roles.includes(actor.role)) throw new ApiError('forbidden');
  return await idempotent(c, change.body, { required: false }, async ({ updateId }) => {
    if (WITHOUT_HOLD.includes(status)) throw new ApiError('illegal_transition');
    const arg = change.toArg(actor);
    await c.get('deps').gateway.updateEscrow(change.update, escrowId, arg, updateId);
    const now = await visibleVendorOrder(em, change.id, user);
    return c.json(toVendorOrder(now), 200);
  });
}
