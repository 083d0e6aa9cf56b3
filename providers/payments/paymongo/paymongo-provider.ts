/** GCash and Maya behind the payment port, through PayMongo. */

import type { PaymentProvider } from '../port.ts';
import { createPayMongoClient } from './paymongo-client.ts';
import { invalid } from './paymongo-errors.ts';
import { createPayMongoPayments, type Wallet } from './paymongo-payments.ts';
import { createPayMongoRefunds } from './paymongo-refunds.ts';
import type { PayMongoSettings } from './paymongo-settings.ts';
import { createPayMongoWebhooks } from './paymongo-webhooks.ts';

/** One provider per wallet, over one client. */
export function createPayMongoProviders(settings: PayMongoSettings): Record<Wallet, PaymentProvider> {
  const client = createPayMongoClient(settings);
  const providerOf = (wallet: Wallet): PaymentProvider => ({
    name: wallet,
    ...createPayMongoPayments(client, wallet, settings.returnUrl),
    ...createPayMongoRefunds(client),
    ...createPayMongoWebhooks(settings),
    ...NOT_OFFERED,
  });
  return { gcash: providerOf('gcash'), paymaya: providerOf('paymaya') };
}

/** Chips are never paid out, so nothing here pays sellers; and wallets know no chargebacks that evidence could answer. */
const NOT_OFFERED: Pick<
  PaymentProvider,
  | 'transfer'
  | 'findTransfer'
  | 'reverseTransfer'
  | 'findReversal'
  | 'availableBalance'
  | 'retrieveChargeback'
  | 'submitEvidence'
> = {
  transfer: () => refuse('transfers_not_offered'),
  findTransfer: () => refuse('transfers_not_offered'),
  reverseTransfer: () => refuse('transfers_not_offered'),
  findReversal: () => refuse('transfers_not_offered'),
  availableBalance: () => refuse('transfers_not_offered'),
  retrieveChargeback: () => refuse('chargebacks_not_offered'),
  submitEvidence: () => refuse('chargebacks_not_offered'),
};

async function refuse(code: string): Promise<never> {
  throw invalid(code);
}
