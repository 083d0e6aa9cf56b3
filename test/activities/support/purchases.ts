/** Purchases of chips in tests: begun for buyers of their own, paid at the simulator, and what became of them. */

import type { MikroORM } from '@mikro-orm/postgresql';
import { FraudFlag } from '../../../db/entities/fraud-flag.entity.ts';
import { LedgerJournal } from '../../../db/entities/ledger-journal.entity.ts';
import { Purchase } from '../../../db/entities/purchase.entity.ts';
import { UserAccount } from '../../../db/entities/user-account.entity.ts';
import { balanceOf } from '../../../db/ledger/balances.ts';
import { postJournals } from '../../../db/ledger/post.ts';
import { newId } from '../../../db/new-id.ts';
import { chipsWalletAccount } from '../../../domain/accounts.ts';
import type { PurchaseId, UserId } from '../../../domain/ids.ts';
import { journal } from '../../../domain/postings.ts';
import type { PurchaseInput } from '../../../workflows/purchase/contract.ts';
import { type Marketplace, payByCard } from './shop.ts';

/** Somebody who has bought nothing yet. */
export async function newBuyer({ orm }: { orm: MikroORM }): Promise<UserId> {
  const id = newId('user');
  const facts = { email: `${id}@holdfast.test`, passwordHash: 'x', displayName: 'Chip Buyer' };
  await orm.em.fork().insert(UserAccount, { id, ...facts, accountType: 'individual' });
  return id;
}

export function purchaseOf(userId: UserId, changes: Partial<PurchaseInput> = {}): PurchaseInput {
  return {
    purchaseId: newId('purchase'),
    userId,
    channel: 'pilimarket',
    chips: 100,
    provider: 'stripe',
    requestHash: 'hash',
    requestId: 'req_test',
    ...changes,
  };
}

export function rowOf({ orm }: { orm: MikroORM }, id: PurchaseId): Promise<Purchase> {
  return orm.em.fork().findOneOrFail(Purchase, { id });
}

/** Begun, with its payment made at the simulator. */
export async function payable(market: Marketplace, input: PurchaseInput): Promise<Purchase> {
  await market.records.beginPurchase(input);
  await market.atProvider.createPurchasePayment({ purchaseId: input.purchaseId });
  return rowOf(market, input.purchaseId);
}

/** The buyer's card pays, as in the browser; the answer is what the workflow would be told. */
export async function payPurchase(market: Marketplace, { paymentId, ...purchase }: Purchase, card?: string) {
  const { providerObjectId = null, clientSecret = null } = purchase;
  const { amountMinor, chargeId } = await payByCard(market, { id: paymentId, providerObjectId, clientSecret }, card);
  return { paymentId, amountMinor, chargeId };
}

/** Bought and paid by somebody of their own, and stored as completed. */
export async function bought(market: Marketplace, chips = 100): Promise<Purchase> {
  const input = purchaseOf(await newBuyer(market), { chips });
  const arrival = await payPurchase(market, await payable(market, input));
  const { purchaseId } = input;
  await market.records.completePurchase({ purchaseId, arrival });
  return rowOf(market, purchaseId);
}

/** Chips that are in the wallet. */
export function chipsOf({ orm }: { orm: MikroORM }, userId: UserId): Promise<number> {
  return balanceOf(orm.em.fork(), chipsWalletAccount(userId), 'CHIP');
}

/** So many chips are staked and lost, as far as the wallet can tell. */
export async function lose({ orm }: { orm: MikroORM }, userId: UserId, chips: number): Promise<void> {
  const lost = journal({ key: `test/${newId('forecast')}`, kind: 'forecasts_placed' }, 'CHIP', [
    [chipsWalletAccount(userId), -chips],
    [chipsWalletAccount(newId('user')), chips],
  ]);
  await postJournals(orm.em.fork(), [lost]);
}

/** The keys of a purchase's journals, without its id, in order. */
export async function journalsOf({ orm }: { orm: MikroORM }, id: PurchaseId): Promise<string[]> {
  const prefix = `purchase/${id}:`;
  const journals = await orm.em
    .fork()
    .find(LedgerJournal, { key: { $like: `${prefix}%` } }, { orderBy: { id: 'asc' } });
  return journals.map(({ key }) => key.slice(prefix.length));
}

export function flagsOf({ orm }: { orm: MikroORM }, userId: UserId): Promise<FraudFlag[]> {
  return orm.em.fork().find(FraudFlag, { userId, rule: 'unrecovered_chips' });
}
