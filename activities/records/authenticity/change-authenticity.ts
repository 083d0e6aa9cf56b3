/** One numbered change of a verifier leg: stored exactly once, with the goods' way and the fact beside it. */

import { LockMode } from '@mikro-orm/postgresql';
import { AuthenticityCase } from '../../../db/entities/authenticity-case.entity.ts';
import { CustodyScan } from '../../../db/entities/custody-scan.entity.ts';
import { UserAccount } from '../../../db/entities/user-account.entity.ts';
import { VendorOrder } from '../../../db/entities/vendor-order.entity.ts';
import type { EntityManager } from '../../../db/orm.ts';
import type { Scan } from '../../../domain/authenticity/told.ts';
import type { UserId } from '../../../domain/ids.ts';
import { refuse } from '../../refuse.ts';
import type { AuthenticityChange, StoredAuthenticity } from './authenticity-records.ts';
import { caseColumns } from './case-columns.ts';
import { tellOfCase, wasToldOfCase } from './tell-of-case.ts';

/** Fails with verifier_not_found where the one who is assigned is no active verifier. */
export async function changeAuthenticity(em: EntityManager, change: AuthenticityChange): Promise<StoredAuthenticity> {
  const { escrowId, orderId, version, event, actor, reason, at, authenticity: leg, scan } = change;
  const row = await em.findOneOrFail(AuthenticityCase, { escrowId }, { lockMode: LockMode.PESSIMISTIC_WRITE });
  const { id } = row;
  if (row.version >= version) {
    const applied = await wasToldOfCase(em, { id, escrowId, version, event, actor });
    return { applied, version: row.version, authenticity: row.content };
  }
  if (event === 'authenticity.assigned') await checkVerifier(em, leg.verifierId);
  await em.nativeUpdate(AuthenticityCase, { id }, { version, ...caseColumns(leg, at) });
  if (scan) await addScan(em, change, id, scan);
  if (scan?.step === 'inspected') {
    const graded = { gradedCondition: leg.inspection?.condition ?? null, updatedAt: new Date() };
    await em.nativeUpdate(VendorOrder, { escrowId }, graded);
  }
  await tellOfCase(em, { id, escrowId, orderId, version, event, actor, reason, at });
  return { applied: true, version, authenticity: leg };
}

async function checkVerifier(em: EntityManager, verifierId: UserId | null): Promise<void> {
  const verifier = verifierId && (await em.findOne(UserAccount, { id: verifierId, status: 'active' }));
  if (!verifier || !verifier.roles.includes('verifier')) {
    throw refuse('verifier_not_found', `no active verifier: ${verifierId}`);
  }
}

async function addScan(
  em: EntityManager,
  { version, actor, at }: AuthenticityChange,
  authenticityId: AuthenticityCase['id'],
  scan: Scan,
): Promise<void> {
  const { role, id } = actor;
  if (role !== 'verifier' && role !== 'admin') throw new Error(`a ${role} handles no goods here`);
  await em.insert(CustodyScan, {
    authenticityId,
    seq: version,
    ...scan,
    actorRole: role,
    actorId: id as UserId,
    at: new Date(at),
  });
}
