/** Every endpoint, in the order of the documentation. */

import type { Endpoint } from '../endpoint.ts';
import { stripeWebhookEndpoint } from '../webhooks/stripe.ts';
import { extendEscrowEndpoint } from './admin/extend-escrow.ts';
import { pauseEscrowEndpoint } from './admin/pause-escrow.ts';
import { refundEscrowEndpoint } from './admin/refund-escrow.ts';
import { releaseEscrowEndpoint } from './admin/release-escrow.ts';
import { resumeEscrowEndpoint } from './admin/resume-escrow.ts';
import { jwksEndpoint } from './auth/jwks.ts';
import { loginEndpoint } from './auth/login.ts';
import { logoutEndpoint } from './auth/logout.ts';
import { meEndpoint } from './auth/me.ts';
import { refreshEndpoint } from './auth/refresh.ts';
import { registerEndpoint } from './auth/register.ts';
import { listChannelsEndpoint } from './channels/list.ts';
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
import { confirmDeliveryEndpoint } from './vendor-orders/confirm-delivery.ts';
import { deliverVendorOrderEndpoint } from './vendor-orders/deliver.ts';
import { getVendorOrderEndpoint } from './vendor-orders/get.ts';
import { listVendorOrdersEndpoint } from './vendor-orders/list.ts';
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
  getEscrowEndpoint,
  extendEscrowEndpoint,
  pauseEscrowEndpoint,
  resumeEscrowEndpoint,
  releaseEscrowEndpoint,
  refundEscrowEndpoint,
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
