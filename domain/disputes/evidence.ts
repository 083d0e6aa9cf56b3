/** What is sealed when a phase of a dispute ends: a text that names its files, for the caller to hash and keep. */

import type { DisputeActor, DisputeId, DisputePhase } from './dispute.ts';

/** One file. `sha256` is of its bytes, in hex; `at` when it was accepted, RFC 3339. */
export type EvidenceFile = { sha256: string; phase: DisputePhase; by: DisputeActor; at: string };

/**
 * The files of one phase as text, the same for the same files in any order: its hash seals the phase, because no file
 * can be added, changed or taken away without another hash. `previousSeal` chains it to the phase before.
 */
export function evidenceManifest(
  disputeId: DisputeId,
  phase: DisputePhase,
  files: readonly EvidenceFile[],
  previousSeal: string | null,
): string {
  const lines = files
    .filter((file) => file.phase === phase)
    .map(({ sha256, by, at }) => `${sha256} ${by.role} ${by.id} ${at}`);
  return [`${disputeId} ${phase} ${previousSeal ?? '-'}`, ...lines.toSorted()].join('\n');
}
