/** A client of the HTTP API, as one person uses it: behind the demo, the benches, the crash tests and the walks in e2e. */

import { randomUUID } from 'node:crypto';
import type { EscrowStatus } from '../../domain/escrow.ts';
import type { OrderStatus } from '../../domain/order.ts';
import { AuthenticityClient } from './authenticity-client.ts';
import { ChargebackClient } from './chargeback-client.ts';
import { DisputeClient } from './dispute-client.ts';
import { MarketClient } from './market-client.ts';
import { type Reply, type RequestDetails, send } from './request.ts';
import { getFrom, postTo } from './requester.ts';
import type {
  DigitalGoods,
  Escrow,
  NewOrder,
  NewProduct,
  Order,
  Page,
  PaymentChoice,
  PlacedOrder,
  Product,
  Session,
  Shop,
  Timeline,
  User,
  VendorOrder,
  Wallet,
} from './resources.ts';
import { type Patience, waitFor } from './wait-for.ts';

/** Of every demo account. */
const DEMO_PASSWORD = 'holdfast-demo-1';

const HOME_ADDRESS = {
  name: 'Bea Buyer',
  line1: '1 Main Street',
  city: 'Springfield',
  postalCode: '12345',
  country: 'US',
};

export type ClientOptions = {
  /** Of the API's root, without `/api/v1`. */
  api: string;
  accessToken?: string;
  /** Of each request; default 30 s. */
  timeoutMs?: number;
  /** Repeats a change, with the same key, for as long as nobody knows its outcome. Default: the caller does that. */
  careful?: boolean;
};

/**
 * Speaks for whoever the access token belongs to; without one, for a visitor. Every method but `request` throws
 * UnexpectedReply unless the answer is a success (a 202 is none: the outcome is not known). Changes to orders and
 * vendor orders take an Idempotency-Key; without one each call is a request of its own.
 */
export class HoldfastClient {
  readonly disputes: DisputeClient;
  readonly authenticity: AuthenticityClient;
  readonly chargebacks: ChargebackClient;
  readonly markets: MarketClient;
  readonly careful: boolean;
  private readonly options: ClientOptions;

  constructor(options: ClientOptions) {
    this.options = options;
    this.careful = options.careful ?? false;
    this.disputes = new DisputeClient(this);
    this.authenticity = new AuthenticityClient(this);
    this.chargebacks = new ChargebackClient(this);
    this.markets = new MarketClient(this);
  }

  /** Any request under `/api/v1`, answered whatever the status. */
  request<T = unknown>(method: string, path: string, details: RequestDetails = {}): Promise<Reply<T>> {
    const { api, accessToken, timeoutMs } = this.options;
    const { idempotencyKey, headers, ...rest } = details;
    return send<T>(method, `${api}/api/v1${path}`, {
      timeoutMs,
      ...rest,
      headers: {
        ...(accessToken === undefined ? {} : { authorization: `Bearer ${accessToken}` }),
        ...(idempotencyKey === undefined ? {} : { 'idempotency-key': idempotencyKey }),
        ...headers,
      },
    });
  }

  /** The same client for the user of a session. */
  as({ accessToken }: Pick<Session, 'accessToken'>): HoldfastClient {
    return new HoldfastClient({ ...this.options, accessToken });
  }

  /** A client for an account that exists; the password is the demo accounts' unless another is given. */
  async logIn(email: string, password = DEMO_PASSWORD): Promise<HoldfastClient> {
    return this.as(await this.post<Session>('/auth/login', { email, password }));
  }

  /** A client for a new account; the e-mail address is made up unless one is given. */
  async register(displayName: string, email = `${randomUUID()}@example.com`): Promise<HoldfastClient> {
    return this.as(await this.post<Session>('/auth/register', { email, password: DEMO_PASSWORD, displayName }));
  }

  me(): Promise<User> {
    return this.get('/me');
  }

  openShop(name: string, channel = 'multi-vendor'): Promise<Shop> {
    return this.post('/shops', { name, channel });
  }

  listProduct(product: NewProduct): Promise<Product> {
    return this.post('/products', { kind: 'physical', description: '', ...product });
  }

