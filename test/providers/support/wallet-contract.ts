/** What every PayMongo behind the adapter must do without a buyer: the simulator and the test mode run the same tests. */

import { expect, it } from '@jest/globals';
import type { PaymentProvider } from '../../../providers/payments/port.ts';
import { newOrderId, providerErrorOf } from './harness.ts';
import { type WalletName, walletInput } from './wallet-harness.ts';

/** Declares the tests for one wallet. */
export function walletContract(wallet: WalletName, provider: () => PaymentProvider): void {
  it('goes by its name', () => expect(provider().name).toBe(wallet));

  it.each([['a purchase', {}] as const, ['an order', { subjectId: newOrderId() }] as const])(
    'creates a payment for %s that waits for the buyer at an address, and carries our ids',
    async (_title, changes) => {
      const input = walletInput(changes);
      const payment = await provider().createPayment(input);
      expect(payment).toEqual({
        providerObjectId: expect.stringMatching(/^pi_/),
        paymentId: input.paymentId,
        subjectId: input.subjectId,
        status: 'requires_action',
        amountMinor: 10_000,
        amountReceivedMinor: 0,
        amountRefundedMinor: 0,
        currency: 'PHP',
        chargeId: null,
        captureBefore: null,
        clientSecret: null,
        approvalUrl: expect.stringMatching(/^https?:/),
        failureCode: null,
      });
      expect(await provider().retrievePayment(payment.providerObjectId)).toEqual(payment);
    },
  );

  it('says that an unknown payment does not exist', async () => {
    const error = await providerErrorOf(provider().retrievePayment('pi_doesnotexist'));
    expect(error).toMatchObject({ kind: 'invalid', code: 'resource_not_found', retryable: false });
  });

  it.each([
    ['another currency', { currency: 'USD' }, 'currency_not_supported'],
    ['less than 20 pesos', { amountMinor: 1_999 }, 'amount_out_of_range'],
    ['ten million pesos', { amountMinor: 1_000_000_000 }, 'amount_out_of_range'],
    ['a part of a centavo', { amountMinor: 2_000.5 }, 'amount_out_of_range'],
    ['a charge on release', { capture: 'on_release' }, 'capture_not_offered'],
    ['a card', { method: 'card' }, 'method_not_offered'],
  ] as const)('refuses %s without a request', async (_title, changes, code) => {
    await expect(provider().createPayment(walletInput(changes))).rejects.toMatchObject({ code });
  });

  it('says of a payment that was never paid that there is nothing to refund', async () => {
    const { providerObjectId } = await provider().createPayment(walletInput());
    const refund = {
      providerObjectId,
      amountMinor: 100,
      currency: 'PHP',
      idempotencyKey: 'k',
      reference: 'r',
    } as const;
    expect(await providerErrorOf(provider().refund(refund))).toMatchObject({
      kind: 'conflict',
      code: 'payment_not_paid',
    });
    expect(await provider().findRefund({ providerObjectId, reference: 'r' })).toBeNull();
  });

  it('refuses what wallets do not have', async () => {
    const { transfer, findTransfer, reverseTransfer, findReversal, availableBalance } = provider();
    const money = { idempotencyKey: 'k', amountMinor: 100, currency: 'PHP', reference: 'r' } as const;
    const orderId = newOrderId();
    const refusals = [
      transfer({ ...money, destinationAccount: 'acct', sourceCharge: null, orderId }),
      findTransfer({ orderId, reference: 'r' }),
      reverseTransfer({ ...money, transferId: 't' }),
      findReversal({ transferId: 't', reference: 'r' }),
      availableBalance({ account: 'acct', currency: 'PHP' }),
      provider().retrieveChargeback('dp_1'),
      provider().submitEvidence({ chargebackId: 'dp_1', idempotencyKey: 'k', texts: {}, files: {} }),
    ];
    for (const refusal of refusals) {
      expect(await providerErrorOf(refusal)).toMatchObject({
        kind: 'invalid',
        code: expect.stringMatching(/^(transfers|chargebacks)_not_offered$/),
      });
    }
  });
}
