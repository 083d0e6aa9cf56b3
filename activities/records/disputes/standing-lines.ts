/** The lines of a vendor order as they stand in its hold: what disputes and earlier settlements have left of each. */

import type { EntityManager } from '../../../db/orm.ts';
import type { DisputableLine } from '../../../domain/disputes/opening.ts';
import type { ContestedLine } from '../../../domain/disputes/shares.ts';
import { allocate, scaleHalfUp, sumMinor } from '../../../domain/money.ts';
import type { HoldAmounts } from '../../../domain/postings.ts';

/** `quantity` units of the line are in the rest, with this money; some of them may have been heard before. */
export type StandingLine = { itemId: string; quantity: number; itemsMinor: number; commissionMinor: number };

export type LinesOfHold = { standing: StandingLine[]; disputable: DisputableLine[] };

type Row = {
  id: string;
  quantity: number;
  settled_quantity: number;
  total_minor: string;
  commission_minor: string;
  open_units: string;
  heard_units: string;
  gone_units: string;
  out_items_minor: string;
  out_commission_minor: string;
};

/**
 * A dispute's units are out of the rest while it is open and once its money has gone; with a withdrawal or a dismissal they
 * are back, but have been heard, unless a replacement was sent for them.
 */
export async function linesOfHold(em: EntityManager, vendorOrderId: string): Promise<LinesOfHold> {
  const rows = await em.execute<Row[]>(
    `select i.id, i.quantity, i.settled_quantity, i.total_minor - i.settled_items_minor as total_minor,
       i.commission_minor - i.settled_commission_minor as commission_minor,
       coalesce(sum(d.quantity) filter (where d.settlement is null), 0) as open_units,
       coalesce(sum(d.quantity) filter (where d.settlement = 'hold_goes_on' and not d.freed), 0) as heard_units,
       coalesce(sum(d.quantity) filter (where d.settlement <> 'hold_goes_on'), 0) as gone_units,
       coalesce(sum(d.items_minor) filter (where d.settlement is distinct from 'hold_goes_on'), 0) as out_items_minor,
       coalesce(sum(d.commission_minor) filter (where d.settlement is distinct from 'hold_goes_on'), 0)
         as out_commission_minor
     from order_item i
     left join (
       select l.order_item_id, l.quantity, l.items_minor, l.commission_minor, l.freed, x.settlement
       from dispute_line l join dispute x on x.id = l.dispute_id
     ) d on d.order_item_id = i.id
     where i.vendor_order_id = ? group by i.id order by i.id`,
    [vendorOrderId],
  );
  return { standing: rows.map(standingOf), disputable: rows.map(disputableOf) };
}

function standingOf(row: Row): StandingLine {
  const outUnits = Number(row.open_units) + Number(row.gone_units);
  return {
    itemId: row.id,
    quantity: row.quantity - row.settled_quantity - outUnits,
    itemsMinor: Number(row.total_minor) - Number(row.out_items_minor),
    commissionMinor: Number(row.commission_minor) - Number(row.out_commission_minor),
  };
}

function disputableOf(row: Row): DisputableLine {
  return {
    itemId: row.id,
    quantity: row.quantity,
    disputedQuantity: Number(row.open_units) + Number(row.heard_units),
    settledQuantity: Number(row.gone_units) + row.settled_quantity,
  };
}

/**
 * The named units as they can be carved out of the rest. Where the bank has frozen or taken money that names no lines, the
 * rest has less than its lines say: then each line has its share of that.
 */
export function contestedLines(
  units: readonly { itemId: string; quantity: number }[],
  standing: readonly StandingLine[],
  rest: HoldAmounts,
): (ContestedLine & { itemId: string })[] {
  const lines = withinRest(standing, rest);
  return units.map(({ itemId, quantity }) => {
    const line = lines.find((each) => each.itemId === itemId);
    if (!line) throw new RangeError(`no line ${itemId} in this hold`);
    const { itemsMinor: totalMinor, commissionMinor, quantity: ofQuantity } = line;
    return { itemId, totalMinor, commissionMinor, quantity, ofQuantity };
  });
}

function withinRest(lines: readonly StandingLine[], rest: HoldAmounts): readonly StandingLine[] {
  const standing = lines.filter((line) => line.quantity > 0);
  const weights = standing.map((line) => line.itemsMinor);
  if (sumMinor(weights) <= rest.itemsMinor) return standing;
  const shares = allocate(rest.itemsMinor, weights);
  return standing.map((line, index) => {
    const itemsMinor = shares[index] ?? 0;
    const ofMinor = line.itemsMinor;
    const commissionMinor = ofMinor === 0 ? 0 : scaleHalfUp(line.commissionMinor, itemsMinor, ofMinor);
    return { ...line, itemsMinor, commissionMinor };
  });
}
