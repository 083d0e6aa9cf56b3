/** Every endpoint, in the order of the documentation. */

import type { Endpoint } from '../endpoint.ts';
import { paymongoWebhookEndpoint } from '../webhooks/paymongo.ts';
import { stripeWebhookEndpoint } from '../webhooks/stripe.ts';
import { listActivitiesEndpoint } from './activities/list.ts';
import { assignVerifierEndpoint } from './admin/assign-verifier.ts';
import { claimDisputeEndpoint } from './admin/claim-dispute.ts';
import { decideDisputeEndpoint } from './admin/decide-dispute.ts';
import { decideFraudFlagEndpoint } from './admin/decide-fraud-flag.ts';
import { extendEscrowEndpoint } from './admin/extend-escrow.ts';
import { getChargebackEndpoint } from './admin/get-chargeback.ts';
import { getChargebackEvidenceEndpoint, getChargebackEvidencePdfEndpoint } from './admin/get-chargeback-evidence.ts';
import { getFraudFlagEndpoint } from './admin/get-fraud-flag.ts';
import { listChargebacksEndpoint } from './admin/list-chargebacks.ts';
import { listModeratedCommentsEndpoint } from './admin/list-comments.ts';
import { listDisputeQueueEndpoint } from './admin/list-disputes.ts';
import { listFraudFlagsEndpoint } from './admin/list-fraud-flags.ts';
import { listMarketQueueEndpoint } from './admin/list-markets.ts';
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
import { getProfileEndpoint } from './forecasters/get-profile.ts';
import { leaderboardEndpoint } from './forecasters/leaderboard.ts';
import { listBadgesEndpoint } from './forecasters/list-badges.ts';
import { listHistoryEndpoint } from './forecasters/list-history.ts';
import { listForecastsEndpoint } from './forecasts/list.ts';
import { placeForecastEndpoint } from './forecasts/place.ts';
import { detailedHealthEndpoint } from './health/detailed.ts';
import { healthEndpoint, liveEndpoint } from './health/live.ts';
import { metricsEndpoint } from './health/metrics.ts';
import { readyEndpoint } from './health/ready.ts';
import { updateListingEndpoint } from './listings/update.ts';
import { cancelMarketEndpoint } from './markets/cancel.ts';
import { challengeMarketEndpoint } from './markets/challenge.ts';
import { createMarketEndpoint } from './markets/create.ts';
import { decideChallengeEndpoint } from './markets/decide.ts';
import { getMarketEndpoint } from './markets/get.ts';
import { getMarketHistoryEndpoint } from './markets/history.ts';
import { listMarketsEndpoint } from './markets/list.ts';
import { proposeResolutionEndpoint } from './markets/propose.ts';
import { reopenMarketEndpoint } from './markets/reopen.ts';
import { suspendMarketEndpoint } from './markets/suspend.ts';
import { getMarketTimelineEndpoint } from './markets/timeline.ts';
import { cancelOrderEndpoint } from './orders/cancel.ts';
import { getOrderEndpoint } from './orders/get.ts';
import { listOrdersEndpoint } from './orders/list.ts';
import { payOrderEndpoint } from './orders/pay.ts';
import { placeOrderEndpoint } from './orders/place.ts';
import { getTimelineEndpoint } from './orders/timeline.ts';
import { createProductEndpoint } from './products/create.ts';
import { getProductEndpoint } from './products/get.ts';
import { listProductsEndpoint } from './products/list.ts';
import { beginPurchaseEndpoint } from './purchases/begin.ts';
import { getPurchaseEndpoint } from './purchases/get.ts';
import { listPurchasesEndpoint } from './purchases/list.ts';
import { getPurchaseTimelineEndpoint } from './purchases/timeline.ts';
import { getReferralEndpoint } from './referral/get.ts';
import { createShopEndpoint } from './shops/create.ts';
import { getShopEndpoint } from './shops/get.ts';
import { deleteCommentEndpoint } from './social/delete-comment.ts';
import { followEndpoint, unfollowEndpoint } from './social/follow.ts';
import { listCommentsEndpoint } from './social/list-comments.ts';
import { listFollowersEndpoint, listFollowingEndpoint } from './social/list-follows.ts';
import { hideCommentEndpoint, showCommentEndpoint } from './social/moderate-comment.ts';
import { postCommentEndpoint } from './social/post-comment.ts';
import { reportCommentEndpoint } from './social/report-comment.ts';
import { watchMarketEndpoint } from './stream/watch-market.ts';
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
  createMarketEndpoint,
  listMarketsEndpoint,
  getMarketEndpoint,
  getMarketTimelineEndpoint,
  suspendMarketEndpoint,
  reopenMarketEndpoint,
  cancelMarketEndpoint,
  proposeResolutionEndpoint,
  challengeMarketEndpoint,
  decideChallengeEndpoint,
  placeForecastEndpoint,
  listForecastsEndpoint,
  getMarketHistoryEndpoint,
  watchMarketEndpoint,
  listActivitiesEndpoint,
  leaderboardEndpoint,
  listBadgesEndpoint,
  getProfileEndpoint,
  listHistoryEndpoint,
  listMarketQueueEndpoint,
  beginPurchaseEndpoint,
  listPurchasesEndpoint,
  getPurchaseEndpoint,
  getPurchaseTimelineEndpoint,
  getWalletEndpoint,
  listWalletEntriesEndpoint,
  followEndpoint,
  unfollowEndpoint,
  listFollowersEndpoint,
  listFollowingEndpoint,
  listCommentsEndpoint,
  postCommentEndpoint,
  deleteCommentEndpoint,
  reportCommentEndpoint,
  hideCommentEndpoint,
  showCommentEndpoint,
  listModeratedCommentsEndpoint,
  getReferralEndpoint,
  listFraudFlagsEndpoint,
  getFraudFlagEndpoint,
  decideFraudFlagEndpoint,
  stripeWebhookEndpoint,
  paymongoWebhookEndpoint,
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
