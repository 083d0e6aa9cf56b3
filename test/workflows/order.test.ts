/** The order workflow on a real server: every timer, every message, with activities in memory. */

import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import {
  confirmDeliveryUpdate,
  escrowWorkflowId,
  shipUpdate,
} from '../../workflows/escrow/contract.ts';
import { paymentSucceededSignal } from '../../workflows/order/contract.ts';
import { arrival, orderInput, place, placedOrder, startWorkflowEnvironment, type WorkflowEnvironment } from './support/environment.ts';

describe('order workflow', () => {
  let environment: WorkflowEnvironment;
  beforeAll(async () => {
    environment = await startWorkflowEnvironment();
  });
  afterAll(() => environment.close());

  it('runs from placing to release', async () => {
    const placed = placedOrder();
    await environment.inWorld(placed, async (world) => {
      const input = orderInput();
      const [vendorOrder] = placed.vendorOrders;
      if (!vendorOrder) throw new Error('the test order has a vendor order');
      const order = await place(environment.client, input);
      await order.signal(paymentSucceededSignal, arrival(input));
      const escrow = environment.client.workflow.getHandle(escrowWorkflowId(vendorOrder.escrowId));
      const seller = { role: 'seller', id: vendorOrder.sellerId } as const;
      for (;;) {
        try { await escrow.describe(); break; } catch { await new Promise((r) => setTimeout(r, 20)); }
      }
      const shipped = await escrow.executeUpdate(shipUpdate, { args: [{ actor: seller, carrier: 'DHL', trackingNumber: '1' }] });
      expect(shipped.status).toBe('shipped');
      const buyer = { role: 'buyer', id: input.buyerId } as const;
      await escrow.executeUpdate(confirmDeliveryUpdate, { args: [{ actor: buyer }] });
      expect(await order.result()).toEqual({ status: 'completed' });
      expect(world.names()).toEqual(['placeOrder', 'createPayment', 'markPaid', 'changeEscrow', 'releaseHold']);
      const history = await order.fetchHistory();
      const eh = await escrow.fetchHistory();
      console.log(history.events?.map((e) => e.eventType), eh.events?.map((e) => e.eventType));
    });
  });
});
