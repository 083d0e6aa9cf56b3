/** What a party or a reviewer can do about disputes, over HTTP. */

import type { DisputePhase } from '../../domain/disputes/dispute.ts';
import { bodyOf } from './request.ts';
import { getFrom, postTo, type Requester } from './requester.ts';
import type {
  Complaint,
  Dispute,
  DisputeTimeline,
  Evidence,
  EvidenceFile,
  EvidenceList,
  NewVerdict,
  Page,
  Proposal,
} from './resources.ts';
import { type Patience, waitFor } from './wait-for.ts';

type Answer = { dispute: Dispute };

/** Every method throws UnexpectedReply unless the answer is a success; each change is a request of its own. */
export class DisputeClient {
  private readonly requester: Requester;

  constructor(requester: Requester) {
    this.requester = requester;
  }

  /** As the buyer of a vendor order; the same key again is the same dispute. */
  async open(vendorOrderId: string, complaint: Complaint, idempotencyKey?: string): Promise<Dispute> {
    const path = `/vendor-orders/${vendorOrderId}/disputes`;
    return (await postTo<Answer>(this.requester, path, complaint, idempotencyKey)).dispute;
  }

  get(id: string): Promise<Dispute> {
    return getFrom(this.requester, `/disputes/${id}`);
  }

  timeline(id: string): Promise<DisputeTimeline> {
    return getFrom(this.requester, `/disputes/${id}/timeline?limit=100`);
  }

  /** Those I am a party of. */
  mine(query: Record<string, string> = {}): Promise<Page<Dispute>> {
    return getFrom(this.requester, `/disputes?${new URLSearchParams(query)}`);
  }

  respond(id: string, text: string): Promise<Dispute> {
    return this.change(id, 'respond', { text });
  }

  withdraw(id: string): Promise<Dispute> {
    return this.change(id, 'withdraw');
  }

  async say(id: string, body: string): Promise<void> {
    await postTo(this.requester, `/disputes/${id}/messages`, { body });
  }

  async addEvidence(id: string, { name, mediaType, content }: EvidenceFile): Promise<Evidence> {
    const path = `/disputes/${id}/evidence`;
    const rawBody = new FormData();
    rawBody.append('file', new File([content], name, { type: mediaType }));
    const reply = await this.requester.request<{ evidence: Evidence }>('POST', path, { rawBody });
    return bodyOf(`POST ${path}`, reply).evidence;
  }

  evidence(id: string): Promise<EvidenceList> {
    return getFrom(this.requester, `/disputes/${id}/evidence`);
  }

  offer(id: string, proposal: Proposal): Promise<Dispute> {
    return this.change(id, 'offers', proposal);
  }

  acceptOffer(id: string, offerId: string): Promise<Dispute> {
    return this.change(id, `offers/${offerId}/accept`);
  }

  declineOffer(id: string, offerId: string): Promise<Dispute> {
    return this.change(id, `offers/${offerId}/decline`);
  }

  appeal(id: string, reason: string): Promise<Dispute> {
    return this.change(id, 'appeal', { reason });
  }

  shipReplacement(id: string): Promise<Dispute> {
    const parcel = { carrier: 'DHL', trackingNumber: `JD${id.slice(-12).toUpperCase()}` };
    return this.change(id, 'ship-replacement', parcel);
  }

  sendReturn(id: string): Promise<Dispute> {
    return this.change(id, 'send-return');
  }

  confirmReturn(id: string): Promise<Dispute> {
    return this.change(id, 'confirm-return');
  }

  /** What waits for a reviewer, the nearest deadline first. */
  queue(query: Record<string, string> = {}): Promise<Page<Dispute>> {
    return getFrom(this.requester, `/admin/disputes?${new URLSearchParams(query)}`);
  }

  async claim(id: string): Promise<Dispute> {
    return (await postTo<Answer>(this.requester, `/admin/disputes/${id}/claim`)).dispute;
  }

  /** The verdict, or after an appeal the review of it. */
  async decide(id: string, verdict: NewVerdict): Promise<Dispute> {
    return (await postTo<Answer>(this.requester, `/admin/disputes/${id}/verdict`, verdict)).dispute;
  }

  waitFor(id: string, phase: DisputePhase, patience?: Patience): Promise<Dispute> {
    return waitFor(
      `dispute ${id} is ${phase}`,
      () => this.get(id),
      (dispute) => dispute.phase === phase,
      patience,
    );
  }

  /** Until the bank has taken the matter up. */
  waitUntilWithBank(id: string): Promise<Dispute> {
    return waitFor(
      `dispute ${id} is with the bank`,
      () => this.get(id),
      ({ withBank }) => withBank,
    );
  }

  private async change(id: string, what: string, body?: unknown): Promise<Dispute> {
    return (await postTo<Answer>(this.requester, `/disputes/${id}/${what}`, body)).dispute;
  }
}
