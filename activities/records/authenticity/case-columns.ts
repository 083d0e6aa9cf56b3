/** The columns of a case's row that follow from the case. */

import type { AuthenticityCase } from '../../../domain/authenticity/case.ts';

/** `at` is the instant of the change: that of the end, where the case has none left to wait for. */
export function caseColumns(leg: AuthenticityCase, at: string) {
  const { phase, verifierId, inspection, result, deadlineAt } = leg;
  return {
    phase,
    verifierId,
    finding: inspection?.finding ?? null,
    condition: inspection?.condition ?? null,
    note: inspection?.note ?? null,
    lowerPriceMinor: inspection?.lowerPriceMinor ?? null,
    result,
    content: leg,
    deadlineAt: deadlineAt === null ? null : new Date(deadlineAt),
    closedAt: deadlineAt === null ? new Date(at) : null,
    updatedAt: new Date(),
  };
}
