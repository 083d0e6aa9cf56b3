/** Purchases without Temporal: stored for real, with a payment that only looks like one at a provider. */

import type { MikroORM } from '@mikro-orm/postgresql';
import { ApplicationFailure } from '@temporalio/common';
import { beginPurchase } from '../../../activities/records/purchases/begin-purchase.ts';
import { ApiError } from '../../../api/errors.ts';
import { isErrorCode } from '../../../domain/error-codes.ts';
import type { PurchaseInput } from '../../../workflows/purchase/contract.ts';

export async function beginPurchaseFor(orm: MikroORM, input: PurchaseInput): Promise<void> {
  const em = orm.em.fork();
  try {
    await em.transactional((tx) => beginPurchase(tx, input, { offered: ['stripe', 'gcash', 'paymaya'], timeScale: 1 }));
  } catch (error) {
    const code = error instanceof ApplicationFailure ? (error.type ?? '') : '';
    if (isErrorCode(code)) throw new ApiError(code);
    throw error;
  }
  await em.execute(
    `update purchase set provider_object_id = 'pi_' || payment_id, client_secret = 'pi_secret_x',
       approval_url = 'http://127.0.0.1/approve' where id = ? and provider_object_id is null`,
    [input.purchaseId],
  );
}
