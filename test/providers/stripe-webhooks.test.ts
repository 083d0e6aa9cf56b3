/** Which webhooks the adapter believes. */

import { describe, expect, it } from '@jest/globals';
import Stripe from 'stripe';
import { signPayload } from '../../dev/simulators/stripe/webhooks/sign.ts';
import { createStripeProvider } from '../../providers/payments/stripe/stripe-provider.ts';
import { providerErrorOf } from './support/harness.ts';

const NOW_S = 1_900_000_000;
const OLD = 'whsec_old';
const NEW = 'whsec_new';

const event = {
  id: 'evt_1',
  object: 'event',
  type: 'payment_intent.succeeded',
  livemode: false,
  data: { object: { id: 'pi_1', object: 'payment_intent' } },
};
const body = JSON.stringify(event, null, 2);

const provider = (webhookSecrets: string[] = [OLD, NEW], secretKey = 'sk_test_x') =>
  createStripeProvider({ secretKey, webhookSecrets, now: () => NOW_S * 1000 });

describe('a webhook', () => {
  it('with a good signature is accepted', async () => {
    expect(await provider().verifyWebhook(body, signPayload(body, [OLD], NOW_S))).toEqual({
      id: 'evt_1',
      type: 'payment_intent.succeeded',
      objectId: 'pi_1',
      account: null,
      livemode: false,
      payload: event,
    });
  });

  it('of a connected account names the account', async () => {
    const connected = JSON.stringify({ ...event, account: 'acct_1' });
    const verified = await provider().verifyWebhook(connected, signPayload(connected, [NEW], NOW_S));
    expect(verified.account).toBe('acct_1');
  });

  it.each([
    ['the old secret', [OLD], [OLD, NEW]],
    ['the new secret', [NEW], [OLD, NEW]],
    ['both secrets at once', [OLD, NEW], [NEW]],
    ['a secret that we keep with a stray newline', [NEW], [`${NEW}\n`]],
  ])('signed with %s is accepted while the secret is being rolled', async (_title, signedWith, known) => {
    const verified = await provider(known).verifyWebhook(body, signPayload(body, signedWith, NOW_S));
    expect(verified.id).toBe('evt_1');
  });

  it('that is exactly 300 seconds old is accepted', async () => {
    await provider().verifyWebhook(body, signPayload(body, [OLD], NOW_S - 300));
  });

  const good = signPayload(body, [OLD], NOW_S);
  it.each([
    ['signed with another secret', body, signPayload(body, ['whsec_other'], NOW_S)],
    ['with one byte changed', body.replace('evt_1', 'evt_2'), good],
    ['whose JSON was written anew', JSON.stringify(event), good],
    ['that is 301 seconds old', body, signPayload(body, [OLD], NOW_S - 301)],
    ['with a fresh timestamp put on an old signature', body, good.replace(String(NOW_S), String(NOW_S + 1))],
    ['with a v0 signature only', body, good.replace('v1=', 'v0=')],
    ['with a header that is no signature', body, 'hello'],
    ['with an empty body', '', good],
    ['that is no JSON though signed', 'no json', signPayload('no json', [OLD], NOW_S)],
  ])('%s is refused', async (_title, rawBody, header) => {
    const error = await providerErrorOf(provider().verifyWebhook(rawBody, header));
    expect(error).toMatchObject({ kind: 'signature', code: 'signature_invalid', retryable: false });
  });

  it('without a signature is refused', async () => {
    expect((await providerErrorOf(provider().verifyWebhook(body, ''))).code).toBe('signature_missing');
  });

  it.each([[[]], [['']], [['  ']]])('is refused while no secret is known (%j)', async (secrets) => {
    expect((await providerErrorOf(provider(secrets).verifyWebhook(body, good))).kind).toBe('signature');
  });

  it.each([
    ['sk_live_x', false],
    ['rk_live_x', false],
    ['sk_test_x', true],
  ])('for the other mode is refused (%s, livemode %s)', async (secretKey, livemode) => {
    const other = JSON.stringify({ ...event, livemode });
    const error = await providerErrorOf(
      provider([OLD], secretKey).verifyWebhook(other, signPayload(other, [OLD], NOW_S)),
    );
    expect(error.code).toBe('livemode_mismatch');
  });
});

describe('the stripe package', () => {
  it('would accept any age with a tolerance of 0, so ours is never 0', () => {
    const { webhooks } = new Stripe('sk_test_x');
    const ancient = signPayload(body, [OLD], 1);
    expect(webhooks.constructEvent(body, ancient, OLD, 0).id).toBe('evt_1');
    expect(() => webhooks.constructEvent(body, ancient, OLD)).toThrow(/tolerance/);
  });
});
