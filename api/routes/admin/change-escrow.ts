/** What every change an administrator makes to an escrow shares: a reason, one update, the answer from Postgres. */

import { z } from '@hono/zod-openapi';
import type { UpdateDefinition } from '@temporalio/common';
import type { Context } from 'hono';
import { loadEscrow } from '../../../db/repositories/escrows.ts';
import type { Actor } from '../../../domain/escrow.ts';
import type { EscrowId } from '../../../domain/ids.ts';
import type { EscrowSnapshot } from '../../../workflows/escrow/contract.ts';
import { type AppEnv, currentUser } from '../../context.ts';
import { ApiError } from '../../errors.ts';
import { idempotent } from '../../idempotency.ts';
import { EscrowSchema, toEscrow } from '../../resources/escrow.ts';
import { accepted, json, problems } from '../../schemas/responses.ts';
import { line } from '../../schemas/values.ts';

/** Why an administrator steps in: kept with the change. */
export const ReasonSchema = z
  .strictObject({ reason: line(500) })
  .openapi('Reason', { example: { reason: 'Carrier strike, agreed with both parties' } });

/** The answers of all changes. */
export const changeResponses = {
  200: json(EscrowSchema, 'The escrow as it stands now'),
  ...accepted,
  ...problems(400, 401, 403, 404, 409, 415, 422, 503),
};

type Change<Arg> = {
  id: EscrowId;
  /** The request's body, for the idempotency key. */
  body: unknown;
  update: UpdateDefinition<EscrowSnapshot, [Arg]>;
  toArg: (actor: Actor) => Arg;
};

/** Sends the change to the escrow's workflow and answers with the escrow it has stored. */
export async function changeEscrow<Arg>(c: Context<AppEnv>, change: Change<Arg>): Promise<Response> {
  const em = c.get('em');
  if (!(await loadEscrow(em, change.id))) throw new ApiError('escrow_not_found');
  const arg = change.toArg({ role: 'admin', id: currentUser(c).id });
  return await idempotent(c, change.body, { required: false }, async ({ updateId }) => {
    await c.get('deps').gateway.updateEscrow(change.update, change.id, arg, updateId);
    const now = await loadEscrow(em, change.id);
    if (!now) throw new ApiError('escrow_not_found');
    return c.json(toEscrow(now.escrow, now.disputes), 200);
  });
}
