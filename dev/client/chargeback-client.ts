/** What an admin can do about chargebacks and about what sellers owe for them, over HTTP. */

import { randomUUID } from 'node:crypto';
import type { Money } from '../../domain/money.ts';
import { bodyOf } from './request.ts';
import { getFrom, postTo, type Requester } from './requester.ts';
import type { Chargeback, Page, WriteOff } from './resources.ts';
import { waitFor } from './wait-for.ts';

/** Every method throws UnexpectedReply unless the answer is a success; each change is a request of its own. */
export class ChargebackClient {
  private readonly requester: Requester;

  constructor(requester: Requester) {
    this.requester = requester;
  }

  get(id: string): Promise<Chargeback> {
    return getFrom(this.requester, `/admin/chargebacks/${id}`);
  }

  list(query: Record<string, string> = {}): Promise<Page<Chargeback>> {
    return getFrom(this.requester, `/admin/chargebacks?${new URLSearchParams(query)}`);
  }

  /** What the bank was told, or would be told now. */
  evidence(id: string): Promise<Record<string, unknown>> {
    return getFrom(this.requester, `/admin/chargebacks/${id}/evidence`);
  }

  /** The same as a document: the text of a PDF file. */
  async evidenceDocument(id: string): Promise<string> {
    const path = `/admin/chargebacks/${id}/evidence.pdf`;
    return bodyOf(`GET ${path}`, await this.requester.request<string>('GET', path));
  }

  submitEvidence(id: string): Promise<Chargeback> {
    return postTo(this.requester, `/admin/chargebacks/${id}/submit-evidence`);
  }

  /** A part of what a seller owes is given up. */
  writeOff(sellerId: string, { amountMinor, currency }: Money, reason: string): Promise<WriteOff> {
    const body = { amountMinor, currency, reason };
    return postTo(this.requester, `/admin/sellers/${sellerId}/write-offs`, body, randomUUID());
  }

  /** Until the API knows of what a bank has just begun. */
  async waitUntilKnown(id: string): Promise<Chargeback> {
    const path = `/admin/chargebacks/${id}`;
    const reply = await waitFor(
      `chargeback ${id} is known`,
      () => this.requester.request<Chargeback>('GET', path),
      ({ status }) => status !== 404,
    );
    return bodyOf(`GET ${path}`, reply);
  }

  /** Until everything that follows from the bank's decision is done. */
  waitUntilSettled(id: string): Promise<Chargeback> {
    return waitFor(
      `chargeback ${id} is settled`,
      () => this.get(id),
      ({ settledAt }) => settledAt !== null,
    );
  }
}