  product(id: string): Promise<Product> {
    return this.get(`/products/${id}`);
  }

  products(query: Record<string, string> = {}): Promise<Page<Product>> {
    return this.get(`/products?${new URLSearchParams(query)}`);
  }

  /** Places an order; the same key again is the same order. */
  placeOrder(order: NewOrder, idempotencyKey: string = randomUUID()): Promise<PlacedOrder> {
    return this.post('/orders', orderBody(order), idempotencyKey);
  }

  order(id: string): Promise<Order> {
    return this.get(`/orders/${id}`);
  }

  timeline(orderId: string): Promise<Timeline> {
    return this.get(`/orders/${orderId}/timeline?limit=100`);
  }

  cancelOrder(id: string, reason: string, idempotencyKey?: string): Promise<Order> {
    return this.post(`/orders/${id}/cancel`, { reason }, idempotencyKey);
  }

  /** Another attempt to pay. */
  payAgain(
    orderId: string,
    choice: PaymentChoice = { provider: 'stripe' },
    idempotencyKey?: string,
  ): Promise<PlacedOrder> {
    return this.post(`/orders/${orderId}/payments`, choice, idempotencyKey);
  }

  vendorOrders(query: Record<string, string> = {}): Promise<Page<VendorOrder>> {
    return this.get(`/vendor-orders?${new URLSearchParams(query)}`);
  }

  vendorOrder(id: string): Promise<VendorOrder> {
    return this.get(`/vendor-orders/${id}`);
  }

  process(vendorOrderId: string, idempotencyKey?: string): Promise<VendorOrder> {
    return this.post(`/vendor-orders/${vendorOrderId}/process`, {}, idempotencyKey);
  }

  ship(vendorOrderId: string, idempotencyKey?: string): Promise<VendorOrder> {
    const parcel = { carrier: 'DHL', trackingNumber: `JD${vendorOrderId.slice(-12).toUpperCase()}` };
    return this.post(`/vendor-orders/${vendorOrderId}/ship`, parcel, idempotencyKey);
  }

  deliver(vendorOrderId: string, idempotencyKey?: string): Promise<VendorOrder> {
    return this.post(`/vendor-orders/${vendorOrderId}/deliver`, {}, idempotencyKey);
  }

  confirmDelivery(vendorOrderId: string, idempotencyKey?: string): Promise<VendorOrder> {
    return this.post(`/vendor-orders/${vendorOrderId}/confirm-delivery`, {}, idempotencyKey);
  }

  cancelVendorOrder(vendorOrderId: string, reason: string, idempotencyKey?: string): Promise<VendorOrder> {
    return this.post(`/vendor-orders/${vendorOrderId}/cancel`, { reason }, idempotencyKey);
  }

  openGoods(vendorOrderId: string): Promise<DigitalGoods> {
    return this.post(`/vendor-orders/${vendorOrderId}/access`, {});
  }

  escrow(id: string): Promise<Escrow> {
    return this.get(`/escrows/${id}`);
  }

  wallet(): Promise<Wallet> {
    return this.get('/wallet');
  }

  waitForOrder(id: string, status: OrderStatus, patience?: Patience): Promise<Order> {
    return waitFor(
      `order ${id} is ${status}`,
      () => this.order(id),
      (order) => order.status === status,
      patience,
    );
  }

  waitForEscrow(id: string, status: EscrowStatus, patience?: Patience): Promise<Escrow> {
    return waitFor(
      `escrow ${id} is ${status}`,
      () => this.escrow(id),
      (escrow) => escrow.status === status,
      patience,
    );
  }

  private get<T>(path: string): Promise<T> {
    return getFrom<T>(this, path);
  }

  private post<T>(path: string, body: unknown, idempotencyKey?: string): Promise<T> {
    return postTo<T>(this, path, body, idempotencyKey);
  }
}

/** The body of `POST /orders`, for those who send it themselves. */
export function orderBody({ lines, payment = { provider: 'stripe' }, shippingAddress = HOME_ADDRESS }: NewOrder) {
  return { lines, payment, ...(shippingAddress === null ? {} : { shippingAddress }) };
}
