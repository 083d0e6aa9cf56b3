/** GCash and Maya under test: the PayMongo adapter against the simulator, or against PayMongo's own test mode. */

import { PaymongoClient } from '../../../dev/client/paymongo-client.ts';
import type { SimulationSettings } from '../../../dev/simulators/paymongo/simulation.ts';
import { type PayMongoSimulator, startPayMongoSimulator } from '../../../dev/simulators/paymongo/simulator.ts';
import { createPayMongoProviders } from '../../../providers/payments/paymongo/paymongo-provider.ts';
import type { PayMongoSettings } from '../../../providers/payments/paymongo/paymongo-settings.ts';
import type { CreatePaymentInput, PaymentProvider, ProviderPayment } from '../../../providers/payments/port.ts';
import { newPurchaseId, paymentInput } from './harness.ts';

export type WalletName = 'gcash' | 'paymaya';

export const WALLET_SECRET = 'whsk_test_one';

export type WalletHarness = {
  provider: PaymentProvider;
  simulator: PayMongoSimulator;
  buyer: PaymongoClient;
  /** A payment of PHP 100.00 for a purchase, paid by its buyer. */
  paid(): Promise<ProviderPayment>;
  close(): Promise<void>;
};

/** A wallet's adapter whose calls go to this address. */
export function walletAt(wallet: WalletName, apiBase: string, changes: Partial<PayMongoSettings> = {}) {
  return createPayMongoProviders({
    secretKey: 'sk_test_simulator',
    webhookSecrets: [WALLET_SECRET],
    returnUrl: 'https://shop.test/back',
    apiBase,
    ...changes,
  })[wallet];
}

export async function startWalletHarness(
  wallet: WalletName,
  settings: Partial<SimulationSettings> = {},
): Promise<WalletHarness> {
  const simulator = await startPayMongoSimulator({ settings, webhookRetryMs: 5 });
  const provider = walletAt(wallet, simulator.url);
  const buyer = new PaymongoClient(simulator.url);
  return {
    provider,
    simulator,
    buyer,
    async paid() {
      const { providerObjectId, approvalUrl } = await provider.createPayment(walletInput());
      await buyer.pay(approvalUrl ?? '');
      return provider.retrievePayment(providerObjectId);
    },
    close: () => simulator.close(),
  };
}

/** A payment of PHP 100.00 for a new purchase, with whatever the test changes. */
export function walletInput(changes: Partial<CreatePaymentInput> = {}): CreatePaymentInput {
  return paymentInput({ subjectId: newPurchaseId(), currency: 'PHP', description: '100 chips', ...changes });
}
