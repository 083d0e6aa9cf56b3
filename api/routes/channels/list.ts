/** GET /channels: the businesses that run on this engine. */

import { createRoute, z } from '@hono/zod-openapi';
import { listChannels } from '../../../db/repositories/channels.ts';
import { endpoint } from '../../endpoint.ts';
import { publicCache } from '../../middleware/public-cache.ts';
import { ChannelSchema, toChannel } from '../../resources/channel.ts';
import { json } from '../../schemas/responses.ts';

const route = createRoute({
  method: 'get',
  path: '/channels',
  tags: ['Catalogue'],
  summary: 'List the channels',
  middleware: publicCache,
  request: { query: z.strictObject({}) },
  responses: { 200: json(z.strictObject({ data: z.array(ChannelSchema) }), 'The active channels') },
});

export const listChannelsEndpoint = endpoint(route, async (c) => {
  const channels = await listChannels(c.get('em'));
  return c.json({ data: channels.map(toChannel) }, 200);
});
