/** What every request that changes a dispute shares: who may ask, one update to its workflow, the answer from Postgres. */

import type { Context } from 'hono';
import { derivedId } from '../../../db/new-id.ts';
import { type Author, keepStatement } from '../../../db/repositories/dispute-entries.ts';
import { DISPUTE_COMMANDS, disputeRefusal } from '../../../domain/disputes/commands.ts';
import type { DisputeCase, DisputeId } from '../../../domain/disputes/dispute.ts';
import { commandUpdate, type RunningDisputeCommand } from '../../../workflows/dispute/contract.ts';
import { type AppEnv, currentUser } from '../../context.ts';
import { ApiError } from '../../errors.ts';
import { idempotent } from '../../idempotency.ts';
import { DisputeAnswerSchema, isReviewer, toDispute } from '../../resources/dispute.ts';
import { accepted, json, problems } from '../../schemas/responses.ts';
import { visibleDispute } from './access.ts';

/** The answers of all changes. */
export const changeResponses = {
  200: json(DisputeAnswerSchema, 'The dispute as it stands now'),
  ...accepted,
  ...problems(400, 401, 403, 404, 409, 415, 422, 503),
};

export type Change = {
  id: DisputeId;
  /** The request's body, for the idempotency key. */
  body: unknown;
  /** `key`: the request's, for ids that follow from it. */
  toCommand: (asked: { actor: Author; dispute: DisputeCase; key: string }) => RunningDisputeCommand;
  /** What the party says with it; kept among the messages. */
  statement?: string;
  status?: 200 | 201;
};

/** Sends the change to the dispute's workflow and answers with the dispute it has stored. */
export async function changeDispute(c: Context<AppEnv>, change: Change): Promise<Response> {
  const em = c.get('em');
  const { id, statement, status = 200 } = change;
  const user = currentUser(c);
  const { dispute, actor } = await visibleDispute(em, id, user);
  const asked = { actor, dispute: dispute.content };
  refuseByRole(change.toCommand({ ...asked, key: '' }));
  return await idempotent(c, change.body, { required: false }, async ({ key, updateId }) => {
    const command = change.toCommand({ ...asked, key });
    await c
      .get('deps')
      .gateway.updateDispute(commandUpdate, id, command, updateId)
      .catch((error: unknown) => {
        throw toldWhy(error, command, dispute.content);
      });
    if (statement !== undefined) {
      const message = { id: derivedId('message', id, updateId), disputeId: id, author: actor, body: statement };
      await keepStatement(em, message, dispute.phase);
    }
    const now = await visibleDispute(em, id, user);
    return c.json({ dispute: toDispute(now, now.actor.role) }, status);
  });
}

/** Who may never ask this need not wait for the workflow to say so. */
function refuseByRole({ kind, actor }: RunningDisputeCommand): void {
  const { roles } = DISPUTE_COMMANDS[kind];
  if (roles.includes(actor.role)) return;
  throw new ApiError(roles.every(isReviewer) ? 'verdict_by_party' : 'forbidden');
}

/** A workflow that has ended answers nothing: the rules say of the case as it was stored why it is too late. */
function toldWhy(error: unknown, command: RunningDisputeCommand, dispute: DisputeCase): unknown {
  if (!(error instanceof ApiError) || error.code !== 'dispute_closed') return error;
  const refusal = disputeRefusal(command, dispute, new Date().toISOString());
  return refusal ? new ApiError(refusal.code, { detail: refusal.message, cause: error }) : error;
}
