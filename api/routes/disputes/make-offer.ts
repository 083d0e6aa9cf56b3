/** POST /disputes/{id}/offers: a party proposes a split of what is frozen, or a replacement. */

import { createRoute, z } from '@hono/zod-openapi';
import { derivedId } from '../../../db/new-id.ts';
import type { OfferTerms } from '../../../domain/disputes/dispute.ts';
import { endpoint } from '../../endpoint.ts';
import { requireUser } from '../../middleware/auth.ts';
import { DisputeAnswerSchema } from '../../resources/dispute.ts';
import { accepted, bearer, idempotencyKeyParameter, json, jsonBody, problems } from '../../schemas/responses.ts';
import { CurrencySchema, idParams } from '../../schemas/values.ts';
import { changeDispute } from './command.ts';

/** What the buyer would get, in the dispute's currency (which may be named, to be sure); or a replacement. */
const MakeOfferSchema = z
  .union([
    z.strictObject({ buyerMinor: z.int(), currency: CurrencySchema.optional() }),
    z.strictObject({ replacement: z.literal(true) }),
  ])
  .openapi('MakeOffer', { example: { buyerMinor: 1500 } });

const route = createRoute({
  method: 'post',
  path: '/disputes/{id}/offers',
  tags: ['Disputes'],
  summary: 'Propose a settlement',
  description: 'A party has one open offer: the next one replaces it.',
  security: bearer,
  middleware: requireUser,
  parameters: [idempotencyKeyParameter(false)],
  request: { params: idParams('dispute'), ...jsonBody(MakeOfferSchema) },
  responses: {
    201: json(DisputeAnswerSchema, 'The dispute with the offer'),
    ...accepted,
    ...problems(400, 401, 403, 404, 409, 415, 422, 503),
  },
});

export const makeOfferEndpoint = endpoint(route, (c) => {
  const body = c.req.valid('json');
  const { id } = c.req.valid('param');
  return changeDispute(c, {
    id,
    body,
    status: 201,
    toCommand: ({ actor, dispute, key }) => {
      const terms: OfferTerms =
        'replacement' in body
          ? { kind: 'replacement' }
          : { kind: 'split', buyerMinor: body.buyerMinor, currency: body.currency ?? dispute.currency };
      return { kind: 'offer', actor, offerId: derivedId('offer', id, actor.id, key), terms };
    },
  });
});
