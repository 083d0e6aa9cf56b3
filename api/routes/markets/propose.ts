/** POST /markets/{id}/resolution: a moderator says what the outcome is, with evidence that everybody can look at. */

import { createRoute, z } from '@hono/zod-openapi';
import { proposeUpdate } from '../../../workflows/market/contract.ts';
import { currentUser } from '../../context.ts';
import { endpoint } from '../../endpoint.ts';
import { requireModerator } from '../../middleware/auth.ts';
import { bearer, idempotencyKeyParameter, jsonBody } from '../../schemas/responses.ts';
import { exampleId, idParams, idSchema, statement } from '../../schemas/values.ts';
import { changeMarket, changeResponses } from './change.ts';

const MAX_URLS = 10;
const MAX_URL_CHARS = 2_000;

/** A page on the web; a link that names an account is not for everybody. */
const EvidenceUrlSchema = z
  .string()
  .trim()
  .max(MAX_URL_CHARS)
  .refine(isWebAddress, 'must be an http or https URL')
  .openapi({ type: 'string', format: 'uri', maxLength: MAX_URL_CHARS });

const ResolutionSchema = z
  .strictObject({
    outcomeId: idSchema('outcome'),
    evidenceUrls: z.array(EvidenceUrlSchema).min(1).max(MAX_URLS),
    note: statement(4_000),
  })
  .openapi('ProposeResolution', {
    example: {
      outcomeId: exampleId('outcome'),
      evidenceUrls: ['https://www.pagasa.dost.gov.ph/climate/monthly-rainfall'],
      note: '212 mm this year, 164 mm last year.',
    },
  });

const route = createRoute({
  method: 'post',
  path: '/markets/{id}/resolution',
  tags: ['Markets'],
  summary: 'Propose the outcome',
  description:
    'Once the market has closed; not for who has a forecast on it. Forecasters may challenge it until `challengeUntil`; unchallenged, it is final.',
  security: bearer,
  middleware: requireModerator,
  parameters: [idempotencyKeyParameter(false)],
  request: { params: idParams('market'), ...jsonBody(ResolutionSchema) },
  responses: changeResponses,
});

export const proposeResolutionEndpoint = endpoint(route, (c) => {
  const body = c.req.valid('json');
  const arg = { moderatorId: currentUser(c).id, ...body };
  return changeMarket(c, { id: c.req.valid('param').id, body, def: proposeUpdate, arg });
});

function isWebAddress(address: string): boolean {
  if (!/^https?:\/\/[^\s/?#]+\S*$/i.test(address) || !URL.canParse(address)) return false;
  const { username, password } = new URL(address);
  return username === '' && password === '';
}
