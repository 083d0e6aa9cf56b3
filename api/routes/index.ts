/** Every endpoint, in the order of the documentation. */

import type { Endpoint } from '../endpoint.ts';
import { stripeWebhookEndpoint } from '../webhooks/stripe.ts';
import { assignVerifierEndpoint } from './admin/assign-verifier.ts';
import { claimDisputeEndpoint } from './admin/claim-dispute.ts';
import { decideDisputeEndpoint } from './admin/decide-dispute.ts';
import { extendEscrowEndpoint } from './admin/extend-escrow.ts';
import { getChargebackEndpoint } from './admin/get-chargeback.ts';
import { getChargebackEvidenceEndpoint, getChargebackEvidencePdfEndpoint } from './admin/get-chargeback-evidence.ts';
import { listChargebacksEndpoint } from './admin/list-chargebacks.ts';
import { listDisputeQueueEndpoint } from './admin/list-disputes.ts';
import { pauseEscrowEndpoint } from './admin/pause-escrow.ts';
import { refundEscrowEndpoint } from './admin/refund-escrow.ts';
import { releaseEscrowEndpoint } from './admin/release-escrow.ts';
import { resumeEscrowEndpoint } from './admin/resume-escrow.ts';
import { submitChargebackEvidenceEndpoint } from './admin/submit-chargeback-evidence.ts';
import { writeOffEndpoint } from './admin/write-off.ts';
import { jwksEndpoint } from './auth/jwks.ts';
import { loginEndpoint } from './auth/login.ts';
import { logoutEndpoint } from './auth/logout.ts';
import { meEndpoint } from './auth/me.ts';
import { refreshEndpoint } from './auth/refresh.ts';
import { registerEndpoint } from './auth/register.ts';
import { forwardGoodsEndpoint } from './authenticity/forward.ts';
import { getAuthenticityEndpoint } from './authenticity/get.ts';
import { inspectGoodsEndpoint } from './authenticity/inspect.ts';
import { listAuthenticityEndpoint } from './authenticity/list.ts';
import { receiveGoodsEndpoint } from './authenticity/receive.ts';
import { listChannelsEndpoint } from './channels/list.ts';
import { addEvidenceEndpoint } from './disputes/add-evidence.ts';
import { acceptOfferEndpoint, declineOfferEndpoint, withdrawOfferEndpoint } from './disputes/answer-offer.ts';
import { appealDisputeEndpoint } from './disputes/appeal.ts';
import { confirmReturnEndpoint } from './disputes/confirm-return.ts';
import { getDisputeEndpoint } from './disputes/get.ts';
import { getEvidenceContentEndpoint } from './disputes/get-evidence-content.ts';
import { listDisputesEndpoint } from './disputes/list.ts';
import { listEvidenceEndpoint } from './disputes/list-evidence.ts';
import { listMessagesEndpoint } from './disputes/list-messages.ts';
import { makeOfferEndpoint } from './disputes/make-offer.ts';
import { postMessageEndpoint } from './disputes/post-message.ts';
import { respondToDisputeEndpoint } from './disputes/respond.ts';
import { sendReturnEndpoint } from './disputes/send-return.ts';
import { shipReplacementEndpoint } from './disputes/ship-replacement.ts';
import { getDisputeTimelineEndpoint } from './disputes/timeline.ts';
import { withdrawDisputeEndpoint } from './disputes/withdraw.ts';
import { getEscrowEndpoint } from './escrows/get.ts';
import { detailedHealthEndpoint } from './health/detailed.ts';
import { healthEndpoint, liveEndpoint } from './health/live.ts';
import { metricsEndpoint } from './health/metrics.ts';
import { readyEndpoint } from './health/ready.ts';
import { updateListingEndpoint } from './listings/update.ts';
import { cancelOrderEndpoint } from './orders/cancel.ts';
import { getOrderEndpoint } from './orders/get.ts';
import { listOrdersEndpoint } from './orders/list.ts';
import { payOrderEndpoint } from './orders/pay.ts';
import { placeOrderEndpoint } from './orders/place.ts';
import { getTimelineEndpoint } from './orders/timeline.ts';
import { createProductEndpoint } from './products/create.ts';
import { getProductEndpoint } from './products/get.ts';
import { listProductsEndpoint } from './products/list.ts';
import { createShopEndpoint } from './shops/create.ts';
import { getShopEndpoint } from './shops/get.ts';
import { accessGoodsEndpoint } from './vendor-orders/access-goods.ts';
import { cancelVendorOrderEndpoint } from './vendor-orders/cancel.ts';
import { chooseMismatchEndpoint } from './vendor-orders/choose-mismatch.ts';
import { confirmDeliveryEndpoint } from './vendor-orders/confirm-delivery.ts';
import { deliverVendorOrderEndpoint } from './vendor-orders/deliver.ts';
import { getVendorOrderEndpoint } from './vendor-orders/get.ts';
import { getVendorOrderAuthenticityEndpoint } from './vendor-orders/get-authenticity.ts';
import { listVendorOrdersEndpoint } from './vendor-orders/list.ts';
import { openDisputeEndpoint } from './vendor-orders/open-dispute.ts';
import { processVendorOrderEndpoint } from './vendor-orders/process.ts';
import { shipVendorOrderEndpoint } from './vendor-orders/ship.ts';
import { getWalletEndpoint } from './wallet/get.ts';
import { listWalletEntriesEndpoint } from './wallet/list-entries.ts';

