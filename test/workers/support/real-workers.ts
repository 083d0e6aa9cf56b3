/** A marketplace whose workers run: real workflows, Postgres, Temporal and simulator, and the handler of Stripe's webhooks. */

import { expect } from '@jest/globals';
import { createPaymentActivities } from '../../../activities/create-payment-activities.ts';
import { auditLedger } from '../../../db/ledger/audit.ts';
import { createCoreWorker, createPaymentsWorker } from '../../../workers/create-worker.ts';
import type { WebhookHandler } from '../../../workers/inbox-relay.ts';
import { createStripeWebhookHandler } from '../../../workers/stripe-webhooks.ts';
import { type Marketplace, openMarketplace } from '../../activities/support/shop.ts';
import { connectTemporal, type TestTemporal, testBundle } from '../../support/temporal.ts';

/** A bundle, a database, two workers: more than a test usually takes on a busy machine. */
export const SLOW_MS = 120_000;

export type RealWorkers = {
  market: Marketplace;
  temporal: TestTemporal;
  handle: WebhookHandler;
  /** Ends with an audit of the books, which must be clean. */
  close(): Promise<void>;
};

export async function startRealWorkers(): Promise<RealWorkers> {
  const [market, temporal] = await Promise.all([openMarketplace(), connectTemporal()]);
  const { orm, providers } = market;
  const deps = { orm, providers, timeScale: 1 };
  const { refundLatePayment } = createPaymentActivities(deps);
  const stripe = providers.get('stripe');
  const handle = createStripeWebhookHandler({ orm, client: temporal.client, stripe, refundLatePayment });
  const connected = { connection: temporal.nativeConnection, namespace: temporal.namespace };
  const workers = await Promise.all([
    createCoreWorker(connected, testBundle(), deps),
    createPaymentsWorker(connected, deps, 100),
  ]);
  const running = Promise.all(workers.map((worker) => worker.run()));
  return {
    market,
    temporal,
    handle,
    async close() {
      for (const worker of workers) worker.shutdown();
      await running;
      const audit = await auditLedger(orm.em.fork());
      await market.close();
      await temporal.close();
      expect(audit.findings.filter((finding) => finding.violations > 0)).toEqual([]);
    },
  };
}
