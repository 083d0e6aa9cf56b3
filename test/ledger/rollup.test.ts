import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { auditLedger } from '../../db/ledger/audit.ts';
import { balanceOf } from '../../db/ledger/balances.ts';
import { postJournals } from '../../db/ledger/post.ts';
import { deposit, type LedgerFixture, newWallet, openLedger, transfer } from './ledger-fixture.ts';

let ledger: LedgerFixture;
beforeAll(async () => {
  ledger = await openLedger();
});
afterAll(() => ledger.close());

const world = (currency: 'USD' | 'EUR' = 'USD') => balanceOf(ledger.orm.em.fork(), 'world:stripe', currency);
const rollUp = () => ledger.orm.em.fork().execute('select ledger_roll_up()');

it('the balance of an account that every order touches is the same before and after a rollup', async () => {
  const em = ledger.orm.em.fork();
  await postJournals(em, [deposit(newWallet(), 300), deposit(newWallet(), 200), deposit(newWallet(), 9, 'EUR')]);
  expect([await world(), await world('EUR')]).toEqual([-500, -9]);
  await rollUp();
  expect([await world(), await world('EUR')]).toEqual([-500, -9]);
  await postJournals(em, [deposit(newWallet(), 50)]);
  expect(await world()).toBe(-550);
  await rollUp();
  await rollUp();
  expect(await world()).toBe(-550);
});

it('a journal that was being posted while the rollup ran still counts, once', async () => {
  const before = await world();
  const slow = ledger.orm.em.fork();
  await slow.begin();
  await postJournals(slow, [deposit(newWallet(), 70)]);
  const wallet = newWallet();
  await postJournals(ledger.orm.em.fork(), [deposit(wallet, 5), transfer(wallet, 'revenue:commission', 5)]);
  await rollUp();
  expect(await world()).toBe(before - 5);
  await slow.commit();
  expect(await world()).toBe(before - 75);
  await rollUp();
  expect(await world()).toBe(before - 75);
  expect((await auditLedger(ledger.orm.em)).clean).toBe(true);
});
