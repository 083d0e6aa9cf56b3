/** A webhook endpoint that remembers what it was sent, in order, and answers as told. */

import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';

export type Received = { body: string; signature: string; event: { id: string; type: string } };

export type WebhookReceiver = {
  url: string;
  received: readonly Received[];
  /** The next deliveries are answered with these statuses, then 200. */
  answerNext(...statuses: number[]): void;
  /** Resolves once this many have come in. */
  count(deliveries: number): Promise<void>;
  close(): Promise<void>;
};

export async function startWebhookReceiver(): Promise<WebhookReceiver> {
  const received: Received[] = [];
  const statuses: number[] = [];
  let waiting: { deliveries: number; resolve: () => void }[] = [];
  const server = createServer((request, response) => {
    void text(request).then((body) => {
      const signature = String(request.headers['stripe-signature']);
      received.push({ body, signature, event: JSON.parse(body) as Received['event'] });
      response.writeHead(statuses.shift() ?? 200).end();
      waiting = waiting.filter(({ deliveries, resolve }) => {
        if (received.length < deliveries) return true;
        resolve();
        return false;
      });
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}/webhooks/stripe`,
    received,
    answerNext: (...next) => void statuses.push(...next),
    count(deliveries) {
      if (received.length >= deliveries) return Promise.resolve();
      return new Promise((resolve) => waiting.push({ deliveries, resolve }));
    },
    async close() {
      server.close();
      server.closeAllConnections();
      await once(server, 'close');
    },
  };
}
