/** The adapter's contract, on the simulator always and on Stripe's test mode where a key is given. */

import { describe } from '@jest/globals';
import { startSimulatorHarness, startTestModeHarness } from './support/harness.ts';
import { describePaymentProviderContract } from './support/payment-provider-contract.ts';
import { skipWithReason } from './support/skip.ts';

describePaymentProviderContract('the simulator', startSimulatorHarness);

const secretKey = process.env.STRIPE_TEST_SECRET_KEY ?? '';
if (/^(sk|rk)_test_/.test(secretKey)) {
  const sellerAccount = process.env.STRIPE_TEST_CONNECTED_ACCOUNT || null;
  describePaymentProviderContract("Stripe's test mode", () => startTestModeHarness(secretKey, sellerAccount));
} else {
  describe("the Stripe adapter on Stripe's test mode", () => {
    skipWithReason("the contract on Stripe's test mode", 'set STRIPE_TEST_SECRET_KEY to a test key to run it');
  });
}
