/** Verifier legs without their workflow: the same rules and the same records, one request after the other. */

import type { MikroORM } from '@mikro-orm/postgresql';
import { ApplicationFailure } from '@temporalio/common';
import { createAuthenticityRecords } from '../../../activities/records/authenticity/create-authenticity-records.ts';
import { ApiError } from '../../../api/errors.ts';
import { AuthenticityCase } from '../../../db/entities/authenticity-case.entity.ts';
import { type AuthenticityCommand, authenticityRefusal } from '../../../domain/authenticity/commands.ts';
import { afterAuthenticityCommand } from '../../../domain/authenticity/progress.ts';
import { toldOf } from '../../../domain/authenticity/told.ts';
import { isErrorCode } from '../../../domain/error-codes.ts';
import type { EscrowId, OrderId } from '../../../domain/ids.ts';
import { createPaymentProviders } from '../../../providers/payments/create-providers.ts';

const recordsOf = (orm: MikroORM) =>
  createAuthenticityRecords({ orm, providers: createPaymentProviders({}), timeScale: 1 });

/** The seller has shipped. */
export async function openAuthenticity(orm: MikroORM, escrowId: EscrowId, orderId: OrderId): Promise<void> {
  const actor = { role: 'seller', id: 'usr_seller' } as const;
  await recordsOf(orm).openAuthenticity({ escrowId, orderId, actor, at: new Date().toISOString() });
}

export async function commandAuthenticity(
  orm: MikroORM,
  escrowId: EscrowId,
  command: AuthenticityCommand,
): Promise<void> {
  const row = await orm.em.fork().findOneOrFail(AuthenticityCase, { escrowId });
  const at = new Date().toISOString();
  const refusal = authenticityRefusal(command, row.content, at);
  if (refusal) throw new ApiError(refusal.code, { detail: refusal.message });
  const authenticity = afterAuthenticityCommand(row.content, command, at);
  const { orderId } = row;
  const change = { escrowId, orderId, version: row.version + 1, actor: command.actor, at, authenticity };
  try {
    await recordsOf(orm).changeAuthenticity({ ...change, ...toldOf(command) });
  } catch (error) {
    const code = error instanceof ApplicationFailure ? (error.type ?? '') : '';
    throw isErrorCode(code) ? new ApiError(code) : error;
  }
}
