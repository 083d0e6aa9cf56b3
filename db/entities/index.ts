/** Every entity, one per table: the object mapper is given this list and searches for nothing. */

import { Activity } from './activity.entity.ts';
import { AuthenticityCase } from './authenticity-case.entity.ts';
import { BadgeAward } from './badge-award.entity.ts';
import { Channel } from './channel.entity.ts';
import { Chargeback } from './chargeback.entity.ts';
import { ChargebackShare } from './chargeback-share.entity.ts';
import { ClawBack } from './claw-back.entity.ts';
import { CommentReport } from './comment-report.entity.ts';
import { CustodyScan } from './custody-scan.entity.ts';
import { Dispute } from './dispute.entity.ts';
import { DisputeEvidence } from './dispute-evidence.entity.ts';
import { DisputeLine } from './dispute-line.entity.ts';
import { DisputeMessage } from './dispute-message.entity.ts';
import { DisputeSeal } from './dispute-seal.entity.ts';
import { DomainEvent } from './domain-event.entity.ts';
import { Escrow } from './escrow.entity.ts';
import { Follow } from './follow.entity.ts';
import { Forecast } from './forecast.entity.ts';
import { Forecaster } from './forecaster.entity.ts';
import { ForecasterCalibration } from './forecaster-calibration.entity.ts';
import { FraudDecision } from './fraud-decision.entity.ts';
import { FraudFlag } from './fraud-flag.entity.ts';
import { IdempotencyKey } from './idempotency-key.entity.ts';
import { LeaderboardEntry } from './leaderboard-entry.entity.ts';
import { LedgerAccount } from './ledger-account.entity.ts';
import { LedgerBalance } from './ledger-balance.entity.ts';
import { LedgerJournal } from './ledger-journal.entity.ts';
import { LedgerPosting } from './ledger-posting.entity.ts';
import { LedgerRollup } from './ledger-rollup.entity.ts';
import { Listing } from './listing.entity.ts';
import { Market } from './market.entity.ts';
import { MarketComment } from './market-comment.entity.ts';
import { MarketHistory } from './market-history.entity.ts';
import { MarketOutcome } from './market-outcome.entity.ts';
import { MarketResolution } from './market-resolution.entity.ts';
import { Order } from './order.entity.ts';
import { OrderItem } from './order-item.entity.ts';
import { Payment } from './payment.entity.ts';
import { Product } from './product.entity.ts';
import { ProviderRequest } from './provider-request.entity.ts';
import { Purchase } from './purchase.entity.ts';
import { PurchaseEvent } from './purchase-event.entity.ts';
import { Referral } from './referral.entity.ts';
import { ReferralCode } from './referral-code.entity.ts';
import { RefreshToken } from './refresh-token.entity.ts';
import { SellerAccount } from './seller-account.entity.ts';
import { Shop } from './shop.entity.ts';
import { Signal } from './signal.entity.ts';
import { UserAccount } from './user-account.entity.ts';
import { VendorOrder } from './vendor-order.entity.ts';
import { WebhookInbox } from './webhook-inbox.entity.ts';

export const ENTITIES = [
  Channel,
  UserAccount,
  RefreshToken,
  SellerAccount,
  Shop,
  Product,
  Listing,
  Order,
  VendorOrder,
  OrderItem,
  Escrow,
  Dispute,
  DisputeLine,
  DisputeMessage,
  DisputeEvidence,
  DisputeSeal,
  AuthenticityCase,
  CustodyScan,
  Payment,
  Chargeback,
  ChargebackShare,
  ClawBack,
  Market,
  MarketOutcome,
  MarketHistory,
  Forecast,
  MarketResolution,
  Activity,
  Forecaster,
  ForecasterCalibration,
  BadgeAward,
  LeaderboardEntry,
  Signal,
  FraudFlag,
  FraudDecision,
  Follow,
  MarketComment,
  CommentReport,
  ReferralCode,
  Referral,
  Purchase,
  PurchaseEvent,
  ProviderRequest,
  DomainEvent,
  WebhookInbox,
  IdempotencyKey,
  LedgerAccount,
  LedgerJournal,
  LedgerPosting,
  LedgerBalance,
  LedgerRollup,
] as const;
