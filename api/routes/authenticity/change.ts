/** What every change to a verifier leg shares: one update to its workflow, the answer from Postgres. */

import type { Context } from 'hono';
import { loadAuthenticity } from '../../../db/repositories/authenticity.ts';
import type { AuthenticityCommand } from '../../../domain/authenticity/commands.ts';
import type { EscrowId } from '../../../domain/ids.ts';
import { authenticityCommandUpdate } from '../../../workflows/authenticity/contract.ts';
import type { AppEnv } from '../../context.ts';
import { ApiError } from '../../errors.ts';
import { idempotent } from '../../idempotency.ts';
import { AuthenticityAnswerSchema, toAuthenticity } from '../../resources/authenticity.ts';
import { accepted, json, problems } from '../../schemas/responses.ts';

/** The answers of all changes. */
export const changeResponses = {
  200: json(AuthenticityAnswerSchema, 'The verifier leg as it stands now'),
  ...accepted,
  ...problems(400, 401, 403, 404, 409, 415, 422, 503),
};

type Change = {
  escrowId: EscrowId;
  /** The request's body, for the idempotency key. */
  body: unknown;
  command: AuthenticityCommand;
  /** Where whoever asks can see the outcome. */
  location: string;
};

/** Sends the command to the leg's workflow and answers with the leg it has stored. */
export function changeAuthenticity(c: Context<AppEnv>, change: Change): Promise<Response> {
  const { escrowId, body, command, location } = change;
  return idempotent(c, body, { required: false }, async ({ updateId }) => {
    const { gateway } = c.get('deps');
    await gateway.updateAuthenticity(authenticityCommandUpdate, escrowId, command, updateId, location);
    const rows = await loadAuthenticity(c.get('em'), escrowId);
    if (!rows) throw new ApiError('authenticity_not_found');
    return c.json({ authenticity: toAuthenticity(rows) }, 200);
  });
}

export const authenticityLocation = (escrowId: EscrowId): string => `/api/v1/authenticity/${escrowId}`;