/** Under `/api/v1`. */
export const API_ENDPOINTS: readonly Endpoint[] = [
  registerEndpoint,
  loginEndpoint,
  refreshEndpoint,
  logoutEndpoint,
  meEndpoint,
  listChannelsEndpoint,
  createShopEndpoint,
  getShopEndpoint,
  createProductEndpoint,
  listProductsEndpoint,
  getProductEndpoint,
  updateListingEndpoint,
  placeOrderEndpoint,
  listOrdersEndpoint,
  getOrderEndpoint,
  getTimelineEndpoint,
  cancelOrderEndpoint,
  payOrderEndpoint,
  listVendorOrdersEndpoint,
  getVendorOrderEndpoint,
  processVendorOrderEndpoint,
  shipVendorOrderEndpoint,
  deliverVendorOrderEndpoint,
  cancelVendorOrderEndpoint,
  confirmDeliveryEndpoint,
  accessGoodsEndpoint,
  openDisputeEndpoint,
  listDisputesEndpoint,
  getDisputeEndpoint,
  getDisputeTimelineEndpoint,
  listMessagesEndpoint,
  postMessageEndpoint,
  listEvidenceEndpoint,
  addEvidenceEndpoint,
  getEvidenceContentEndpoint,
  respondToDisputeEndpoint,
  withdrawDisputeEndpoint,
  makeOfferEndpoint,
  acceptOfferEndpoint,
  declineOfferEndpoint,
  withdrawOfferEndpoint,
  appealDisputeEndpoint,
  shipReplacementEndpoint,
  sendReturnEndpoint,
  confirmReturnEndpoint,
  listDisputeQueueEndpoint,
  claimDisputeEndpoint,
  decideDisputeEndpoint,
  getVendorOrderAuthenticityEndpoint,
  chooseMismatchEndpoint,
  listAuthenticityEndpoint,
  getAuthenticityEndpoint,
  receiveGoodsEndpoint,
  inspectGoodsEndpoint,
  forwardGoodsEndpoint,
  assignVerifierEndpoint,
  getEscrowEndpoint,
  extendEscrowEndpoint,
  pauseEscrowEndpoint,
  resumeEscrowEndpoint,
  releaseEscrowEndpoint,
  refundEscrowEndpoint,
  listChargebacksEndpoint,
  getChargebackEndpoint,
  getChargebackEvidenceEndpoint,
  getChargebackEvidencePdfEndpoint,
  submitChargebackEvidenceEndpoint,
  writeOffEndpoint,
  getWalletEndpoint,
  listWalletEntriesEndpoint,
  stripeWebhookEndpoint,
];

/** At the root. */
export const ROOT_ENDPOINTS: readonly Endpoint[] = [
  jwksEndpoint,
  healthEndpoint,
  liveEndpoint,
  readyEndpoint,
  detailedHealthEndpoint,
  metricsEndpoint,
];
