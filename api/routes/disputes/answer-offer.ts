/** POST /disputes/{id}/offers/{offerId}/accept, decline or withdraw: the other side answers, or its maker takes it back. */

import { createRoute, z } from '@hono/zod-openapi';
import { endpoint } from '../../endpoint.ts';
import { requireUser } from '../../middleware/auth.ts';
import { bearer, emptyBody, idempotencyKeyParameter } from '../../schemas/responses.ts';
import { idSchema } from '../../schemas/values.ts';
import { changeDispute, changeResponses } from './command.ts';

const ParamsSchema = z.object({ id: idSchema('dispute'), offerId: idSchema('offer') });

const routeOf = <Verb extends string>(verb: Verb, summary: string) =>
  createRoute({
    method: 'post',
    path: `/disputes/{id}/offers/{offerId}/${verb}` as const,
    tags: ['Disputes'],
    summary,
    security: bearer,
    middleware: requireUser,
    parameters: [idempotencyKeyParameter(false)],
    request: { params: ParamsSchema, body: emptyBody },
    responses: changeResponses,
  });

function answerEndpoint(verb: string, summary: string, kind: 'acceptOffer' | 'declineOffer' | 'withdrawOffer') {
  return endpoint(routeOf(verb, summary), (c) => {
    const { id, offerId } = c.req.valid('param');
    return changeDispute(c, { id, body: {}, toCommand: ({ actor }) => ({ kind, actor, offerId }) });
  });
}

export const acceptOfferEndpoint = answerEndpoint('accept', 'Accept a proposed settlement', 'acceptOffer');
export const declineOfferEndpoint = answerEndpoint('decline', 'Decline a proposed settlement', 'declineOffer');
export const withdrawOfferEndpoint = answerEndpoint('withdraw', 'Take back a proposed settlement', 'withdrawOffer');
