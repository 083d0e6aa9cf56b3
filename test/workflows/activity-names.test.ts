/** Every activity that the workflows call exists, on the worker that they call it on. */

import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { createChargebackActivities } from '../../activities/chargebacks/create-chargeback-activities.ts';
import { createChargebackRecords } from '../../activities/chargebacks/create-chargeback-records.ts';
import { createPaymentActivities } from '../../activities/create-payment-activities.ts';
import {
  type ActivityDependencies,
  createBulkActivities,
  createCheckoutActivities,
  createMarketRecords,
  createProviderActivities,
  createRecordActivities,
} from '../../activities/index.ts';
import { createPurchasePaymentActivities } from '../../activities/payments/purchase-payments.ts';
import { createPayoutActivities } from '../../activities/payouts.ts';
import { createAuthenticityRecords } from '../../activities/records/authenticity/create-authenticity-records.ts';
import { createEscrowRecords } from '../../activities/records/create-escrow-records.ts';
import { createOrderRecords } from '../../activities/records/create-order-records.ts';
import { createDisputeRecords } from '../../activities/records/disputes/create-dispute-records.ts';
import { createPurchaseRecords } from '../../activities/records/purchases/create-purchase-records.ts';
import { createFakeActivities } from './support/fake-activities.ts';

const WORKFLOWS = join(import.meta.dirname, '../../workflows');

/** Only names are looked at: nothing is called. */
const nothing = {} as ActivityDependencies;
const records = Object.keys(createRecordActivities(nothing));
const provider = Object.keys(createProviderActivities(nothing));

/** `records.markPaid(` in the source of a workflow is a call through the proxy `records`. */
function calledThrough(proxies: readonly string[]): string[] {
  const source = globSync('**/*.ts', { cwd: WORKFLOWS }).map((file) => readFileSync(join(WORKFLOWS, file), 'utf8'));
  const call = new RegExp(`\\b(?:${proxies.join('|')})\\.(\\w+)\\(`, 'g');
  return [...new Set([...source.join('\n').matchAll(call)].map(([, name]) => name ?? ''))].toSorted();
}

describe('the activities', () => {
  it('called as records are those that the core worker has, none more and none less', () => {
    expect(calledThrough(['records'])).toEqual(records.toSorted());
  });

  it('called at the checkout are those that the core worker has beside them', () => {
    expect(calledThrough(['checkout'])).toEqual(Object.keys(createCheckoutActivities(nothing)));
  });

  it('called as payments are those that the payments worker has, none more and none less', () => {
    expect(calledThrough(['payments', 'checkout'])).toEqual(provider.toSorted());
  });

  it('of markets and sweeps are those that the bulk worker has', () => {
    expect(calledThrough(['marketRecords'])).toEqual(Object.keys(createMarketRecords(nothing)).toSorted());
    expect(calledThrough(['bulk', 'sweeps'])).toEqual(Object.keys(createBulkActivities(nothing)).toSorted());
  });

  it('hide none behind another of the same name', () => {
    const parts = [
      createOrderRecords,
      createEscrowRecords,
      createDisputeRecords,
      createAuthenticityRecords,
      createChargebackRecords,
      createPurchaseRecords,
      createPurchasePaymentActivities,
      createPaymentActivities,
      createPayoutActivities,
      createChargebackActivities,
    ];
    const names = parts.flatMap((create) => Object.keys(create(nothing)));
    expect(new Set(names).size).toBe(names.length);
    expect([...records, ...provider].toSorted()).toEqual(names.toSorted());
  });

  it('are all played by the fakes of these tests', () => {
    const fakes = createFakeActivities(() => {
      throw new Error('nothing is called');
    });
    expect(Object.keys(fakes).toSorted()).toEqual([...records, ...provider].toSorted());
  });
});
