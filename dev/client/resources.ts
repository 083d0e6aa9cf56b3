/** The API's resources as its clients see them: the types of the API's own schemas. */

import type { z } from 'zod';
import type { EscrowSchema } from '../../api/resources/escrow.ts';
import type { OrderWithPaymentSchema, PlacedOrderSchema } from '../../api/resources/order.ts';
import type { ProductSchema } from '../../api/resources/product.ts';
import type { ShopSchema } from '../../api/resources/shop.ts';
import type { TimelineSchema } from '../../api/resources/timeline.ts';
import type { SessionSchema, UserSchema } from '../../api/resources/user.ts';
import type { VendorOrderSchema } from '../../api/resources/vendor-order.ts';
import type { ListingId } from '../../domain/ids.ts';
import type { Money } from '../../domain/money.ts';
import type { PaymentProviderName } from '../../domain/policy/policy.ts';

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
export type DigitalGoods = { data: { itemId: string; title: string; content: string | null }[] };
export type Wallet = { balances: Money[] };
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
};

export type PaymentChoice = { provider: PaymentProviderName; method?: string };

export type NewOrder = {
  lines: { listingId: ListingId; quantity: number }[];
  /** Default: by card through Stripe. */
  payment?: PaymentChoice;
  /** Default: an address in the US without a region; null: none. */
  shippingAddress?: Record<string, string> | null;
};
