/** Activities that do nothing but answer: what is left is Temporal and the workflows themselves. */

import type { ProviderActivities, RecordActivities } from '../../activities/index.ts';
import type { EscrowWrite, StoredEscrow } from '../../activities/records/escrow-records.ts';
import type { EscrowStatus } from '../../domain/escrow.ts';
import type { EscrowId, OrderId, PaymentId, UserId, VendorOrderId } from '../../domain/ids.ts';
import { PRESETS } from '../../domain/policy/presets.ts';

const POLICY = PRESETS['multi-vendor'].policy;

/** The ids of an order's parts follow from its own, so that the driver knows them too. */
export const bareEscrowId = (orderId: OrderId): EscrowId => `esc_${orderId.slice(4)}`;
export const bareSellerId: UserId = 'usr_seller';
export const barePaymentId = (orderId: OrderId): PaymentId => `pay_${orderId.slice(4)}`;

const stored = (write: EscrowWrite, status: EscrowStatus, clocks: Partial<StoredEscrow> = {}): StoredEscrow => ({
  applied: true,
  version: write.version,
  status,
  captured: true,
  shipBy: null,
  deliveredBy: null,
  releaseAt: null,
  pausedAt: null,
  accessedAt: null,
  ...clocks,
});

/** The lifecycle that is measured has no disputes, no chargebacks, no verifiers and no chips. */
const notPlayed = (): Promise<never> => Promise.reject(new Error('not part of the measured lifecycle'));

export const bareActivities: RecordActivities & ProviderActivities = {
  async placeOrder({ orderId }) {
    const vendorOrderId: VendorOrderId = `vor_${orderId.slice(4)}`;
    const part = { escrowId: bareEscrowId(orderId), sellerId: bareSellerId, grossMinor: 10_000 };
    return {
      preset: 'multi-vendor',
      currency: 'USD',
      totalMinor: 10_000,
      providers: ['stripe'],
      paymentExpiresAt: new Date(Date.now() + POLICY.payment.windowMs).toISOString(),
      holdPolicy: { hold: POLICY.hold, digital: POLICY.digital, payoutMode: POLICY.payout.mode },
      vendorOrders: [{ ...part, vendorOrderId, fulfilment: 'physical' }],
    };
  },
  markPaid: async () => ({ status: 'paid_in_escrow', paidAt: new Date().toISOString() }),
  closeUnpaid: async ({ status }) => ({ status }),
  recordDecline: async () => undefined,
  changeEscrow: async (change) =>
    stored(change, change.to, { shipBy: change.shipBy, deliveredBy: change.deliveredBy, releaseAt: change.releaseAt }),
  releaseHold: async (write) => stored(write, 'released'),
  finishRefund: async (write) => stored(write, 'refunded'),
  markCaptured: async (write) => stored(write, 'held'),
  createPayment: async ({ orderId }) => ({ paymentId: barePaymentId(orderId) }),
  cancelPayment: async () => ({ cancelled: true }),
  captureHold: async () => ({ captured: true, chargeId: 'ch_bare' }),
  refundHold: async () => ({ refundId: 're_bare', authorisedOnly: false }),
  refundLatePayment: async () => undefined,
  payOut: async () => ({ status: 'paid' }),
  openAuthenticity: notPlayed,
  changeAuthenticity: notPlayed,
  lowerPrice: notPlayed,
  refundLowerPrice: notPlayed,
  unsettledDisputes: notPlayed,
  openDispute: notPlayed,
  openBankDispute: notPlayed,
  changeDispute: notPlayed,
  settlePart: notPlayed,
  rejoinPart: notPlayed,
  chargePartBack: notPlayed,
  openChargeback: notPlayed,
  noteChargebackFee: notPlayed,
  closeChargeback: notPlayed,
  heldShares: notPlayed,
  claimReleased: notPlayed,
  takeBack: notPlayed,
  settleChargeback: notPlayed,
  reverseTransfers: notPlayed,
  submitEvidence: notPlayed,
  refundPart: notPlayed,
  beginPurchase: notPlayed,
  completePurchase: notPlayed,
  declinePurchase: notPlayed,
  failPurchase: notPlayed,
  createPurchasePayment: notPlayed,
  cancelPurchasePayment: notPlayed,
};
