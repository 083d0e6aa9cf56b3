/** The demo's judgement: a journey passes only with exactly the expected ledger. */

import { describe, expect, it } from '@jest/globals';
import type { Journey } from '../../../dev/demo/journey.ts';
import { TWO_VENDORS } from '../../../dev/demo/orders/two-vendors.ts';
import { playJourneys } from '../../../dev/demo/play.ts';
import { type E2eStack, onlyPart } from '../support/e2e-stack.ts';

/** The tests, on a running stack. */
export function describeDemo(running: () => E2eStack): void {
  const play = (journey: Journey) => {
    const { stack, orm } = running();
    const { api, simulator, paymongo } = stack.urls;
    const setting = { api, simulator: simulator ?? '', paymongo: paymongo ?? '', em: orm.em };
    return playJourneys([journey], setting, () => undefined);
  };

  describe('the demo', () => {
    it('passes a journey with the expected journals', async () => {
      expect(await play(TWO_VENDORS)).toEqual([expect.objectContaining({ failure: null, journals: 3 })]);
    });

    it('fails a journey whose ledger is one cent off', async () => {
      const held = await running().paidOrder(await running().offer());
      const hold = `hold:${onlyPart(held).vendorId}`;
      const offByOne: Journey = {
        name: 'off-by-one',
        title: 'One cent off',
        play: (stage) =>
          stage.expectJournals(held.order, [
            { kind: 'payment_captured', lines: { 'world:stripe': -5_999, [hold]: 5_999 } },
          ]),
      };
      const [outcome] = await play(offByOne);
      expect(outcome?.failure).toMatch(/^the journals of ord_.+ should be:\n.*59\.99/);
      expect(outcome?.journals).toBe(0);
    });
  });
}
