/** Who may see a dispute: its parties and those who decide disputes. For anyone else it does not exist. */

import type { EntityManager } from '@mikro-orm/postgresql';
import type { Added, Author } from '../../../db/repositories/dispute-entries.ts';
import { type DisputeRows, loadDispute } from '../../../db/repositories/disputes.ts';
import type { DisputeCase, DisputeId } from '../../../domain/disputes/dispute.ts';
import { type Principal, reviewerRole } from '../../context.ts';
import { ApiError } from '../../errors.ts';

/** The dispute and the part the user plays in it (a party's part comes first); 404 for everyone else. */
export async function visibleDispute(
  em: EntityManager,
  id: DisputeId,
  user: Principal,
): Promise<DisputeRows & { actor: Author }> {
  const rows = await loadDispute(em, id);
  const role = rows && roleIn(rows.dispute.content, user);
  if (!role) throw new ApiError('dispute_not_found');
  return { ...rows, actor: { role, id: user.id } };
}

function roleIn({ buyerId, sellerId }: DisputeCase, user: Principal): Author['role'] | null {
  if (buyerId === user.id) return 'buyer';
  return sellerId === user.id ? 'seller' : reviewerRole(user);
}

/** The entry, or the refusal as the answer. */
export function addedTo<T>(result: Added<T>): { added: T; isNew: boolean } {
  if (result === null) throw new ApiError('dispute_not_found');
  if ('refused' in result) throw new ApiError(result.refused.code, { detail: result.refused.message });
  return result;
}
