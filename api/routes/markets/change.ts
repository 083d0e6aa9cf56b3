/** What every request that changes a market shares: one update to its workflow, then the market as Postgres has it. */

import type { UpdateDefinition } from '@temporalio/common';
import type { Context } from 'hono';
import type { MarketId } from '../../../domain/ids.ts';
import type { MarketStored } from '../../../workflows/market/contract.ts';
import type { AppEnv } from '../../context.ts';
import { idempotent } from '../../idempotency.ts';
import { MarketAnswerSchema, toMarket } from '../../resources/market.ts';
import { accepted, json, problems } from '../../schemas/responses.ts';
import { presentMarket } from './access.ts';

/** The answers of all changes. */
export const changeResponses = {
  200: json(MarketAnswerSchema, 'The market as it stands now'),
  ...accepted,
  ...problems(400, 401, 403, 404, 409, 415, 422, 503),
};

export type Change<Arg> = {
  id: MarketId;
  /** The request's body, for the idempotency key. */
  body: unknown;
  def: UpdateDefinition<MarketStored, [Arg]>;
  arg: Arg;
};

/** Sends the change to the market's workflow and answers with the market it has stored. */
export async function changeMarket<Arg>(c: Context<AppEnv>, { id, body, def, arg }: Change<Arg>) {
  const em = c.get('em');
  await presentMarket(em, id);
  return await idempotent(c, body, { required: false }, async ({ updateId }) => {
    await c.get('deps').gateway.updateMarket(def, id, arg, updateId);
    return c.json({ market: toMarket(await presentMarket(em, id)) }, 200);
  });
}
