/** Traces of devices and addresses, as keyed hashes: what tells that several accounts are one person's. */

import type { EntityManager } from '@mikro-orm/postgresql';
import type { UserId } from '../../domain/ids.ts';

export const SIGNAL_KINDS = ['register', 'login', 'forecast', 'purchase'] as const;
export type SignalKind = (typeof SIGNAL_KINDS)[number];

/** Keyed hashes; null where the request told nothing. */
export type Signals = { deviceHash: string | null; ipHash: string | null };

/** Keeps what a request told; one that told nothing leaves no trace. */
export async function recordSignal(
  em: EntityManager,
  userId: UserId,
  kind: SignalKind,
  { deviceHash, ipHash }: Signals,
): Promise<void> {
  if (deviceHash === null && ipHash === null) return;
  await em.execute(`insert into signal (user_id, kind, device_hash, ip_hash) values (?, ?, ?, ?)`, [
    userId,
    kind,
    deviceHash,
    ipHash,
  ]);
}
