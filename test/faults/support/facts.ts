/** Reads the facts that the promise is checked on: from Postgres, the payment simulator and Temporal. */

import { Client, Connection } from '@temporalio/client';
import { z } from 'zod';
import { auditLedger } from '../../../db/ledger/audit.ts';
import type { EntityManager } from '../../../db/orm.ts';
import { waitFor } from '../../../dev/client/wait-for.ts';
import { type EscrowId, isId, type OrderId } from '../../../domain/ids.ts';
import { escrowWorkflowId } from '../../../workflows/escrow/contract.ts';
import { orderWorkflowId } from '../../../workflows/order/contract.ts';
import type { E2eStack } from '../../e2e/support/e2e-stack.ts';
import { type Batch, placeAgain } from './checkout.ts';
import type { Facts, OrderFacts, StockFacts } from './promise.ts';

const PATIENCE = { timeoutMs: 60_000 };

/** Sends every order once more, waits until nothing is under way, and looks at everything. */
export async function readFacts(e2e: E2eStack, batches: readonly Batch[]): Promise<Facts> {
  const em = e2e.orm.em.fork();
  const keys = batches.flatMap((batch) => batch.keys);
  const answers = (await Promise.all(batches.map((batch) => placeAgain(e2e, batch)))).flat();
  const rows = await readOrders(
    em,
    batches.map(({ product }) => product.listingId),
  );
  const failedWorkflows = await endedOtherwise(e2e, rows);
  return {
    keys,
    answers,
    orders: await withPayments(e2e, rows),
    stock: await Promise.all(batches.map((batch) => readStock(em, batch))),
    brokenInvariants: (await auditLedger(em)).findings.filter((each) => each.violations > 0).map(({ name }) => name),
    openWebhooks: await settledWebhooks(em),
    failedWorkflows,
  };
}

type OrderRow = Pick<OrderFacts, 'id' | 'status' | 'paidJournals' | 'releaseJournals' | 'escrows'> & {
  escrowIds: string[];
};

async function readOrders(em: EntityManager, listingIds: readonly string[]): Promise<OrderRow[]> {
  return em.execute<OrderRow[]>(
    `select o.id, o.status,
       (select count(*)::int from ledger_journal j where j.order_id = o.id and j.kind = 'payment_captured') as "paidJournals",
       (select count(*)::int from ledger_journal j where j.order_id = o.id and j.kind = 'hold_released') as "releaseJournals",
       (select count(*)::int from escrow e where e.order_id = o.id) as escrows,
       (select coalesce(array_agg(e.id), '{}') from escrow e where e.order_id = o.id) as "escrowIds"
     from orders o
     where exists (select from order_item i where i.order_id = o.id and i.listing_id = any (?))`,
    [`{${listingIds.join(',')}}`],
  );
}

const objectSchema = z.object({
  id: z.string().default(''),
  metadata: z.record(z.string(), z.string()).optional(),
  payment_intent: z.string().nullish(),
});

const isIntent = (type: string): boolean => type.startsWith('payment_intent.');

/** Counts at the provider, by the order that each PaymentIntent names. */
async function withPayments({ simulator }: E2eStack, rows: readonly OrderRow[]): Promise<OrderFacts[]> {
  const events = (await simulator.events()).map(({ type, data }) => ({
    type,
    object: objectSchema.parse(data.object),
  }));
  return rows.map(({ escrowIds: _escrowIds, ...row }) => {
    const own = events.filter(({ type, object }) => isIntent(type) && object.metadata?.order_id === row.id);
    const ids = new Set(own.map(({ object }) => object.id));
    const succeeded = own.filter(({ type }) => type === 'payment_intent.succeeded').map(({ object }) => object.id);
    const refunds = events.filter(
      ({ type, object }) => type === 'charge.refunded' && ids.has(object.payment_intent ?? ''),
    );
    return {
      ...row,
      paymentIntents: ids.size,
      succeededPaymentIntents: new Set(succeeded).size,
      refunds: refunds.length,
    };
  });
}

async function readStock(em: EntityManager, { product, keys }: Batch): Promise<StockFacts> {
  const { listingId, stock: offered } = product;
  const found = await em.execute<Pick<StockFacts, 'stock' | 'reserved' | 'sold'>[]>(
    'select stock, reserved, sold from listing where id = ?',
    [listingId],
  );
  return { listingId, offered, ordered: keys.length, stock: 0, reserved: 0, sold: 0, ...found[0] };
}

/** Those that are still open when patience ends, and those that are parked. */
async function settledWebhooks(em: EntityManager): Promise<Facts['openWebhooks']> {
  const open = () =>
    em.execute<{ eventId: string; status: string }[]>(
      `select event_id as "eventId", status from webhook_inbox where status in ('new', 'parked')`,
    );
  const isSettled = (rows: readonly { status: string }[]) => rows.every(({ status }) => status !== 'new');
  return waitFor('every webhook is dealt with', open, isSettled, PATIENCE);
}

/** Waits for the workflows of completed orders to end; answers with those that have not completed. */
async function endedOtherwise({ stack }: E2eStack, rows: readonly OrderRow[]): Promise<Facts['failedWorkflows']> {
  const connection = await Connection.connect({ address: stack.urls.temporal });
  try {
    const { workflow } = new Client({ connection });
    const statusOf = async (workflowId: string, isOver: boolean) => {
      const handle = workflow.getHandle(workflowId);
      if (isOver) await handle.result().catch(() => undefined);
      return { workflowId, status: (await handle.describe()).status.name };
    };
    const looks = rows.flatMap((row) => workflowIdsOf(row).map((id) => statusOf(id, row.status === 'completed')));
    return (await Promise.all(looks)).filter(({ status }) => status !== 'COMPLETED');
  } finally {
    await connection.close();
  }
}

function workflowIdsOf({ id, escrowIds }: OrderRow): string[] {
  const escrows = escrowIds.filter((escrowId): escrowId is EscrowId => isId('escrow', escrowId));
  return [orderWorkflowId(id as OrderId), ...escrows.map(escrowWorkflowId)];
}
