/** Account names: what is built can be read, and nothing else can. */

import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import {
  authorisedAccount,
  holdAccount,
  lateAccount,
  parseAccount,
  payoutAccount,
  receivableAccount,
  SHARED_ACCOUNTS,
  walletAccount,
  worldAccount,
} from '../../domain/accounts.ts';
import { idFromUuid } from '../../domain/ids.ts';
import { PAYMENT_PROVIDERS } from '../../domain/policy/policy.ts';

describe('account names', () => {
  it('of owned accounts say what they are and whose', () => {
    fc.assert(
      fc.property(fc.uuid(), (uuid) => {
        const [user, escrow] = [idFromUuid('user', uuid), idFromUuid('escrow', uuid)];
        const [payment, payout] = [idFromUuid('payment', uuid), idFromUuid('payout', uuid)];
        const market = idFromUuid('market', uuid);
        expect(parseAccount(holdAccount(escrow))).toEqual({ kind: 'hold', ownerId: escrow });
        expect(parseAccount(walletAccount(user))).toEqual({ kind: 'wallet', ownerId: user });
        expect(parseAccount(payoutAccount(payout))).toEqual({ kind: 'payout', ownerId: payout });
        expect(parseAccount(receivableAccount(user))).toEqual({ kind: 'receivable', ownerId: user });
        expect(parseAccount(lateAccount(payment))).toEqual({ kind: 'late', ownerId: payment });
        expect(parseAccount(`chips:wallet:${user}`)).toEqual({ kind: 'chips:wallet', ownerId: user });
        expect(parseAccount(`chips:market:${market}`)).toEqual({ kind: 'chips:market', ownerId: market });
      }),
    );
  });

  it.each(PAYMENT_PROVIDERS)('of the world at %s say whether the money is only authorised', (provider) => {
    expect(parseAccount(worldAccount(provider))).toEqual({ kind: 'world', provider, authorised: false });
    expect(parseAccount(authorisedAccount(provider))).toEqual({ kind: 'world', provider, authorised: true });
  });

  it.each(SHARED_ACCOUNTS)('include the shared account %s', (name) => {
    expect(parseAccount(name)).toEqual({ kind: 'shared', name });
  });

  it.each([
    '',
    'hold',
    'hold:',
    'world:',
    'world:bank',
    'world:stripe_',
    'world:_authorised',
    'revenue:other',
    'hold:usr_00000000000000000000000001',
    'constructor:usr_00000000000000000000000001',
    'wallet:usr_00000000000000000000000001:x',
    ' wallet:usr_00000000000000000000000001',
  ])('do not include "%s"', (name) => {
    expect(parseAccount(name)).toBeNull();
  });
});
