/** What happens between seller and buyer at a verifier, over HTTP. */

import type { MismatchChoice } from '../../domain/authenticity/case.ts';
import { getFrom, postTo, type Requester } from './requester.ts';
import type { Authenticity, NewInspection, Page } from './resources.ts';

type Answer = { authenticity: Authenticity };

/** Every method throws UnexpectedReply unless the answer is a success; each change is a request of its own. */
export class AuthenticityClient {
  private readonly requester: Requester;

  constructor(requester: Requester) {
    this.requester = requester;
  }

  /** As a party of the order. */
  ofVendorOrder(vendorOrderId: string): Promise<Authenticity> {
    return getFrom(this.requester, `/vendor-orders/${vendorOrderId}/authenticity`);
  }

  /** What I am to verify; an admin sees everybody's. */
  queue(query: Record<string, string> = {}): Promise<Page<Authenticity>> {
    return getFrom(this.requester, `/authenticity?${new URLSearchParams(query)}`);
  }

  /** As an admin. */
  assign(escrowId: string, verifierId: string): Promise<Authenticity> {
    return this.change(`/admin/authenticity/${escrowId}/assign`, { verifierId });
  }

  receive(escrowId: string, location: string): Promise<Authenticity> {
    return this.change(`/authenticity/${escrowId}/receive`, { location });
  }

  inspect(escrowId: string, inspection: NewInspection): Promise<Authenticity> {
    return this.change(`/authenticity/${escrowId}/inspect`, inspection);
  }

  forward(escrowId: string): Promise<Authenticity> {
    const parcel = { carrier: 'DHL', trackingNumber: `JD${escrowId.slice(-12).toUpperCase()}` };
    return this.change(`/authenticity/${escrowId}/forward`, parcel);
  }

  /** As the buyer of goods that are not as described. */
  choose(vendorOrderId: string, choice: MismatchChoice): Promise<Authenticity> {
    return this.change(`/vendor-orders/${vendorOrderId}/mismatch`, { choice });
  }

  private async change(path: string, body: unknown): Promise<Authenticity> {
    return (await postTo<Answer>(this.requester, path, body)).authenticity;
  }
}
