/** The bank contests money of a hold that no open dispute covers: that much of the rest is frozen, from every component. */

import { Dispute } from '../../../db/entities/dispute.entity.ts';
import { Order } from '../../../db/entities/order.entity.ts';
import { VendorOrder } from '../../../db/entities/vendor-order.entity.ts';
import type { EntityManager } from '../../../db/orm.ts';
import { carveOutAmount } from '../../../domain/disputes/shares.ts';
import { restOf } from '../escrow-row.ts';
import { writeOnce } from '../escrow-write.ts';
import type { OpenBankDispute, OpenedDispute } from './dispute-records.ts';
import { frozenIn } from './frozen.ts';
import { insertDispute } from './insert-dispute.ts';

/** At most what the rest has; while that is on its way to somebody, it must arrive first: `applied: false`. */
export async function openBankDispute(em: EntityManager, input: OpenBankDispute): Promise<OpenedDispute> {
  const { disputeId, chargebackId, at } = input;
  const told = { types: ['dispute.bank_opened'], disputeId, data: { version: 1, chargebackId } } as const;
  const escrow = await writeOnce(em, input, told, async (row) => {
    const isKnown = (await em.count(Dispute, { id: disputeId })) > 0;
    if (isKnown || row.phase === 'releasing' || row.phase === 'refunding') return { unchanged: 'look again' };
    const order = await em.findOneOrFail(Order, { id: input.orderId });
    const vendorOrder = await em.findOneOrFail(VendorOrder, { id: row.vendorOrderId });
    const rest = restOf(row, vendorOrder);
    if (rest.grossMinor === 0) return { unchanged: 'look again' };
    const carved = carveOutAmount(rest, Math.min(input.amountMinor, rest.grossMinor));
    const { part } = carved;
    const reason = 'chargeback' as const;
    const description = 'The buyer’s bank contests the payment.';
    const rows = { order, vendorOrder, escrow: row, disputeId, reason, description, part, lines: [], at };
    await insertDispute(em, { ...rows, openedBy: 'provider', chargebackId });
    return frozenIn(row, carved, at);
  });
  const stored = await em.findOne(Dispute, { id: disputeId });
  return { escrow, dispute: stored?.content ?? null };
}
