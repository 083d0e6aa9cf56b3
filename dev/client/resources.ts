/** The API's resources as its clients see them: the types of the API's own schemas. */

import type { z } from 'zod';
import type { AuthenticitySchema } from '../../api/resources/authenticity.ts';
import type { ChargebackSchema } from '../../api/resources/chargeback.ts';
import type { DisputeSchema } from '../../api/resources/dispute.ts';
import type { EvidenceListSchema, EvidenceSchema } from '../../api/resources/dispute-file.ts';
import type { EscrowSchema } from '../../api/resources/escrow.ts';
import type { ForecastSchema } from '../../api/resources/forecast.ts';
import type { MarketSchema } from '../../api/resources/market.ts';
import type { MarketTimelineSchema } from '../../api/resources/market-timeline.ts';
import type { OrderWithPaymentSchema, PlacedOrderSchema } from '../../api/resources/order.ts';
import type { ProductSchema } from '../../api/resources/product.ts';
import type { BegunPurchaseSchema } from '../../api/resources/purchase.ts';
import type { QueuedMarketSchema } from '../../api/resources/queued-market.ts';
import type { ShopSchema } from '../../api/resources/shop.ts';
import type { DisputeTimelineSchema, TimelineSchema } from '../../api/resources/timeline.ts';
import type { SessionSchema, UserSchema } from '../../api/resources/user.ts';
import type { VendorOrderSchema } from '../../api/resources/vendor-order.ts';
import type { Condition, Finding } from '../../domain/authenticity/case.ts';
import type { DisputeReason } from '../../domain/disputes/dispute.ts';
import type { ListingId } from '../../domain/ids.ts';
import type { MarketCategory } from '../../domain/markets/market.ts';
import type { Money } from '../../domain/money.ts';
import type { DisputeOutcome, PaymentProviderName } from '../../domain/policy/policy.ts';

export type User = z.infer<typeof UserSchema>;
export type Session = z.infer<typeof SessionSchema>;
export type Shop = z.infer<typeof ShopSchema>;
export type Product = z.infer<typeof ProductSchema>;
export type Order = z.infer<typeof OrderWithPaymentSchema>;
/** What placing an order, or paying it again, answers. */
export type PlacedOrder = z.infer<typeof PlacedOrderSchema>;
export type VendorOrder = z.infer<typeof VendorOrderSchema>;
export type Escrow = z.infer<typeof EscrowSchema>;
export type Timeline = z.infer<typeof TimelineSchema>;
export type Dispute = z.infer<typeof DisputeSchema>;
export type DisputeTimeline = z.infer<typeof DisputeTimelineSchema>;
export type Evidence = z.infer<typeof EvidenceSchema>;
/** Every file of a dispute, and the seals of its phases that have ended. */
export type EvidenceList = z.infer<typeof EvidenceListSchema>;
/** A verifier's part of an order. */
export type Authenticity = z.infer<typeof AuthenticitySchema>;
export type DigitalGoods = { data: { itemId: string; title: string; content: string | null }[] };
export type Chargeback = z.infer<typeof ChargebackSchema>;
/** What was given up of a seller's debt, and what is left of it. */
export type WriteOff = { sellerId: string; writtenOff: Money; owed: Money; reason: string };
export type Market = z.infer<typeof MarketSchema>;
export type MarketTimeline = z.infer<typeof MarketTimelineSchema>;
export type QueuedMarket = z.infer<typeof QueuedMarketSchema>;
/** A stake of somebody's. `probability`: what its outcome was worth before it, 0 to 1. */
export type PlacedForecast = z.infer<typeof ForecastSchema>;
/** What beginning to buy chips answers. */
export type BegunPurchase = z.infer<typeof BegunPurchaseSchema>;
export type Wallet = { balances: Money[]; receivables: { amount: Money }[] };
export type Page<T> = { data: T[]; pagination: { page: number; limit: number; total: number; pages: number } };

export type NewProduct = {
  shopId: string;
  title: string;
  price: Money;
  stock: number;
  /** Default physical. */
  kind?: 'physical' | 'digital';
  description?: string;
  categorySlug?: string;
  digitalContent?: string;
  /** The goods go to a verifier first. */
  authenticity?: boolean;
};

/** What a buyer contests: all that can be, unless lines are named. */
export type Complaint = {
  reason: Exclude<DisputeReason, 'chargeback'>;
  description: string;
  lines?: readonly { itemId: string; quantity?: number }[];
};

export type Proposal = { buyerMinor: number } | { replacement: true };

export type NewVerdict = { outcome: DisputeOutcome; buyerMinor?: number; returnGoods?: boolean; note: string };

export type NewInspection = { result: Finding; condition?: Condition; note: string; lowerPriceMinor?: number };

export type EvidenceFile = { name: string; mediaType: string; content: string | Uint8Array<ArrayBuffer> };

export type NewMarket = {
  title: string;
  category: MarketCategory;
  outcomes: readonly string[];
  /** RFC 3339. */
  closesAt: string;
  description?: string;
  /** Default pilimarket. */
  channel?: string;
  maxPointsPerUser?: number;
  policy?: { challengeWindowMs?: number; resolveByMs?: number };
  metadata?: Record<string, string | number | boolean | null>;
};

export type NewResolution = { outcomeId: string; evidenceUrls: readonly string[]; note: string };

export type PaymentChoice = { provider: PaymentProviderName; method?: string };

export type NewOrder = {
  lines: { listingId: ListingId; quantity: number }[];
  /** Default: by card through Stripe. */
  payment?: PaymentChoice;
  /** Default: an address in the US without a region; null: none. */
  shippingAddress?: Record<string, string> | null;
};
