/** A bank takes money back that the seller has long since spent: owed, paid by a later sale, and the rest given up. */

import { handOver, onlyPart, order, paidOut, pay, secretOf } from '../acts.ts';
import type { ExpectedJournal } from '../books.ts';
import type { Journey } from '../journey.ts';
import type { Person, Stage } from '../stage.ts';
import { admin } from './acts.ts';

const USD = (amountMinor: number) => ({ amountMinor, currency: 'USD' }) as const;

const CHARGED_BACK: readonly ExpectedJournal[] = [
  { kind: 'payment_authorised', lines: { 'world:stripe_authorised': -6_000, 'hold:Sergio': 6_000 } },
  { kind: 'authorisation_captured', lines: { 'world:stripe': -6_000, 'world:stripe_authorised': 6_000 } },
  { kind: 'hold_released', lines: { 'hold:Sergio': -6_000, 'wallet:Sergio': 6_000 } },
  { kind: 'payout_started', lines: { 'wallet:Sergio': -6_000, 'payout:Sergio': 6_000 } },
  { kind: 'payout_paid', lines: { 'payout:Sergio': -6_000, 'world:stripe': 6_000 } },
  { kind: 'chargeback_fee', lines: { 'expense:psp_fees': -1_500, 'world:stripe': 1_500 } },
  { kind: 'clawed_back', lines: { 'receivable:Sergio': -6_000, 'world:stripe': 6_000 } },
  { kind: 'receivable_written_off', lines: { 'loss:chargebacks': -1_500, 'receivable:Sergio': 1_500 } },
];

const LATER_SALE: readonly ExpectedJournal[] = [
  { kind: 'payment_authorised', lines: { 'world:stripe_authorised': -4_500, 'hold:Sergio': 4_500 } },
  { kind: 'authorisation_captured', lines: { 'world:stripe': -4_500, 'world:stripe_authorised': 4_500 } },
  { kind: 'hold_released', lines: { 'hold:Sergio': -4_500, 'wallet:Sergio': 4_500 } },
  { kind: 'receivable_settled', lines: { 'wallet:Sergio': -4_500, 'receivable:Sergio': 4_500 } },
];

export const CHARGEBACK: Journey = {
  name: 'chargeback',
  title: 'A chargeback after the payout, and the seller has nothing left',
  async play(stage) {
    // No other journey has this seller: what is owed here is paid by whatever they sell next.
    const sergio = await stage.demoAccount('Sergio', 'seller2@holdfast.test');
    const bea = await stage.newcomer('Bea');
    const ada = await admin(stage);
    const radio = await stage.offer(sergio, { title: 'Radio', price: USD(6_000), channel: 'pi-market' });
    const clock = await stage.offer(sergio, { title: 'Clock', price: USD(4_500), channel: 'pi-market' });

    const placed = await order(stage, bea, [radio]);
    await pay(stage, bea, placed);
    await handOver(stage, sergio, bea, onlyPart(placed));
    await paidOut(sergio, onlyPart(placed));
    await stage.simulator.emptyConnectedAccount('acct_sim_seller2');
    stage.tell('The 60.00 are paid out; Sergio draws them from his account at Stripe.');

    const { id } = await stage.simulator.openDispute(secretOf(placed), { reason: 'fraudulent' });
    await ada.client.chargebacks.waitUntilKnown(id);
    stage.tell('Bea’s bank takes the 60.00 back; Stripe charges 15.00 for it.');
    await defend(stage, ada, id);
    await stage.simulator.closeDispute(id, 'lost');
    const { shares } = await ada.client.chargebacks.waitUntilSettled(id);
    stage.expect(
      'the claw-back',
      shares.map(({ clawBack }) => [clawBack?.reversed, clawBack?.fromWallet, clawBack?.owed]),
      [[USD(0), USD(0), USD(6_000)]],
    );
    stage.expect('what Sergio sees', (await sergio.client.wallet()).receivables, [{ amount: USD(6_000) }]);
    stage.tell('The bank decides for Bea. The transfer cannot be reversed, the wallet is empty: Sergio owes 60.00.');

    const later = await order(stage, bea, [clock]);
    await pay(stage, bea, later);
    await handOver(stage, sergio, bea, onlyPart(later));
    await paidOut(sergio, onlyPart(later));
    stage.expect('transfers of the later sale', await stage.simulator.transfersOf(later.order.id), []);
    stage.tell('His next sale pays 45.00 of it; nothing is paid out.');
    const { owed } = await ada.client.chargebacks.writeOff(sergio.id, USD(1_500), 'The shop has closed.');
    stage.expect('what is still owed', owed, USD(0));
    stage.expect('what Sergio sees', (await sergio.client.wallet()).receivables, []);
    stage.tell('Ada writes the other 15.00 off: “The shop has closed.”');
    await stage.expectJournals(placed.order, CHARGED_BACK);
    await stage.expectJournals(later.order, LATER_SALE);
  },
};

/** The bank is told what was recorded about the deal. */
async function defend(stage: Stage, admins: Person, id: string): Promise<void> {
  const document = await admins.client.chargebacks.evidenceDocument(id);
  stage.expect('the document', document.slice(0, 5), '%PDF-');
  const { evidence } = await admins.client.chargebacks.submitEvidence(id);
  stage.expect('the evidence is sent', evidence.sentAt !== null, true);
  const { status } = await stage.simulator.dispute(id);
  stage.expect('the bank has it', status, 'under_review');
  stage.tell('Ada sends the bank the evidence: timeline, parcel, terms of the deal.');
}
