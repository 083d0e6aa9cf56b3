/** Who handles a verifier leg: the verifier it is assigned to, and admins. For any other account it does not exist. */

import type { EntityManager } from '@mikro-orm/postgresql';
import { type AuthenticityRows, loadAuthenticity } from '../../../db/repositories/authenticity.ts';
import type { Actor } from '../../../domain/escrow.ts';
import type { EscrowId } from '../../../domain/ids.ts';
import { isAdmin, type Principal } from '../../context.ts';
import { ApiError } from '../../errors.ts';

/** The leg and the part the user plays in it: a verifier's own, else an admin's; 404 for everyone else. */
export async function handledAuthenticity(
  em: EntityManager,
  escrowId: EscrowId,
  user: Principal,
): Promise<AuthenticityRows & { actor: Actor }> {
  const rows = await loadAuthenticity(em, escrowId);
  const isAssigned = rows?.row.verifierId === user.id && user.roles.includes('verifier');
  if (!rows || !(isAssigned || isAdmin(user))) throw new ApiError('authenticity_not_found');
  return { ...rows, actor: { role: isAssigned ? 'verifier' : 'admin', id: user.id } };
}
