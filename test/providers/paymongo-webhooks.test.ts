/** Which webhooks about GCash and Maya the adapter believes, and how the simulator delivers them. */

import { mkdtempSync, rmSync } from 'node:fs';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { freePort } from '../../dev/ports.ts';
import { signPayload } from '../../dev/simulators/paymongo/sign.ts';
import { startPayMongoSimulator } from '../../dev/simulators/paymongo/simulator.ts';
import { providerErrorOf } from './support/harness.ts';
import {
  startWalletHarness,
  WALLET_SECRET,
  type WalletHarness,
  walletAt,
  walletInput,
} from './support/wallet-harness.ts';

const NOW_S = 1_900_000_000;
const OLD = 'whsk_old';
const NEW = 'whsk_new';

const event = (livemode = false) => ({
  data: {
    id: 'evt_1',
    type: 'event',
    attributes: { type: 'payment.paid', livemode, data: { id: 'pay_1', type: 'payment', attributes: {} } },
  },
});
const eventOf = (livemode = false) => JSON.stringify(event(livemode));
const body = eventOf();

const provider = (webhookSecrets: string[] = [OLD, NEW], secretKey = 'sk_test_x') =>
  walletAt('gcash', 'http://127.0.0.1:9', { secretKey, webhookSecrets, now: () => NOW_S * 1000 });

describe('a webhook', () => {
  it.each([OLD, NEW])('signed with a secret we know (%s) is accepted', async (secret) => {
    expect(await provider().verifyWebhook(body, signPayload(body, [secret], NOW_S))).toEqual({
      id: 'evt_1',
      type: 'payment.paid',
      objectId: 'pay_1',
      account: null,
      livemode: false,
      payload: event(),
    });
  });

  it('of live mode is accepted with a live key, by the live signature', async () => {
    const live = eventOf(true);
    const verified = await provider([OLD], 'sk_live_x').verifyWebhook(live, signPayload(live, [OLD], NOW_S, 'live'));
    expect(verified.livemode).toBe(true);
  });

  it.each([300, -300])('that is %d seconds old is accepted', async (age) => {
    await provider().verifyWebhook(body, signPayload(body, [OLD], NOW_S - age));
  });

  const good = signPayload(body, [OLD], NOW_S);
  const [, te = ''] = /te=([0-9a-f]+)/.exec(good) ?? [];
  it.each([
    ['signed with another secret', body, signPayload(body, ['whsk_other'], NOW_S)],
    ['with one byte changed', body.replace('pay_1', 'pay_2'), good],
    ['whose JSON was written anew', JSON.stringify(JSON.parse(body), null, 1), good],
    ['that is 301 seconds old', body, signPayload(body, [OLD], NOW_S - 301)],
    ['from the future', body, signPayload(body, [OLD], NOW_S + 301)],
    ['with a fresh timestamp put on an old signature', body, good.replace(String(NOW_S), String(NOW_S + 1))],
    ['with a second timestamp', body, `${good},t=${NOW_S}`],
    ['without a timestamp', body, `te=${te},li=`],
    ['with the live signature only', body, signPayload(body, [OLD], NOW_S, 'live')],
    ['with half a signature', body, `t=${NOW_S},te=${te.slice(0, 32)},li=`],
    ['with an empty signature', body, `t=${NOW_S},te=,li=`],
    ['with a header that is no signature', body, 'hello'],
    ['with an empty body', '', good],
    ['that is no JSON though signed', 'no json', signPayload('no json', [OLD], NOW_S)],
    ['that is no event though signed', '{"data":{}}', signPayload('{"data":{}}', [OLD], NOW_S)],
  ])('%s is refused', async (_title, rawBody, header) => {
    const error = await providerErrorOf(provider().verifyWebhook(rawBody, header));
    expect(error).toMatchObject({ kind: 'signature', code: 'signature_invalid', retryable: false });
  });

  it('without a signature is refused', async () => {
    expect((await providerErrorOf(provider().verifyWebhook(body, ''))).code).toBe('signature_missing');
  });

  it.each([[[]], [['']], [['  ']]])('is refused while no secret is known (%j)', async (secrets) => {
    const unsigned = signPayload(body, [''], NOW_S);
    expect((await providerErrorOf(provider(secrets).verifyWebhook(body, unsigned))).kind).toBe('signature');
  });

  it.each([
    ['sk_live_x', false, 'live'],
    ['sk_test_x', true, 'test'],
  ] as const)('for the other mode is refused (%s, livemode %s)', async (secretKey, livemode, mode) => {
    const other = eventOf(livemode);
    const signature = signPayload(other, [OLD], NOW_S, mode);
    const error = await providerErrorOf(provider([OLD], secretKey).verifyWebhook(other, signature));
    expect(error.code).toBe('livemode_mismatch');
  });
});

