/** Opens a buyer's dispute: refused by rule or, in one transaction, its part leaves the rest of the hold and is frozen. */

import { Dispute } from '../../../db/entities/dispute.entity.ts';
import type { Escrow } from '../../../db/entities/escrow.entity.ts';
import { Order } from '../../../db/entities/order.entity.ts';
import { VendorOrder } from '../../../db/entities/vendor-order.entity.ts';
import type { EntityManager } from '../../../db/orm.ts';
import { openingRefusal, requestedUnits } from '../../../domain/disputes/opening.ts';
import { carveOut, lineShare } from '../../../domain/disputes/shares.ts';
import type { Refusal } from '../../../domain/escrow-commands.ts';
import { sumMinor } from '../../../domain/money.ts';
import { restOf, rowOf } from '../escrow-row.ts';
import { type EscrowAndVendorOrder, type Unchanged, writeOnce } from '../escrow-write.ts';
import type { OpenDispute, OpenedDispute } from './dispute-records.ts';
import { frozenIn } from './frozen.ts';
import { insertDispute } from './insert-dispute.ts';
import { contestedLines, linesOfHold } from './standing-lines.ts';

export async function openDispute(em: EntityManager, input: OpenDispute): Promise<OpenedDispute> {
  const { disputeId } = input;
  let refused: Refusal | null = null;
  const told = {
    types: ['dispute.opened'],
    disputeId,
    data: { version: 1, disputeReason: input.disputeReason },
  } as const;
  const escrow = await writeOnce(em, input, told, async (row) => {
    if ((await em.count(Dispute, { id: disputeId })) > 0) return { unchanged: 'look again' };
    const opened = await freeze(em, input, row);
    if (!('code' in opened)) return opened;
    refused = opened;
    return { unchanged: 'look again' };
  });
  if (refused) return { refused };
  const stored = await em.findOne(Dispute, { id: disputeId });
  return { escrow, dispute: stored?.content ?? null };
}

async function freeze(
  em: EntityManager,
  input: OpenDispute,
  escrow: Escrow,
): Promise<EscrowAndVendorOrder | Unchanged | Refusal> {
  const { disputeId, actor, disputeReason: reason, description, at } = input;
  // A promise of money can be neither shared out nor waited with: it lapses long before a dispute ends.
  if (!escrow.captured) return { code: 'illegal_transition', message: 'the buyer has not been charged yet' };
  const order = await em.findOneOrFail(Order, { id: input.orderId });
  const vendorOrder = await em.findOneOrFail(VendorOrder, { id: escrow.vendorOrderId });
  const rest = restOf(escrow, vendorOrder);
  const { standing, disputable } = await linesOfHold(em, vendorOrder.id);
  const request = { actor, reason, lines: input.lines };
  const facts = {
    status: escrow.phase,
    fulfilment: vendorOrder.fulfilment,
    paused: rowOf(escrow).pausedAt !== null,
    releaseAt: escrow.releaseAt?.toISOString() ?? null,
    buyerId: escrow.buyerId,
    policy: order.policy.dispute,
    lines: disputable,
  };
  const refusal = openingRefusal(request, facts, at);
  if (refusal) return refusal;
  const lines = contestedLines(requestedUnits(request, disputable), standing, rest);
  if (sumMinor(lines.map((line) => lineShare(line).itemsMinor)) === 0) {
    return {
      code: 'line_already_disputed',
      message: 'all that these goods are worth is contested by the bank already',
    };
  }
  const carved = carveOut(rest, lines);
  const { part } = carved;
  const rows = { order, vendorOrder, escrow, disputeId, reason, description, part, lines, at };
  await insertDispute(em, { ...rows, openedBy: 'buyer', chargebackId: null });
  return frozenIn(escrow, carved, at);
}