describe('the simulator', () => {
  let harness: WalletHarness;
  const server = createServer();
  let received: { type: string; id: string; objectId: string | null }[] = [];
  let answer = 200;

  beforeAll(async () => {
    harness = await startWalletHarness('paymaya');
    const hear = async (request: IncomingMessage, response: ServerResponse) => {
      const signature = String(request.headers['paymongo-signature']);
      const { type, id, objectId } = await harness.provider.verifyWebhook(await text(request), signature);
      if (answer === 200) received.push({ type, id, objectId });
      response.writeHead(answer).end();
      answer = 200;
    };
    server.on('request', (request, response) => void hear(request, response));
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/webhooks/paymongo`;
    harness.simulator.control.addWebhookEndpoint({ url, secrets: [WALLET_SECRET] });
  });
  beforeEach(() => {
    received = [];
    harness.simulator.control.webhooks({ copies: 1, drop: 0, delayMs: 0 });
  });
  afterAll(async () => {
    await harness.close();
    server.close();
  });

  const told = async () => {
    await harness.simulator.control.webhooksIdle();
    return received.map(({ type }) => type);
  };

  it('tells of payments, failures and refunds, and each event leads to the payment', async () => {
    const payment = await harness.paid();
    const { approvalUrl } = await harness.provider.createPayment(walletInput());
    await harness.buyer.fail(approvalUrl ?? '');
    await harness.buyer.refund(payment.providerObjectId);
    expect((await told()).toSorted()).toEqual([
      'payment.failed',
      'payment.paid',
      'payment.refund.updated',
      'payment.refunded',
    ]);
    for (const { type, objectId } of received) {
      const found = await harness.provider.retrievePayment(objectId ?? '');
      expect(found.providerObjectId === payment.providerObjectId).toBe(type !== 'payment.failed');
    }
  });

  it('delivers twice, late, never, or again when asked', async () => {
    harness.simulator.control.webhooks({ copies: 2, delayMs: 5 });
    await harness.paid();
    expect(await told()).toEqual(['payment.paid', 'payment.paid']);
    expect(new Set(received.map(({ id }) => id)).size).toBe(1);
    harness.simulator.control.webhooks({ copies: 1, drop: 1 });
    await harness.paid();
    expect(await told()).toHaveLength(2);
    await harness.buyer.resend((await harness.buyer.events()).at(-1)?.id ?? '');
    expect(await told()).toHaveLength(3);
  });

  it('tries again until it is heard', async () => {
    answer = 503;
    await harness.paid();
    expect(await told()).toEqual(['payment.paid']);
  });
});

it('the simulator keeps payments and their addresses across a restart', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'paymongo-data-'));
  const options = { dataFile: join(folder, 'paymongo.data'), port: await freePort() };
  const before = await startPayMongoSimulator(options);
  const wallet = walletAt('gcash', before.url);
  const paid = await wallet.createPayment(walletInput());
  const open = await wallet.createPayment(walletInput());
  before.control.approve(paid.approvalUrl ?? '', 'pay');
  await before.close();
  const after = await startPayMongoSimulator(options);
  try {
    expect(await wallet.retrievePayment(paid.providerObjectId)).toMatchObject({ status: 'succeeded' });
    after.control.approve(open.approvalUrl ?? '', 'pay');
    expect(await wallet.retrievePayment(open.providerObjectId)).toMatchObject({ status: 'succeeded' });
    expect(after.control.events()).toHaveLength(2);
  } finally {
    await after.close();
    rmSync(folder, { recursive: true });
  }
});
